"""A cloud that speaks the agent's protocol over real HTTP and WebSocket and can say anything.

Left alone it is honest: it takes what a PC brings and hands out what a test gives it. `lies`
replace its answers, `welcome` and `say` put any words onto the link. It keeps all that it heard.
"""

import asyncio
import base64
import hashlib
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Lock, Thread
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec

from hikae.link import sealing
from hikae.link.authkey import AuthKey
from hikae.link.messages import (
    PROTOCOL,
    Ack,
    AnyCommand,
    Commands,
    Connections,
    ConnectionView,
    Delivered,
    DeviceState,
    Enrol,
    Hello,
    StatementHead,
    Up,
    Welcome,
    encode,
)
from hikae.link.proof import fingerprint
from hikae.model.fetch import Counts
from hikae.model.secret import Secret

BASE = "/agent/v1/"
ORGANISATION = UUID(int=0xC0FFEE)
PATIENCE = 60.0  # seconds that a test waits for what must come

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

Body = TypeVar("Body")


@dataclass(frozen=True, slots=True)
class Heard:
    """A request as it came; what: method and the first word of its path, `PUT fetches`."""

    what: str
    path: str
    headers: dict[str, str]
    body: bytes


class Exchange(BaseHTTPRequestHandler):
    """One request; a lie is given it, to answer or not."""

    protocol_version = "HTTP/1.1"
    server: "HostileCloud"

    def answer(self) -> None:
        """Remember what was asked, then lie or not."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.removeprefix(BASE)
        what = f"{self.command} {urlsplit(path).path.partition('/')[0]}"
        heard = Heard(what, path, dict(self.headers.items()), body)
        self.server.hear(heard)
        lie = self.server.lies.get(what) or self.server.lies.get("*")
        with suppress(OSError):
            if lie is not None:
                lie(self, heard)
            else:
                self.honestly(heard)

    do_GET = do_PUT = do_POST = do_DELETE = answer

    def honestly(self, heard: Heard) -> None:
        """Answer as an honest cloud would."""
        if heard.what == "GET link":
            self._talk()
        else:
            self.say(*self.server.honest_answer(heard))

    def say(self, status: int, body: bytes, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _talk(self) -> None:
        key = self.headers["Sec-WebSocket-Key"].encode()
        accept = base64.b64encode(hashlib.sha1(key + _MAGIC).digest()).decode()  # noqa: S324 - RFC 6455
        self.send_response(101)
        for name, value in (("Upgrade", "websocket"), ("Connection", "Upgrade")):
            self.send_header(name, value)
        self.send_header("Sec-WebSocket-Accept", accept)
        self.end_headers()
        self.close_connection = True
        self.server.talk(Line(self))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Nobody reads it."""


