"""The running engine's door for other processes of the same user: a loopback port and a token.

A port works alike on every system; the token lies in the profile where only this user can read.
"""

import asyncio
import hmac
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

import msgspec

from hikae.agent import wire
from hikae.agent.engine import Engine, EngineError
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)


class DoorFile(msgspec.Struct, frozen=True):
    """What a client needs to come in."""

    port: int
    token: str


class Door:
    """Serves one engine until closed."""

    def __init__(self, engine: Engine, path: Path) -> None:
        """Serve `engine`; `path` is where port and token are written."""
        self._engine = engine
        self._path = path
        self._token = secrets.token_urlsafe(32)
        self._server: asyncio.Server | None = None
        self._guests: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Listen, and write where."""
        self._server = await asyncio.start_server(self._welcome, "127.0.0.1", 0, limit=wire.LIMIT)
        port = self._server.sockets[0].getsockname()[1]
        self._path.unlink(missing_ok=True)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(DoorFile(port, self._token)))

    async def close(self) -> None:
        """Stop listening and see the guests out."""
        self._path.unlink(missing_ok=True)
        if self._server is not None:
            self._server.close()
        for guest in list(self._guests):
            guest.cancel()
        await asyncio.gather(*self._guests, return_exceptions=True)

    async def _welcome(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._guests.add(task)
            task.add_done_callback(self._guests.discard)
        try:
            if await self._knows_token(reader):
                await _Guest(self._engine, reader, writer).serve()
        except (ConnectionError, ValueError, msgspec.MsgspecError) as error:
            _log.info("a guest of the engine left: %s", type(error).__name__)
        except asyncio.CancelledError:
            _log.debug("a guest of the engine was seen out")
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def _knows_token(self, reader: asyncio.StreamReader) -> bool:
        try:
            greeting = msgspec.json.decode(await reader.readline(), type=wire.Greeting)
        except msgspec.MsgspecError:
            return False
        return hmac.compare_digest(greeting.token.encode(), self._token.encode())


class _Guest:
    """One client: its calls run side by side, its events follow when it listens."""

    def __init__(
        self, engine: Engine, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._engine = engine
        self._reader = reader
        self._writer = writer

    async def serve(self) -> None:
        """Until the guest leaves or says what is no call; what it asked for is ended then."""
        calls: set[asyncio.Task[None]] = set()
        try:
            while line := await self._reader.readline():
                call = msgspec.json.decode(line, type=wire.Call)
                answer = self._listen if call.method == "listen" else self._answer
                task = asyncio.create_task(answer(call))
                calls.add(task)
                task.add_done_callback(calls.discard)
        finally:
            for task in calls:
                task.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

    async def _answer(self, call: wire.Call) -> None:
        try:
            result = await _call(self._engine, call)
            reply = wire.Reply(call.id, result=msgspec.Raw(wire.encode(result)))
        except ProblemError as error:
            reply = wire.Reply(call.id, problem=error.problem)
        self._say(reply)

    async def _listen(self, call: wire.Call) -> None:
        events = self._engine.events()
        self._say(wire.Reply(call.id))
        async for event in events:
            value = msgspec.Raw(wire.encode(event))
            self._say(wire.Reply(0, result=value, event=type(event).__name__))

    def _say(self, reply: wire.Reply) -> None:
        self._writer.write(wire.encode(reply) + b"\n")


async def _call(engine: Engine, call: wire.Call) -> object:
    unknown = EngineError(Problem(ProblemCode.INTERNAL, details={"part": call.method[:50]}))
    if call.method not in wire.METHODS:
        raise unknown
    types = wire.types(call.method)
    if call.arguments.keys() != types.keys() - {"return"}:
        raise unknown
    try:
        arguments = {name: wire.decode(raw, types[name]) for name, raw in call.arguments.items()}
    except msgspec.MsgspecError:
        raise unknown from None
    return await getattr(engine, call.method)(**arguments)
