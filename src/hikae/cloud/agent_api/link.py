"""The link: one WebSocket a device, by which the cloud's commands arrive at once.

A plain ASGI handler beside Django. Commands are rows; a wake-up says that there is a new one, and
for links that missed theirs all are looked after once a minute. A link that has nothing to say is
one waiting task. Database calls run on threads of their own, so that pages never wait for links
nor links for pages, and what many links want of the database goes there together.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, connection

from hikae.cloud.agent_api import link_records as records
from hikae.cloud.agent_api.boundary import refuse
from hikae.cloud.agent_api.gathering import Gathering
from hikae.cloud.agent_api.raw import Receive, Scope, Send, respond
from hikae.cloud.devices import commands
from hikae.cloud.devices.switchboard import switchboard
from hikae.cloud.watching.counters import counters
from hikae.link.messages import (
    OLDEST_PROTOCOL,
    PROTOCOL,
    Ack,
    AnyCommand,
    Hello,
    Message,
    Release,
    Up,
    Welcome,
    encode,
    spoken,
)
from hikae.model.clock import system_clock
from hikae.model.problems import Problem, ProblemCode, ProblemError

PATH = "/agent/v1/link"
POLL = 60.0
"""Seconds after which rows are looked at even if nobody woke the link."""

HELLO = 15.0
"""Seconds in which an agent says its first word."""

LATER = 0.25
"""Seconds for which acknowledgements are collected."""

PROTOCOL_WRONG, REPLACED, RELEASED, UNREADABLE, FAILED = 4426, 4409, 4403, 4400, 1011
"""Close codes: versions do not meet, a newer link is open, the device has ended, no message,
something failed here."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

_log = logging.getLogger("hikae.link")
_UP: msgspec.json.Decoder[Up] = msgspec.json.Decoder(Up)


