"""One request and its answer on a libcurl handle, without redirects.

It blocks; a thread runs it.
"""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import pycurl

from hikae import __version__
from hikae.transport.exchange import Request, Response, Sink
from hikae.transport.redirect import is_redirect

STATUS_LINE = re.compile(r"HTTP/[\d.]+ (\d{3})")
USER_AGENT = f"Hikae/{__version__}"


@dataclass(slots=True)
class Hop:
    """What happens during one transfer; libcurl calls its methods.

    limit: bytes of body. stopped: asked about every second whether to give up.
    headed: all headers have come. failure: what the sink raised. overflow: the body was larger
    than the limit.
    """

    request: Request
    sink: Sink | None
    limit: int
    stopped: Callable[[], bool]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    headed: bool = False
    body: bytearray = field(default_factory=bytearray)
    received: int = 0
    overflow: bool = False
    failure: BaseException | None = None

    def prepare(self, handle: pycurl.Curl) -> None:
        """Say on `handle` what to send and where the answer goes."""
        handle.setopt(pycurl.URL, self.request.url)
        handle.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS | pycurl.PROTO_HTTP)
        handle.setopt(pycurl.COOKIEFILE, "")
        handle.setopt(pycurl.ACCEPT_ENCODING, "")
        handle.setopt(pycurl.USERAGENT, USER_AGENT)
        handle.setopt(pycurl.HTTPHEADER, header_lines(self.request))
        set_method(handle, self.request)
        handle.setopt(pycurl.HEADERFUNCTION, self.on_header)
        handle.setopt(pycurl.WRITEFUNCTION, self.on_body)
        handle.setopt(pycurl.XFERINFOFUNCTION, self.on_progress)
        handle.setopt(pycurl.NOPROGRESS, 0)

    def on_header(self, line: bytes) -> None:
        """Take a header line; a status line begins a new answer (after 100 or a tunnel's 200)."""
        text = line.decode("latin-1").rstrip("\r\n")
        if status := STATUS_LINE.match(text):
            self.headers.clear()
            self.status, self.headed = int(status[1]), False
            return
        self.headed = self.headed or not text
        name, colon, value = text.partition(":")
        if colon:
            name, value = name.strip().lower(), value.strip()
            known = self.headers.get(name)
            self.headers[name] = value if known is None else f"{known}, {value}"

    def on_body(self, piece: bytes) -> int:
        """Take a piece of the body; fewer bytes than were given end the transfer."""
        self.received += len(piece)
        if self.received > self.limit:
            self.overflow = True
            return 0
        if self.sink is None:
            self.body += piece
        elif not is_redirect(self.status, self.headers.get("location")):
            try:
                self.sink(piece)
            except Exception as failure:  # noqa: BLE001 - cannot pass through libcurl; raised later
                self.failure = failure
                return 0
        return len(piece)

    def on_progress(self, *_totals: int) -> int:
        """Anything but 0 ends the transfer."""
        return int(self.stopped())

    def require_head(self) -> None:
        """Raise pycurl.error where the answer ended among its headers: libcurl takes it for whole.

        Its length may have been one of those that did not come.
        """
        if not self.headed:
            raise pycurl.error(pycurl.E_PARTIAL_FILE, "the answer ended among its headers")

    def response(self) -> Response:
        """Return the answer after the transfer."""
        return Response(
            status=self.status,
            url=self.request.url,
            headers=self.headers,
            body=bytes(self.body),
            date=read_date(self.headers.get("date")),
        )


def set_method(handle: pycurl.Curl, request: Request) -> None:
    """Set method and body; only POST, PUT and PATCH carry one when none is given.

    A body is handed over in a way that cannot be taken back: libcurl sends what it can rewind again
    where a kept connection breaks before the answer, and a bank would count a password twice.
    """
    if request.method == "HEAD":
        handle.setopt(pycurl.NOBODY, 1)
    elif request.body is not None or request.method in ("POST", "PUT", "PATCH"):
        handle.setopt(pycurl.POST, 1)
        body = request.body or b""
        handle.setopt(pycurl.POSTFIELDSIZE_LARGE, len(body))
        handle.setopt(pycurl.READFUNCTION, io.BytesIO(body).read)
        handle.setopt(pycurl.CUSTOMREQUEST, request.method)
    else:
        handle.setopt(pycurl.HTTPGET, 1)
        handle.setopt(pycurl.CUSTOMREQUEST, request.method)


def header_lines(request: Request) -> list[bytes]:
    """Return the header lines to send; raises ValueError where one would break out of its line."""
    # Two that libcurl adds by itself: nobody waits for 100, and a type is the caller's to say.
    lines = [b"Expect:"]
    if "content-type" not in {name.lower() for name in request.headers}:
        lines.append(b"Content-Type:")
    for name, value in request.headers.items():
        line = f"{name}: {value}" if value else f"{name};"
        if set(line) & {"\r", "\n", "\0"}:
            raise ValueError(f"a header with a line break: {name!r}")
        lines.append(line.encode("latin-1"))
    return lines


def read_date(text: str | None) -> datetime | None:
    """Return a Date header (RFC 9110, 5.6.7) in UTC; None when it is missing or unreadable."""
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC)
