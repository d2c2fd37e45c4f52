"""The link to the cloud: one WebSocket while it holds, polling while it does not.

Commands arrive numbered; each is handed over once and acknowledged when it is kept. Whatever else
a cloud says is counted and ends the conversation; the next one begins later.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from random import Random
from typing import Protocol

from msgspec.json import Decoder

from hikae import __version__
from hikae.agent.cloud import BASE, Cloud, ReleasedError
from hikae.agent.reading import UnreadableError, read
from hikae.agent.refusals import Refusals
from hikae.link.messages import PROTOCOL, Ack, AnyCommand, Hello, Welcome, encode, spoken
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.errors import TooMuchError

_log = logging.getLogger(__name__)

LINK_PATH = f"{BASE}/link"
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_POLL = 60.0
_POLL_WHILE_ASKED = 1.0
_WELCOME = 30.0
_WELCOMES = Decoder(Welcome)
_COMMANDS: Decoder[AnyCommand] = Decoder(AnyCommand)
_MOST_AHEAD = 100_000
"""How far a command's number may be ahead of the last one: more are never waiting."""


class Socket(Protocol):
    """A WebSocket as the link needs it; both raise ProblemError when it breaks."""

    async def send(self, text: str) -> None:
        """Send one text message."""

    async def receive(self) -> str | None:
        """The next message; None when the other side has closed."""

    async def close(self) -> None:
        """Close it; safe to call twice."""


class LinkError(ProblemError):
    """The cloud said something that this agent does not know, or more than it takes."""


class NotTakenError(LinkError):
    """It is on no list, not in its turn or too much. part: what; place: where in it."""

    def __init__(self, part: str, place: str = "") -> None:
        """Carry what was not taken, and nothing of what it said."""
        super().__init__(Problem(ProblemCode.CLOUD_REJECTED, {"part": part}))
        self.part = part
        self.place = place


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
        refusals: Refusals,
        random: Random,
    ) -> None:
        """`handle` keeps a command before it returns; `changed` hears whether the link is up.

        What is not taken is counted in `refusals`.
        """
        self._cloud = cloud
        self._connect = connect
        self._families = families
        self._after = after
        self._handle = handle
        self._changed = changed
        self._refusals = refusals
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
        pause, spared_until = _FIRST_PAUSE, 0.0
        while True:
            try:
                # Not soon after a link: a cloud that starts again has all its PCs to greet.
                if _seconds() >= spared_until:
                    await self._poll()  # also finds out whether the two clocks agree
                if await self._converse():
                    pause, spared_until = _FIRST_PAUSE, _seconds() + _POLL
            except ReleasedError:
                raise
            except ProblemError as error:
                if "status" in error.problem.details:  # the cloud is there: a poll tells why not
                    spared_until = 0.0
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
            up = self._welcomed(await _first_word(socket))
            while (text := await socket.receive()) is not None:
                command = _command(text)
                await self._take(command)
                await socket.send(encode(Ack(command.seq)).decode())
        except NotTakenError as error:
            self._refusals.count(error.part, error.place)
            if not up or error.part == "flood":
                raise
        except TooMuchError:
            self._refusals.count("flood")
            raise
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
                self._refusals.warn(outdated)
            raise LinkError(outdated)
        if not spoken(welcome.protocol):
            raise NotTakenError("protocol")
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
        try:
            for command in await self._cloud.commands(self._after()):
                await self._take(command)
        except NotTakenError as error:
            self._refusals.count(error.part, error.place)
            raise

    async def _take(self, command: AnyCommand) -> None:
        """Hand a command over, unless there are too many or its turn cannot have come."""
        if self._refusals.too_many():
            raise NotTakenError("flood")
        if not spoken(command.v):
            raise NotTakenError("protocol")
        if command.seq > self._after() + _MOST_AHEAD:
            raise NotTakenError("number")
        await self._handle(command)


def _seconds() -> float:
    return asyncio.get_running_loop().time()


async def _first_word(socket: Socket) -> Welcome:
    """The cloud's welcome; raises ProblemError where it says something else, or nothing."""
    try:
        async with asyncio.timeout(_WELCOME):
            text = await socket.receive()
    except TimeoutError:
        text = None
    if text is None:
        raise LinkError(Problem(ProblemCode.CLOUD_UNREACHABLE, {"reason": "no_welcome"}))
    try:
        welcome = read(text, _WELCOMES)
    except UnreadableError as error:
        raise NotTakenError("welcome", error.place) from None
    if not spoken(welcome.v):
        raise NotTakenError("protocol")
    return welcome


def _command(text: str) -> AnyCommand:
    try:
        return read(text, _COMMANDS)
    except UnreadableError as error:
        raise NotTakenError("message", error.place) from None
