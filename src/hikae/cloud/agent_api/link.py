"""The link: one WebSocket a device, by which the cloud's commands arrive at once.

A plain ASGI handler beside Django. Commands are rows; a wake-up only says that there are new
ones, and whoever missed it looks again after a minute. Database calls run on threads of their
own, so that pages never wait for links nor links for pages.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import ParamSpec, TypeVar
from uuid import UUID, uuid4

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection

from hikae.cloud.agent_api import link_records as records
from hikae.cloud.agent_api.boundary import refuse
from hikae.cloud.agent_api.raw import Receive, Scope, Send, respond
from hikae.cloud.devices.switchboard import Wake, switchboard
from hikae.link.messages import (
    OLDEST_PROTOCOL,
    PROTOCOL,
    Ack,
    Hello,
    Message,
    Release,
    Up,
    Welcome,
    encode,
    spoken,
)
from hikae.model.clock import system_clock
from hikae.model.problems import ProblemError

PATH = "/agent/v1/link"
POLL = 60.0
"""Seconds after which rows are looked at even if nobody woke the link."""

HELLO = 15.0
"""Seconds in which an agent says its first word."""

PROTOCOL_WRONG, REPLACED, RELEASED, UNREADABLE = 4426, 4409, 4403, 4400
"""Close codes: versions do not meet, a newer link is open, the device has ended, no message."""

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
    """Answers the upgrades to a link of one process."""

    def __init__(self, threads: int = 4) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="link")

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

    async def run(
        self, call: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Result:
        """Call something that uses the database on a thread of the links."""

        def kept() -> Result:
            # These threads keep their connections, unlike those of requests, until one fails.
            try:
                return call(*args, **kwargs)
            except DatabaseError:
                connection.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._threads, kept)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown()


class Link:
    """One conversation with one device."""

    def __init__(
        self, links: Links, device: records.LinkedDevice, receive: Receive, send: Send
    ) -> None:
        self.id: UUID = uuid4()
        self._links = links
        self._device = device
        self._receive = receive
        self._send = send
        self._woken = asyncio.Event()

    async def talk(self) -> None:
        """Greet, then listen and speak until it is over."""
        code: int | None = None
        try:
            hello = await self._greeted()
            switchboard().plug(self._device.id, self.id, self._waker())
            await self._links.run(records.opened, self._device, self.id, hello.after)
            await self._welcome(hello)
            await self._converse(hello.after)
        except ClosedError as closed:
            code = closed.code
        except (DatabaseError, ObjectDoesNotExist) as error:
            _log.warning("link of %s ends: %s", self._device.id, type(error).__name__)
            code = 1011
        finally:
            switchboard().unplug(self._device.id, self.id)
            await self._links.run(records.closed, self._device, self.id)
        if code is not None:
            await self._send({"type": "websocket.close", "code": code})

    def _waker(self) -> Wake:
        """Sets the event from any thread."""
        loop = asyncio.get_running_loop()

        def wake() -> None:
            loop.call_soon_threadsafe(self._woken.set)

        return wake

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

    async def _converse(self, after: int) -> None:
        """Listen and speak at the same time; the first to end ends both."""
        sides = {
            asyncio.create_task(self._listen()),
            asyncio.create_task(self._speak(after)),
        }
        try:
            done, _ = await asyncio.wait(sides, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for side in sides:
                side.cancel()
            await asyncio.gather(*sides, return_exceptions=True)
        for side in done:
            side.result()

    async def _listen(self) -> None:
        while True:
            message = await self._hear()
            if not isinstance(message, Ack):
                raise ClosedError(UNREADABLE)
            await self._links.run(records.acknowledged, self._device, message.seq)

    async def _speak(self, after: int) -> None:
        while True:
            self._woken.clear()
            news = await self._links.run(records.news, self._device, self.id, after)
            for command in news.commands:
                await self._say(command)
                after = command.seq
                if isinstance(command, Release):
                    raise ClosedError(RELEASED)
            if news.replaced:
                raise ClosedError(REPLACED)
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL):
                    await self._woken.wait()

    async def _hear(self) -> Up:
        event = await self._receive()
        if event["type"] == "websocket.disconnect":
            raise ClosedError(None)
        try:
            said = _UP.decode(event.get("text") or event.get("bytes") or b"")
        except msgspec.MsgspecError:
            raise ClosedError(UNREADABLE) from None
        if not spoken(said.v):
            raise ClosedError(PROTOCOL_WRONG)
        return said

    async def _say(self, message: Message) -> None:
        # A send to an agent that has just left is told by its disconnect, which ends the link.
        with suppress(OSError):
            await self._send({"type": "websocket.send", "text": encode(message).decode()})


async def _deny(error: ProblemError, scope: Scope, send: Send) -> None:
    """Answer the upgrade with the Problem, where the server can; otherwise with 403."""
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close"})
        return
    await respond(refuse(error), send, "websocket.http.response")
