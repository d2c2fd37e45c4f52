"""A WebSocket (RFC 6455) over libcurl, through the same proxies and with the same trust.

One thread talks to libcurl and sleeps in `select`; a byte in a socket pair wakes it, so that a
message leaves at once. The asyncio side only hands over and waits.
"""

import asyncio
import contextlib
import select
import socket
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic

import pycurl

from hikae.model.problems import Problem, ProblemCode
from hikae.transport.address import Address, UnusableAddressError, parse
from hikae.transport.errors import (
    AddressRefusedError,
    ClosedError,
    Target,
    TooMuchError,
    TransportError,
    explain,
)
from hikae.transport.exchange import Hosts, Limits, Request
from hikae.transport.frames import Assembly, FrameError
from hikae.transport.handle import failure_of, make_ready
from hikae.transport.hop import USER_AGENT, header_lines
from hikae.transport.proxy import Proxy, UnreadableProxyError, route

SCHEMES = frozenset({"ws", "wss"})
GOODBYE = 2.0
"""Seconds that `close` waits for the thread."""

MOST_WAITING = 1000
"""Messages that may wait to be received, and frames to be sent; who causes more is cut off."""

PIECE = 64 * 1024
REJECTIONS = frozenset({401, 403, 410})


class UpgradeRefusedError(TransportError):
    """The server answered like a web server; `problem.details["status"]` is its status."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A frame to send; `done` is set when libcurl has taken it."""

    flags: int
    payload: bytes
    done: Future[None] = field(default_factory=Future)


async def open_websocket(
    url: str,
    headers: Mapping[str, str],
    proxy: Proxy,
    limits: Limits,
    hosts: Hosts,
    *,
    keepalive: float = 30.0,
) -> "WebSocket":
    """Connect to a `wss:` address of `hosts`; raises TransportError.

    headers: sent with the upgrade, signatures included. limits: `body` bounds a message.
    keepalive: seconds of silence before a ping, and again before the line is given up.
    """
    try:
        address = parse(url, SCHEMES)
        way = route(proxy, address)
    except UnusableAddressError as error:
        raise AddressRefusedError(unreachable("address_unusable")) from error
    except UnreadableProxyError:
        problem = Problem(ProblemCode.PROXY_UNREACHABLE, {"reason": "setting_unreadable"})
        raise TransportError(problem) from None
    if not address.allowed_by(hosts):
        raise AddressRefusedError(unreachable("foreign_host"))
    handle = pycurl.Curl()
    make_ready(handle, hosts, None, way, limits, limits.total)
    handle.setopt(pycurl.HTTPHEADER, header_lines(Request("GET", address.url, headers)))

    def failed(error: pycurl.error) -> TransportError:
        if error.args[0] == pycurl.E_HTTP_RETURNED_ERROR:
            return refused(handle.getinfo(pycurl.RESPONSE_CODE))
        return TransportError(explain(failure_of(handle, error), Target.CLOUD, way, None))

    websocket = WebSocket(handle, address, limits, keepalive, failed)
    await websocket.connected()
    return websocket


