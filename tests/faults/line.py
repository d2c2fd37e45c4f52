"""The line of one PC: a SOCKS proxy (RFC 1928) that lets through what it is told to, byte by byte.

All that the PC sends goes this way, to the cloud and to banks; the port that is asked for tells
which. What it does besides depends on the bytes alone, not on time.

A request to the cloud goes in clear HTTP, so the line can have it done twice, as a network does
that sends again what it believes lost. Nobody in the middle can do that to TLS: a record that is
sent again fails its check, and the connection ends. So on the way to a bank TWICE repeats a record.
"""

import asyncio
import socket
import struct
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self

from tests.faults.fault import Fault, Kind, Leg, Way
from tests.faults.requests import twin_answer, whole_record, whole_request
from tests.faults.weather import Weather

_PIECE = 65_536
_AT_ONCE = struct.pack("ii", 1, 0)
_DRIP, _DRIPS = 0.002, 64
"""Seconds between bytes, and how many of them drip."""


class BrokenError(Exception):
    """The connection ends here; torn: without a good-bye."""

    def __init__(self, *, torn: bool) -> None:
        """Say how."""
        super().__init__(torn)
        self.torn = torn


class Line:
    """Open while its `async with` lasts; then everything is closed and every task has ended.

    struck: the faults that were met, in their order.
    """

    def __init__(self, cloud_port: int) -> None:
        """Know the cloud by its port."""
        self._cloud_port = cloud_port
        self._weather = {leg: Weather() for leg in Leg}
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: dict[socket.socket, Leg] = {}
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listener.setblocking(False)
        self.struck: list[Fault] = []

    @property
    def port(self) -> int:
        """Where the PC finds it."""
        port: int = self._listener.getsockname()[1]
        return port

    async def __aenter__(self) -> Self:
        """Begin to take calls."""
        self._begin(self._take_calls())
        return self

    async def __aexit__(self, *_: object) -> None:
        """End every connection and wait until it has."""
        while self._tasks:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._listener.close()

    def turn(self, leg: Leg, *faults: Fault) -> None:
        """From now on these faults await a leg; none: it is in order again."""
        self._weather[leg].turn(*faults)
        if faults and faults[0].kind.at_the_door:
            self.hang_up(leg)

    def heal(self) -> None:
        """All is in order again; what was broken meanwhile calls anew."""
        for leg in Leg:
            self.turn(leg)
            self.hang_up(leg)

    def hang_up(self, leg: Leg) -> None:
        """End every connection of a leg."""
        for near, of in self._open.items():
            if of is leg:
                with suppress(OSError):
                    near.shutdown(socket.SHUT_RDWR)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take_calls(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            near, _ = await loop.sock_accept(self._listener)
            self._begin(self._call(near))

    async def _call(self, near: socket.socket) -> None:
        """One connection from beginning to end."""
        with near:
            near.setblocking(False)
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with suppress(OSError, BrokenError):
                port = await self._asked(near)
                leg = Leg.CLOUD if port == self._cloud_port else Leg.BANK
                await self._connect(near, leg, port)

    async def _asked(self, near: socket.socket) -> int:
        """The port that the PC wants."""
        loop = asyncio.get_running_loop()
        _, count = await self._exactly(near, 2)
        await self._exactly(near, count)
        await loop.sock_sendall(near, b"\x05\x00")
        *_, kind = await self._exactly(near, 4)
        length = 4 if kind == 1 else 16
        if kind == 3:
            (length,) = await self._exactly(near, 1)
        await self._exactly(near, length)  # the host: in a test all are this one
        return int.from_bytes(await self._exactly(near, 2))

    async def _exactly(self, near: socket.socket, count: int) -> bytes:
        loop = asyncio.get_running_loop()
        found = b""
        while len(found) < count:
            more = await loop.sock_recv(near, count - len(found))
            if not more:
                raise BrokenError(torn=False)
            found += more
        return found

    async def _connect(self, near: socket.socket, leg: Leg, port: int) -> None:
        loop = asyncio.get_running_loop()
        at_the_door = self._weather[leg].called()
        if at_the_door is not None:
            self.struck.append(at_the_door)
            if at_the_door.kind is Kind.REFUSE:
                await loop.sock_sendall(near, _reply(5))
            return
        with socket.socket() as far:
            far.setblocking(False)
            far.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                await loop.sock_connect(far, ("127.0.0.1", port))
            except OSError:
                await loop.sock_sendall(near, _reply(5))
                return
            await loop.sock_sendall(near, _reply(0))
            self._open[near] = leg
            try:
                await Call(self, self._weather[leg], leg, near, far).last()
            finally:
                del self._open[near]


class Call:
    """One connection that stands."""

    def __init__(
        self, line: Line, weather: Weather, leg: Leg, near: socket.socket, far: socket.socket
    ) -> None:
        """Join both ends."""
        self._line, self._weather, self._leg = line, weather, leg
        self._near, self._far = near, far

    async def last(self) -> None:
        """Carry both ways until both are over or the line breaks."""
        ways = {
            asyncio.create_task(self._carry(self._near, self._far, Way.UP)),
            asyncio.create_task(self._carry(self._far, self._near, Way.DOWN)),
        }
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_EXCEPTION)
        finally:
            for way in ways:
                way.cancel()
            ended = await asyncio.gather(*ways, return_exceptions=True)
        if any(_torn(each) for each in ended):
            for end in (self._near, self._far):
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)

    async def _carry(self, source: socket.socket, target: socket.socket, way: Way) -> None:
        loop = asyncio.get_running_loop()
        while piece := await loop.sock_recv(source, _PIECE):
            await self._pass(piece, source, target, way)
        target.shutdown(socket.SHUT_WR)

    async def _pass(
        self, piece: bytes, source: socket.socket, target: socket.socket, way: Way
    ) -> None:
        loop = asyncio.get_running_loop()
        while piece:
            tls = self._leg is Leg.BANK
            passed, fault = self._weather.passing(way, piece, tls=tls)
            await loop.sock_sendall(target, piece[:passed])
            piece = piece[passed:]
            if fault is not None:
                self._line.struck.append(fault)
                piece = await self._strike(fault, piece, source, target)

    async def _strike(
        self, fault: Fault, piece: bytes, source: socket.socket, target: socket.socket
    ) -> bytes:
        """Do what a fault does; what of the piece is still to be passed on."""
        loop = asyncio.get_running_loop()
        match fault.kind:
            case Kind.DELAY:
                await asyncio.sleep(fault.seconds)
            case Kind.DRIP:
                for place in range(min(_DRIPS, len(piece))):
                    await loop.sock_sendall(target, piece[place : place + 1])
                    await asyncio.sleep(_DRIP)
                return piece[_DRIPS:]
            case Kind.TWICE:
                return await self._twice(fault, piece, source, target)
            case Kind.CUT:
                await loop.sock_sendall(target, piece[: len(piece) // 2])
                raise BrokenError(torn=False)
            case Kind.SILENCE:
                await asyncio.sleep(fault.seconds)
                raise BrokenError(torn=True)
            case _:
                raise BrokenError(torn=True)
        return piece

    async def _twice(
        self, fault: Fault, piece: bytes, source: socket.socket, target: socket.socket
    ) -> bytes:
        loop = asyncio.get_running_loop()
        if self._leg is Leg.BANK:
            record = await whole_record(source, piece)
            await loop.sock_sendall(target, record)
            return record
        request = await whole_request(source, piece)
        if fault.last:
            await twin_answer(self._far.getpeername(), request)
            return request
        await loop.sock_sendall(target, request)
        await twin_answer(self._far.getpeername(), request)
        return b""


def _torn(ended: BaseException | None) -> bool:
    return isinstance(ended, OSError) or (isinstance(ended, BrokenError) and ended.torn)


def _reply(code: int) -> bytes:
    """How the call went: 0 through, 5 refused."""
    return bytes((5, code, 0, 1, 0, 0, 0, 0, 0, 0))
