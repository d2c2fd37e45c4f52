"""The link to the cloud: one WebSocket while it holds, polling while it does not.

Commands arrive numbered; each is handed over once and acknowledged when it is kept.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import Random
from typing import Protocol

import msgspec

from hikae import __version__
from hikae.agent.cloud import BASE, Cloud, ReleasedError
from hikae.link.messages import PROTOCOL, Ack, AnyCommand, Down, Hello, Welcome, encode, spoken
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)

LINK_PATH = f"{BASE}/link"
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_POLL = 60.0
_POLL_WHILE_ASKED = 1.0


class Socket(Protocol):
    """A WebSocket as the link needs it; both raise ProblemError when it breaks."""

    async def send(self, text: str) -> None:
        """Send one text message."""

    async def receive(self) -> str | None:
        """The next message; None when the other side has closed."""

    async def close(self) -> None:
        """Close it; safe to call twice."""


class LinkError(ProblemError):
    """The cloud said something over the link that this agent does not know."""


Connect = Callable[[], Awaitable[Socket]]


class Link:
    """Keeps one device in touch with its cloud."""

    def __init__(
        self,
        *,
        cloud: Cloud,
        connect: Connect,
        families: tuple[str, ...],
        after: Callable[[], int],
        handle: Callable[[AnyCommand], Awaitable[None]],
        changed: Callable[[bool], None],
        warn: Callable[[Problem], None],
        random: Random,
    ) -> None:
        """`handle` keeps a command before it returns; `changed` hears whether the link is up.

        `warn` hears that the cloud no longer understands this agent.
        """
        self._cloud = cloud
        self._connect = connect
        self._families = families
        self._after = after
        self._handle = handle
        self._changed = changed
        self._warn = warn
        self._random = random
        self._hurry = asyncio.Event()
        self._asked = False
        self._outdated = False

    def challenge_waits(self, *, waits: bool) -> None:
        """While a person is waited for, a poll without link comes every second."""
        self._asked = waits
        self._hurry.set()

    async def run(self) -> None:
        """Stay in touch until the cloud has released this PC: then raises ReleasedError."""
        pause = _FIRST_PAUSE
        while True:
            try:
                await self._poll()  # also finds out whether the two clocks agree
                if await self._converse():
                    pause = _FIRST_PAUSE
            except ReleasedError:
                raise
            except ProblemError as error:
                _log.info("no link: %s", error)
            await self._poll_for(pause * (0.5 + self._random.random()))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _converse(self) -> bool:
        """One WebSocket from beginning to end; whether it was ever up."""
        socket = await self._connect()
        up = False
        try:
            hello = Hello(PROTOCOL, __version__, self._families, self._after())
            await socket.send(encode(hello).decode())
            while (text := await socket.receive()) is not None:
                message = _read(text)
                if isinstance(message, Welcome):
                    up = self._welcomed(message)
                elif not up:
                    raise _rejected("welcome")
                else:
                    await self._handle(message)
                    await socket.send(encode(Ack(message.seq)).decode())
        except ProblemError:
            if not up:
                raise
        finally:
            if up:
                self._changed(False)
            await socket.close()
        return up

    def _welcomed(self, welcome: Welcome) -> bool:
        """Whether both speak the same; raises LinkError, and tells the person once what to do."""
        if welcome.minimum > PROTOCOL:
            details: dict[str, str | int] = {"minimum": welcome.minimum, "version": __version__}
            outdated = Problem(ProblemCode.AGENT_OUTDATED, details=details)
            if not self._outdated:
                self._outdated = True
                self._warn(outdated)
            raise LinkError(outdated)
        if not spoken(welcome.protocol):
            raise _rejected("protocol")
        self._outdated = False
        self._changed(True)
        return True

    async def _poll_for(self, seconds: float) -> None:
        """Poll until it is time to try the link again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while (left := end - loop.time()) > 0:
            self._hurry.clear()
            interval = _POLL_WHILE_ASKED if self._asked else _POLL
            try:
                await asyncio.wait_for(self._hurry.wait(), min(left, interval))
            except TimeoutError:
                if not self._asked:
                    continue
            try:
                await self._poll()
            except ReleasedError:
                raise
            except ProblemError as error:
                _log.info("poll failed: %s", error)

    async def _poll(self) -> None:
        for command in await self._cloud.commands(self._after()):
            await self._handle(command)


def _read(text: str) -> Down:
    try:
        message: Down = msgspec.json.decode(text, type=Down)
    except msgspec.MsgspecError as error:
        raise _rejected("link", str(error)[:200]) from None
    if not spoken(message.v):
        raise _rejected("protocol")
    return message


def _rejected(part: str, found: str = "") -> LinkError:
    return LinkError(Problem(ProblemCode.CLOUD_REJECTED, {"part": part, "found": found}))