class WebSocket:
    """An open WebSocket for text; `open_websocket` is the way in."""

    def __init__(
        self,
        handle: pycurl.Curl,
        address: Address,
        limits: Limits,
        keepalive: float,
        failed: Callable[[pycurl.error], TransportError],
    ) -> None:
        """Start the thread; `handle` belongs to it from now on."""
        self._handle = handle
        self._failed = failed
        self._keepalive = keepalive
        self._assembly = Assembly(limits.body)
        self._outgoing: deque[Outgoing] = deque()
        self._pings: deque[Future[None]] = deque()
        self._loop = asyncio.get_running_loop()
        self._incoming: asyncio.Queue[str | None] = asyncio.Queue()
        self._handed_over = 0  # counted by the thread, as what waits for the loop is in no queue
        self._taken = 0
        self._closing = False
        self._over = False
        self._error: TransportError | None = None
        self._upgraded: Future[None] = Future()
        self._ended: Future[None] = Future()
        self._wake, self._woken = socket.socketpair()
        self._wake.setblocking(False)
        self._woken.setblocking(False)
        self._prepare(address)
        Thread(target=self._work, name="hikae-websocket", daemon=True).start()

    async def connected(self) -> None:
        """Wait for the upgrade; raises TransportError. Cancelling gives the connection up."""
        try:
            await asyncio.wrap_future(self._upgraded)
        except asyncio.CancelledError:
            self._closing = True
            raise

    async def send(self, text: str) -> None:
        """Send one message; raises TransportError when the line is broken or closed."""
        await self._put(Outgoing(pycurl.WS_TEXT, text.encode()))

    async def receive(self) -> str | None:
        """Return the next message, None when either side has closed; raises TransportError."""
        message = await self._incoming.get()
        if message is not None:
            self._taken += 1
            return message
        self._incoming.put_nowait(None)
        if self._error is not None:
            raise self._error
        return None

    async def ping(self) -> None:
        """Return when the other side has answered; raises TransportError when it is gone."""
        answered: Future[None] = Future()
        self._pings.append(answered)
        await self._put(Outgoing(pycurl.WS_PING, b""))
        await asyncio.wrap_future(answered)

    async def close(self) -> None:
        """Say goodbye and end; safe to call twice."""
        self._closing = True
        self._nudge()
        await asyncio.wait([asyncio.wrap_future(self._ended)], timeout=GOODBYE)

    async def _put(self, outgoing: Outgoing) -> None:
        """Hand a frame to the thread and wait until it is on its way."""
        self._outgoing.append(outgoing)
        self._nudge()
        if self._over:  # the thread has looked for waiting frames for the last time
            self._dismiss(self._error or closed())
        await asyncio.wrap_future(outgoing.done)

    def _dismiss(self, error: TransportError) -> None:
        """Tell everybody who waits for the line that it is gone."""
        while self._outgoing:
            settle(self._outgoing.popleft().done, error)
        while self._pings:
            settle(self._pings.popleft(), error)

    def _nudge(self) -> None:
        """Wake the thread; a full pair wakes it as well, a closed one needs no waking."""
        with contextlib.suppress(OSError):
            self._wake.send(b"\0")

    # From here on: the thread.

    def _prepare(self, address: Address) -> None:
        """Say what to connect to."""
        self._handle.setopt(pycurl.URL, address.url)
        self._handle.setopt(pycurl.CONNECT_ONLY, 2)
        # libcurl keeps its own answer to a ping until something else is sent; ours leaves at once.
        self._handle.setopt(pycurl.WS_OPTIONS, pycurl.WS_NOAUTOPONG)
        self._handle.setopt(pycurl.USERAGENT, USER_AGENT)
        # A 200 in place of the upgrade has a body; nobody reads it.
        self._handle.setopt(pycurl.WRITEFUNCTION, len)
        self._handle.setopt(pycurl.XFERINFOFUNCTION, lambda *_totals: int(self._closing))
        self._handle.setopt(pycurl.NOPROGRESS, 0)

    def _work(self) -> None:
        """Connect and converse to the end: the outermost loop of the thread."""
        try:
            self._handle.perform()
            settle(self._upgraded)
            self._converse()
        except pycurl.error as error:
            self._end(closed() if self._closing else self._failed(error))
        except TransportError as error:
            self._end(error)
        except BaseException:
            # Whatever it was, nobody may wait for ever; the thread's own hook reports it.
            self._end(TransportError(Problem(ProblemCode.INTERNAL)))
            raise
        else:
            self._end(None)

    def _converse(self) -> None:
        """Carry messages both ways until either side closes; raises when the line breaks."""
        line = self._handle.getinfo(pycurl.ACTIVESOCKET)
        heard, asked = monotonic(), False
        while not self._closing:
            # Before the first wait too: frames may have come along with the upgrade.
            count = self._take_frames()
            if count is None:
                return
            if count:
                heard, asked = monotonic(), False
            elif monotonic() >= heard + self._keepalive * (1 + asked):
                if asked:
                    raise TransportError(unreachable("silent"))
                self._outgoing.append(Outgoing(pycurl.WS_PING, b""))
                asked = True
            until = heard + self._keepalive * (1 + asked)
            blocked = [] if self._send_frames() else [line]
            select.select([line, self._woken], blocked, [], max(0.0, until - monotonic()))
            drain(self._woken)
        self._say_goodbye()

    def _take_frames(self) -> int | None:
        """Take what has arrived; return how many pieces, None when the other side closed."""
        count = 0
        while not self._closing:
            try:
                piece, meta = self._handle.ws_recv(PIECE)
            except BlockingIOError:
                return count
            count += 1
            if meta.flags & pycurl.WS_CLOSE:
                self._say_goodbye()
                return None
            if meta.flags & pycurl.WS_PONG:
                while self._pings:
                    settle(self._pings.popleft())
            elif meta.flags & pycurl.WS_PING:
                self._answer(piece)
            else:
                self._take(piece, meta)
        return count

    def _answer(self, ping: bytes) -> None:
        """Answer a ping (RFC 6455, 5.5.3)."""
        if len(self._outgoing) >= MOST_WAITING:
            raise TooMuchError(unreachable("too_many_pings"))
        self._outgoing.append(Outgoing(pycurl.WS_PONG, ping))

    def _take(self, piece: bytes, meta: pycurl.WsFrame) -> None:
        """Take a piece of a message."""
        try:
            message = self._assembly.add(piece, meta)
        except FrameError as error:
            self._say_goodbye(error.code)
            raise TooMuchError(unreachable(f"frame_{error.code}")) from error
        if message is None:
            return
        if self._handed_over - self._taken >= MOST_WAITING:
            raise TooMuchError(unreachable("too_many_messages"))
        self._handed_over += 1
        self._deliver(message)

    def _send_frames(self) -> bool:
        """Send what waits; return whether all of it is on its way."""
        while self._outgoing:
            first = self._outgoing[0]
            try:
                sent = self._handle.ws_send(first.payload, first.flags)
            except BlockingIOError:
                return False
            self._outgoing.popleft()
            if sent < len(first.payload):
                rest = Outgoing(first.flags, first.payload[sent:], first.done)
                self._outgoing.appendleft(rest)
            else:
                settle(first.done)
        return True

    def _say_goodbye(self, code: int = 1000) -> None:
        """Send a close frame where the line still takes one."""
        with contextlib.suppress(pycurl.error, BlockingIOError):
            self._handle.ws_close(code)

    def _end(self, error: TransportError | None) -> None:
        """Tell everybody who waits, and let go of the line."""
        self._error = error
        self._over = True
        self._dismiss(error or closed())
        settle(self._upgraded, error or closed())
        self._deliver(None)
        self._handle.close()
        self._wake.close()
        self._woken.close()
        settle(self._ended)

    def _deliver(self, message: str | None) -> None:
        """Hand over to the asyncio side, unless that has ended."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._incoming.put_nowait, message)


def settle(future: Future[None], error: TransportError | None = None) -> None:
    """Finish `future` unless it is finished or nobody waits any more."""
    if future.done() or not future.set_running_or_notify_cancel():
        return
    if error is None:
        future.set_result(None)
    else:
        future.set_exception(error)


def drain(woken: socket.socket) -> None:
    """Forget how often the thread was woken."""
    with contextlib.suppress(BlockingIOError):
        while woken.recv(1024):
            pass


def refused(status: int) -> UpgradeRefusedError:
    """Return the error of a server that did not upgrade."""
    rejected = status in REJECTIONS
    code = ProblemCode.CLOUD_REJECTED if rejected else ProblemCode.CLOUD_UNREACHABLE
    return UpgradeRefusedError(Problem(code, {"reason": "no_upgrade", "status": status}))


def closed() -> ClosedError:
    """Return the error of a WebSocket that has ended."""
    return ClosedError(Problem(ProblemCode.CANCELLED, {"reason": "closed"}))


def unreachable(reason: str) -> Problem:
    """Return the problem of a link that does not work."""
    return Problem(ProblemCode.CLOUD_UNREACHABLE, {"reason": reason})