class Line:
    """One WebSocket, its frames made by hand so that they can be wrong."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._turn = Lock()

    def send(self, payload: bytes, kind: int = TEXT) -> None:
        """One frame; a PC that has hung up does not hear it."""
        size = len(payload)
        if size < 126:
            head = bytes([0x80 | kind, size])
        elif size < 65536:
            head = struct.pack("!BBH", 0x80 | kind, 126, size)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 127, size)
        with self._turn, suppress(OSError):
            self._exchange.wfile.write(head + payload)

    def receive(self) -> bytes | None:
        """The next text; None when the PC has closed or hung up."""
        while True:
            with suppress(OSError):
                kind, payload = self._frame()
                if kind == TEXT:
                    return payload
                if kind == PING:
                    self.send(payload, PONG)
                    continue
                if kind == PONG:
                    continue
            return None

    def _frame(self) -> tuple[int, bytes]:
        first, second = self._read(2)
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", self._read(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._read(8))
        mask = self._read(4)
        masked = self._read(size)
        plain = bytes(byte ^ mask[place % 4] for place, byte in enumerate(masked))
        return first & 0x0F, plain

    def _read(self, size: int) -> bytes:
        data = self._exchange.rfile.read(size)
        if len(data) < size:
            raise ConnectionResetError
        return data


Lie = Callable[[Exchange, Heard], None]


@dataclass
class Said:
    """What this cloud tells a PC as long as it is honest."""

    connections: list[ConnectionView] = field(default_factory=list)
    commands: list[AnyCommand] = field(default_factory=list)
    device: DeviceState | None = None


class HostileCloud(ThreadingHTTPServer):
    """A cloud on a port of its own, for one PC at a time.

    lies: answers by `METHOD word`, or `*` for all. welcome: the link's first words, none if None.
    kept: the last command that the PC says it keeps.
    """

    daemon_threads = True
    block_on_close = False
    request_queue_size = 50

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Exchange)
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"
        self.said = Said()
        self.lies: dict[str, Lie] = {}
        self.welcome: bytes | None = honest_welcome()
        self.heard: list[Heard] = []
        self.kept = 0
        self.lines: list[Line] = []
        self.enrolled: Enrol | None = None
        self.over = Event()
        self._news = Condition()
        self._numbers = 0
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="hostile cloud")
        self._thread.start()

    def stop(self) -> None:
        """Close for good."""
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    # what a test does

    def be_honest(self) -> None:
        """Lie no more."""
        self.lies = {}
        self.welcome = honest_welcome()

    def key(self) -> AuthKey:
        """A 認証キー of this cloud."""
        return AuthKey(self.origin, b"k" * 20)

    def next_number(self) -> int:
        """The number of one more command."""
        self._numbers += 1
        return self._numbers

    def ask(self, command: AnyCommand) -> None:
        """Ask something of the PC: now where it is linked, else when it comes for it."""
        self.said.commands.append(command)
        self.say(encode(command))

    def say(self, words: bytes, kind: int = TEXT) -> None:
        """Put any words onto every open link."""
        for line in list(self.lines):
            line.send(words, kind)

    def pour(self, words: Sequence[bytes], kind: int = TEXT) -> None:
        """Put one after the other onto the link, as fast as it goes."""
        for each in words:
            self.say(each, kind)

    async def until(self, true: Callable[[], object]) -> None:
        """Wait until it is so, woken by whatever is heard."""
        await asyncio.to_thread(self._wait, true)

    async def linked(self) -> None:
        """Wait until a PC is linked."""
        await self.until(lambda: self.lines)

    async def hung_up(self) -> None:
        """Wait until no PC is linked any more."""
        await self.until(lambda: not self.lines)

    def of(self, what: str, kind: type[Body]) -> list[Body]:
        """The bodies of all requests of a kind."""
        found = [each.body for each in list(self.heard) if each.what == what]
        return [msgspec.json.decode(body, type=kind) for body in found]

    def sealed_login(
        self,
        connection: UUID,
        institution: str,
        login: dict[str, Secret],
        *,
        version: int = 1,
        organisation: UUID = ORGANISATION,
        device: UUID | None = None,
    ) -> str:
        """Login information sealed to the PC, for whatever a test wants it to be bound to."""
        holder = str(device or self._pc.device)
        context = sealing.LoginContext(organisation, connection, institution, holder, version)
        return sealing.seal_login(login, self._sealing_key, context)

    def sealed_answer(self, text: str, connection: UUID, fetch: UUID, challenge: UUID) -> str:
        """An answer sealed to the PC."""
        holder = str(self._pc.device)
        context = sealing.AnswerContext(ORGANISATION, connection, holder, fetch, challenge)
        return sealing.seal(text.encode(), self._sealing_key, context)

    # what the protocol wants

    def hear(self, heard: Heard) -> None:
        """Remember a request, and wake who waits for it."""
        with self._news:
            self.heard.append(heard)
            self._news.notify_all()

    def honest_answer(self, heard: Heard) -> tuple[int, bytes]:
        """Status and body as an honest cloud would have them."""
        match heard.what:
            case "POST enrol":
                return 200, encode(self._enrol(msgspec.json.decode(heard.body, type=Enrol)))
            case "GET device" | "POST keys":
                return 200, encode(self._state("confirmed"))
            case "GET connections":
                views = tuple(self.said.connections)
                return 200, encode(Connections(ORGANISATION, self._pc.device, views))
            case "GET commands":
                after = int(heard.path.rpartition("=")[2])
                waiting = tuple(each for each in self.said.commands if each.seq > after)
                return 200, encode(Commands(waiting))
            case "POST statements":
                head = msgspec.json.decode(heard.body, type=StatementHead)
                return 200, encode(Delivered(head.digest, Counts(added=head.rows)))
            case _:
                return 204, b""

    def talk(self, line: Line) -> None:
        """One link from beginning to end."""
        if (first := line.receive()) is None:
            return
        after = msgspec.json.decode(first, type=Hello).after
        if self.welcome is not None:
            line.send(self.welcome)
        with self._news:
            self.kept = max(self.kept, after)
            self.lines.append(line)
            self._news.notify_all()
        for command in [each for each in self.said.commands if each.seq > after]:
            line.send(encode(command))
        while (text := line.receive()) is not None:
            said = msgspec.json.decode(text, type=Up)
            with self._news:
                self.kept = max(self.kept, said.seq if isinstance(said, Ack) else 0)
                self._news.notify_all()
        with self._news:
            self.lines.remove(line)
            self._news.notify_all()

    @property
    def _pc(self) -> Enrol:
        assert self.enrolled is not None
        return self.enrolled

    @property
    def _sealing_key(self) -> bytes:
        return _raw(self._pc.sealing)

    def _enrol(self, wish: Enrol) -> DeviceState:
        self.enrolled = wish
        return self._state("pending")

    def _state(self, state: str) -> DeviceState:
        pc = self._pc
        printed = fingerprint(_raw(pc.signing), _raw(pc.sealing))
        return DeviceState(pc.device, state, "株式会社みほん", ORGANISATION, "人", printed)

    def _wait(self, true: Callable[[], object]) -> None:
        with self._news:
            assert self._news.wait_for(true, PATIENCE), [each.what for each in self.heard[-20:]]


def honest_welcome() -> bytes:
    """The welcome that an honest cloud of today gives."""
    return encode(Welcome(protocol=PROTOCOL, minimum=1, now=datetime.now(UTC)))


def view(institution: str, login: str | None = None, *, version: int = 1) -> ConnectionView:
    """A connection with an institution."""
    return ConnectionView(uuid4(), institution, login, version, stopped=False)


def _raw(public: str) -> bytes:
    return base64.urlsafe_b64decode(public + "=")
