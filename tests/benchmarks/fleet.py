"""Thousands of agents in one process: the agent's own link, proofs and pauses, on plain sockets.

Only libcurl is left out, whose thread for each link no machine would have for thousands.
"""

import asyncio
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response as Upgraded
from websockets.protocol import State
from websockets.uri import parse_uri

from hikae.agent.cloud import Cloud, CloudError
from hikae.agent.link import LINK_PATH, Link
from hikae.agent.refusals import Refusals
from hikae.link.messages import AnyCommand
from hikae.model.clock import system_clock
from hikae.model.problems import Problem, ProblemCode
from hikae.transport.exchange import Request, Response, Sink

_TEXT_FRAME = 0x81
"""First byte of a message that comes in one piece."""

_LONGER = 126
"""Stands for a length that follows in two bytes."""

_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Identity:
    """A device as its own PC knows it."""

    id: UUID
    key: Ed25519PrivateKey


class Arrivals:
    """When commands arrive. `all_in` is set when as many have as are awaited.

    PCs that share a process would wait for each other. So each one's command is timed when its
    bytes are there, and all are read when the last one is.
    """

    def __init__(self) -> None:
        """Nothing is awaited."""
        self.at: list[float] = []
        self.all_in = asyncio.Event()
        self._awaited = 0
        self._unread: list[Callable[[], None]] = []

    def expect(self, count: int) -> None:
        """From now on count anew."""
        self._awaited, self.at = count, []
        self.all_in.clear()

    def arrived(self, data: bytes, read: Callable[[bytes], None]) -> None:
        """A PC got data, which is read now or later."""
        if not self._awaited or _TEXT_FRAME not in _first_bytes(data):
            read(data)
            return
        self.at.append(perf_counter())
        self._unread.append(partial(read, data))
        if len(self.at) == self._awaited:
            self._awaited = 0
            for each in self._unread:
                each()
            self._unread.clear()
            self.all_in.set()


class Socket(asyncio.Protocol):
    """A WebSocket as the agent's link needs it."""

    def __init__(self, url: str, arrivals: Arrivals) -> None:
        """Not connected yet."""
        self._arrivals = arrivals
        self._conn = ClientProtocol(parse_uri(url))
        self._heard: asyncio.Queue[str | None] = asyncio.Queue()
        self._status: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._lost = asyncio.Event()
        self._transport: asyncio.Transport | None = None

    async def upgrade(self, headers: dict[str, str]) -> None:
        """Ask for the upgrade; raises CloudError where it is refused."""
        request = self._conn.connect()
        request.headers.update(headers)
        self._conn.send_request(request)
        self._flush()
        try:
            status = await self._status
        except ConnectionResetError:
            raise _unreachable("reset") from None
        if status != 101:
            raise CloudError(Problem(ProblemCode.CLOUD_UNREACHABLE, {"status": status}))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is there."""
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Note when it came."""
        self._arrivals.arrived(data, self._read)

    def _read(self, data: bytes) -> None:
        """Take frames apart."""
        self._conn.receive_data(data)
        for event in self._conn.events_received():
            if isinstance(event, Upgraded):
                self._status.set_result(event.status_code)
            elif isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                self._heard.put_nowait(bytes(event.data).decode())
        self._flush()

    def connection_lost(self, _: Exception | None) -> None:
        """The line is gone."""
        if not self._status.done():
            self._status.set_exception(ConnectionResetError())
        self._heard.put_nowait(None)
        self._lost.set()

    async def send(self, text: str) -> None:
        """Send one text message; a line that is gone shows when something is received."""
        if self._conn.state is State.OPEN:
            self._conn.send_text(text.encode())
            self._flush()

    async def receive(self) -> str | None:
        """The next message; None when the other side has closed."""
        return await self._heard.get()

    async def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()
            await self._lost.wait()

    def _flush(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"".join(self._conn.data_to_send()))


