"""An engine that runs in another process of this PC, called through its door."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any, Self
from uuid import UUID

import msgspec

from hikae.agent import wire
from hikae.agent.door import DoorFile
from hikae.agent.engine import (
    CertificateList,
    ChallengeAsked,
    ConnectionState,
    EngineError,
    Event,
    RefusedStatement,
    Status,
)
from hikae.agent.events import Events
from hikae.agent.profile import Profile
from hikae.agent.timetable import Plan
from hikae.link.authkey import AuthKey
from hikae.link.messages import DeviceState
from hikae.model.challenge import Answer
from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret

_log = logging.getLogger(__name__)

_GONE = Problem(ProblemCode.INTERNAL, details={"part": "engine"})
_WELCOME = 5.0  # seconds


class NoEngineError(Exception):
    """No engine of this profile runs."""


class RemoteEngine:
    """Whoever comes second (command line, second start) speaks through this one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Use an open connection; see `connect`."""
        self._reader = reader
        self._writer = writer
        self._ids = itertools.count(1)
        self._calls: dict[int, asyncio.Future[msgspec.Raw]] = {}
        self._events = Events()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, profile: Profile) -> Self:
        """The running engine of a profile; raises NoEngineError.

        A file that a killed engine left behind may name a port that is somebody else's by now.
        """
        try:
            door = msgspec.json.decode(profile.door.read_bytes(), type=DoorFile)
            streams = asyncio.open_connection("127.0.0.1", door.port, limit=wire.LIMIT)
            reader, writer = await streams
        except (OSError, msgspec.MsgspecError):
            raise NoEngineError from None
        writer.write(wire.encode(wire.Greeting(door.token)) + b"\n")
        engine = cls(reader, writer)
        try:
            await asyncio.wait_for(engine._listen(), _WELCOME)
        except (EngineError, TimeoutError):
            await engine.close()
            raise NoEngineError from None
        return engine

    async def close(self) -> None:
        """Leave; the engine goes on."""
        self._writer.close()
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        with suppress(ConnectionError):
            await self._writer.wait_closed()

    async def enrol(self, key: AuthKey) -> DeviceState:
        """See Engine."""
        state: DeviceState = await self._call("enrol", key=key)
        return state

    async def confirm(self, *, same: bool) -> None:
        """See Engine."""
        await self._call("confirm", same=same)

    async def status(self) -> Status:
        """See Engine."""
        status: Status = await self._call("status")
        return status

    async def certificates(self) -> CertificateList:
        """See Engine."""
        found: CertificateList = await self._call("certificates")
        return found

    async def unlock(self, name: str, password: Secret) -> None:
        """See Engine."""
        await self._call("unlock", name=name, password=password)

    async def connections(self) -> Sequence[ConnectionState]:
        """See Engine."""
        found: Sequence[ConnectionState] = await self._call("connections")
        return found

    async def select(self, connection: UUID, thumbprint: str) -> None:
        """See Engine."""
        await self._call("select", connection=connection, thumbprint=thumbprint)

    async def enable(self, connection: UUID, *, on: bool) -> None:
        """See Engine."""
        await self._call("enable", connection=connection, on=on)

    async def fetch(self, connections: Sequence[UUID], trigger: Trigger) -> Sequence[UUID]:
        """See Engine."""
        ids: Sequence[UUID] = await self._call(
            "fetch", connections=tuple(connections), trigger=trigger
        )
        return ids

    async def fetch_state(self, fetch: UUID) -> Fetch | None:
        """See Engine."""
        found: Fetch | None = await self._call("fetch_state", fetch=fetch)
        return found

    async def challenges(self) -> Sequence[ChallengeAsked]:
        """See Engine."""
        found: Sequence[ChallengeAsked] = await self._call("challenges")
        return found

    async def answer(self, challenge: UUID, answer: Answer) -> None:
        """See Engine."""
        await self._call("answer", challenge=challenge, answer=answer)

    async def cancel(self, fetch: UUID) -> None:
        """See Engine."""
        await self._call("cancel", fetch=fetch)

    async def plan(self) -> Plan:
        """See Engine."""
        plan: Plan = await self._call("plan")
        return plan

    async def set_plan(self, plan: Plan) -> None:
        """See Engine."""
        await self._call("set_plan", plan=plan)

    async def send_unsent(self) -> int:
        """See Engine."""
        left: int = await self._call("send_unsent")
        return left

    async def refused_statements(self) -> Sequence[RefusedStatement]:
        """See Engine."""
        found: Sequence[RefusedStatement] = await self._call("refused_statements")
        return found

    async def send_refused(self) -> int:
        """See Engine."""
        left: int = await self._call("send_refused")
        return left

    async def set_aside(self, folder: str) -> Sequence[str]:
        """See Engine."""
        files: Sequence[str] = await self._call("set_aside", folder=folder)
        return files

    async def renew_keys(self) -> DeviceState:
        """See Engine."""
        state: DeviceState = await self._call("renew_keys")
        return state

    async def release(self) -> None:
        """See Engine."""
        await self._call("release")

    def events(self) -> AsyncIterator[Event]:
        """See Engine."""
        return self._events.listen()

    async def _listen(self) -> None:
        await self._ask("listen", {})

    async def _call(self, method: str, **arguments: object) -> Any:  # noqa: ANN401 - by method
        raws = {name: msgspec.Raw(wire.encode(value)) for name, value in arguments.items()}
        raw = await self._ask(method, raws)
        return wire.decode(raw, wire.types(method)["return"])

    async def _ask(self, method: str, raws: dict[str, msgspec.Raw]) -> msgspec.Raw:
        if self._reading.done():
            raise EngineError(_GONE)
        call_id = next(self._ids)
        future: asyncio.Future[msgspec.Raw] = asyncio.get_running_loop().create_future()
        self._calls[call_id] = future
        self._writer.write(wire.encode(wire.Call(call_id, method, raws)) + b"\n")
        return await future

    async def _read(self) -> None:
        try:
            while line := await self._reader.readline():
                self._take(msgspec.json.decode(line, type=wire.Reply))
        except (ConnectionError, ValueError, msgspec.MsgspecError) as error:
            _log.warning("the engine is gone: %s", type(error).__name__)
        finally:
            self._events.end()
            for future in self._calls.values():
                if not future.done():
                    future.set_exception(EngineError(_GONE))

    def _take(self, reply: wire.Reply) -> None:
        if reply.event:
            self._events.tell(wire.decode(reply.result, wire.EVENTS[reply.event]))
            return
        future = self._calls.pop(reply.id, None)
        if future is None or future.done():
            return
        if reply.problem is not None:
            future.set_exception(EngineError(reply.problem))
        else:
            future.set_result(reply.result)