class ClosedError(Exception):
    """The conversation is over; code: why, as WebSocket close code, None when the agent left."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class Links:
    """The links of one process: answers the upgrades, and looks after what is open."""

    def __init__(self, threads: int = 4) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="link")
        self._open: dict[UUID, Link] = {}
        self._attended: Gathering[records.Attended, Mapping[UUID, int]] = Gathering(
            lambda changes: self.run(records.attended, changes)
        )
        self._kept: Gathering[records.Kept, None] = Gathering(
            lambda notes: self.run(records.kept, notes), LATER
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Verify who asks, then talk until either side ends it."""
        await receive()
        try:
            device = await self.run(records.verified, scope)
        except ProblemError as error:
            await _deny(error, scope, send)
            return
        await send({"type": "websocket.accept"})
        await Link(self, device, receive, send).talk()

    async def opened(self, link: "Link") -> int:
        """A link takes the place of any other of its device, once this returns.

        What it returns is the number of the device's last command.
        """
        self._open[link.id] = link
        # Plugged in first: what is written from now on wakes it, what was before is in the number.
        switchboard().plug(link.device.id, link.id, link.wake)
        opened = records.Attended(link.device.id, link.id, is_open=True)
        numbers = await asyncio.shield(self._attended.add(opened))
        return numbers.get(link.device.id, 0)

    async def closed(self, link: "Link") -> None:
        """A link is over."""
        if self._open.pop(link.id, None) is not None:
            switchboard().unplug(link.device.id, link.id)
            closed = records.Attended(link.device.id, link.id, is_open=False)
            with suppress(Error):  # logged; it shows as off when it is silent for long
                await asyncio.shield(self._attended.add(closed))

    def kept(self, device: records.LinkedDevice, sequence: int) -> None:
        """An agent keeps all commands up to `sequence`; a delay or a loss of that does no harm."""
        self._kept.add(records.Kept(device, sequence))

    async def watch(self) -> None:
        """Look after all links until cancelled: who missed a wake-up is woken."""
        while True:
            await asyncio.sleep(POLL)
            told = {link.id: (link.device.id, link.told) for link in self._open.values()}
            try:
                neglected = await self.run(records.to_be_looked_after, told)
            except Error as error:
                _log.warning("links are not looked after: %s", type(error).__name__)
                continue
            for link in neglected & self._open.keys():
                self._open[link].wake()

    async def run(
        self, call: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Call something that uses the database on a thread of the links.

        These threads keep their connections until one fails. Where it failed because the database
        has ended it, as at a restart, the call is made once more; each may be made twice.
        """

        def kept() -> Result:
            try:
                return call(*args, **kwargs)
            except Error:
                lost = not connection.is_usable()
                connection.close()
                if not lost:
                    raise
            return call(*args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self._threads, kept)

    async def close(self) -> None:
        """Write what is still to be written, and let the threads end."""
        await self._attended.close()
        await self._kept.close()
        self._threads.shutdown()


class Link:
    """One conversation with one device. told: number of the last command that it was told."""

    __slots__ = (
        *("id", "device", "told", "_links", "_receive", "_send"),
        *("_news", "_welcomed", "_speaking", "_over"),
    )

    def __init__(
        self, links: Links, device: records.LinkedDevice, receive: Receive, send: Send
    ) -> None:
        self.id: UUID = uuid4()
        self.device = device
        self.told = 0
        self._links = links
        self._receive = receive
        self._send = send
        self._news: list[bytes] = []
        self._welcomed = False
        self._speaking: asyncio.Task[None] | None = None
        self._over = False

    async def talk(self) -> None:
        """Greet, then listen until it is over; what there is to say is said beside it."""
        try:
            hello = await self._greeted()
            self.told = hello.after
            newest = await self._links.opened(self)
            self._links.kept(self.device, hello.after)
            await self._welcome(hello)
            self._welcomed = True
            if self._news or newest > self.told:
                self.wake()
            await self._listen()
        except ClosedError as closed:
            await self._hang_up(closed.code)
        except (Error, ObjectDoesNotExist) as error:
            await self._fail(error)
        finally:
            self._over = True
            if self._speaking is not None:
                self._speaking.cancel()
                await asyncio.gather(self._speaking, return_exceptions=True)
            await self._links.closed(self)

    def wake(self, command: bytes = b"") -> None:
        """Tell the agent a command, or look what there is; waits until it has been welcomed."""
        self._news.append(command)
        if self._speaking is None and self._welcomed and not self._over:
            self._speaking = asyncio.create_task(self._speak())

    async def _greeted(self) -> Hello:
        """The agent's first word, in a version that is still spoken; raises ClosedError."""
        try:
            async with asyncio.timeout(HELLO):
                hello = await self._hear()
        except TimeoutError:
            raise ClosedError(UNREADABLE) from None
        if not isinstance(hello, Hello):
            raise ClosedError(UNREADABLE)
        if hello.protocol < OLDEST_PROTOCOL:
            await self._welcome(hello)
            raise ClosedError(PROTOCOL_WRONG)
        return hello

    async def _welcome(self, hello: Hello) -> None:
        """Name the versions; said once the link is open, so that it can be relied on."""
        chosen = min(hello.protocol, PROTOCOL)
        await self._say(Welcome(protocol=chosen, minimum=OLDEST_PROTOCOL, now=system_clock()))

    async def _listen(self) -> None:
        while True:
            message = await self._hear()
            if not isinstance(message, Ack):
                raise ClosedError(UNREADABLE)
            self._links.kept(self.device, message.seq)

    async def _speak(self) -> None:
        """Tell what there is; a task of its own, which ends when all is told."""
        try:
            while self._news:
                woken, self._news = self._news, []
                if not await self._pass_on(woken):
                    await self._look()
        except ClosedError as closed:
            await self._hang_up(closed.code)
        except Error as error:
            await self._fail(error)
        finally:
            self._speaking = None

    async def _pass_on(self, woken: Sequence[bytes]) -> bool:
        """Tell the commands that wake-ups have brought; False where the rows have to be read."""
        for message in woken:
            command = commands.brought(message) if message else None
            if command is None or command.seq > self.told + 1:
                return False
            if command.seq > self.told:
                await self._tell(command)
        return True

    async def _look(self) -> None:
        """Read the rows and tell what is new; raises ClosedError where this link was replaced."""
        news = await self._links.run(records.news, self.device, self.id, self.told)
        for command in news.commands:
            await self._tell(command)
        if news.replaced:
            raise ClosedError(REPLACED)

    async def _tell(self, command: AnyCommand) -> None:
        await self._say(command)
        self.told = command.seq
        if isinstance(command, Release):
            raise ClosedError(RELEASED)

    async def _hear(self) -> Up:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise ClosedError(None)
        try:
            said = _UP.decode(event.get("text") or event.get("bytes") or b"")
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise ClosedError(UNREADABLE) from None
        if not spoken(said.v):
            raise ClosedError(PROTOCOL_WRONG)
        return said

    async def _say(self, message: Message) -> None:
        await self._emit({"type": "websocket.send", "text": encode(message).decode()})

    async def _hang_up(self, code: int | None) -> None:
        """Close; the listening side ends with it. Without a code the agent has left already."""
        if code in {UNREADABLE, PROTOCOL_WRONG}:
            counters().refused(Problem(ProblemCode.CLOUD_REJECTED, {"part": "link"}))
        if code is not None and not self._over:
            self._over = True
            await self._emit({"type": "websocket.close", "code": code})

    async def _fail(self, error: Exception) -> None:
        _log.warning("link of %s ends: %s", self.device.id, type(error).__name__)
        await self._hang_up(FAILED)

    async def _emit(self, event: Mapping[str, Any]) -> None:
        # A send to an agent that has just left is told by its disconnect, which ends the link.
        with suppress(OSError):
            await self._send(event)


async def _deny(error: ProblemError, scope: Scope, send: Send) -> None:
    """Answer the upgrade with the Problem, where the server can; otherwise with 403."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    await respond(refuse(error), send, "websocket.http.response")