class PlainTransport:
    """HTTP/1.1 on a line of its own for each request."""

    async def send(self, request: Request, _: Sink | None = None) -> Response:
        """Send without a body; raises CloudError when nobody answers."""
        where = urlsplit(request.url)
        head = f"{request.method} {where.path}?{where.query} HTTP/1.1\r\nHost: {where.netloc}\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in request.headers.items())
        try:
            reader, writer = await asyncio.open_connection(where.hostname, where.port)
        except OSError as error:
            raise _unreachable(str(error)) from None
        try:
            writer.write(f"{head}{lines}Connection: close\r\n\r\n".encode())
            answer = await reader.read()
        except OSError as error:
            raise _unreachable(str(error)) from None
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        if not answer:
            raise _unreachable("nothing was answered")
        status = answer.split(maxsplit=2)[1]
        return Response(int(status), request.url, {}, answer.partition(b"\r\n\r\n")[2])

    async def close(self) -> None:
        """Nothing is kept."""


class Fleet:
    """Agents that stay linked to one cloud as each of them would."""

    def __init__(self, origin: str, devices: Sequence[Identity]) -> None:
        """Nothing runs yet."""
        self.arrivals = Arrivals()
        self.refused: list[str] = []
        self._origin = origin
        self._linked = 0
        self._wanted = 0
        self._all = asyncio.Event()
        self._none = asyncio.Event()
        self._random = random.Random(1)
        self._links = [self._link(device) for device in devices]
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def size(self) -> int:
        """How many were started."""
        return len(self._tasks)

    async def start(self, count: int) -> None:
        """Link that many more; returns when the cloud has welcomed each of them."""
        self._expect(len(self._tasks) + count)
        begun = len(self._tasks)
        for link in self._links[begun : begun + count]:
            self._tasks.append(asyncio.create_task(link.run()))
        await self.back()

    async def lost(self) -> None:
        """Until no link is up any more."""
        await self._none.wait()

    async def back(self) -> None:
        """Until all are linked again."""
        async with asyncio.timeout(_PATIENCE):
            await self._all.wait()

    async def stop(self) -> None:
        """Hang up."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _expect(self, count: int) -> None:
        self._wanted = count
        self._all.clear()

    def _link(self, device: Identity) -> Link:
        kept = [0]
        cloud = Cloud(
            origin=self._origin,
            device=device.id,
            key=device.key,
            transport=PlainTransport(),
            clock=system_clock,
            on_offset=lambda _: None,
        )

        async def connect() -> Socket:
            address = self._origin.replace("http:", "ws:") + LINK_PATH
            where = urlsplit(address)
            try:
                _, socket = await asyncio.get_running_loop().create_connection(
                    lambda: Socket(address, self.arrivals), where.hostname or "", where.port or 80
                )
            except OSError as error:
                raise _unreachable(str(error)) from None
            try:
                await socket.upgrade(cloud.signed("GET", LINK_PATH))
            except CloudError as error:
                self.refused.append(str(error))
                await socket.close()
                raise
            return socket

        async def handle(command: AnyCommand) -> None:
            kept[0] = command.seq

        return Link(
            cloud=cloud,
            connect=connect,
            families=("bizsol",),
            after=lambda: kept[0],
            handle=handle,
            changed=self._changed,
            refusals=Refusals(lambda _: None, itertools.count().__next__),
            random=self._random,
        )

    def _changed(self, linked: bool) -> None:
        self._linked += 1 if linked else -1
        if self._linked == self._wanted:
            self._all.set()
            self._none.clear()
        elif self._linked == 0:
            self._none.set()
            self._all.clear()


def _first_bytes(data: bytes) -> Iterator[int]:
    """The first byte of each frame (RFC 6455, 5.2), none of which is long or masked."""
    place = 0
    while place < len(data):
        yield data[place]
        length = data[place + 1]
        if length == _LONGER:
            length = 2 + int.from_bytes(data[place + 2 : place + 4])
        place += 2 + length


def _unreachable(reason: str) -> CloudError:
    return CloudError(Problem(ProblemCode.CLOUD_UNREACHABLE, {"reason": reason}))
