"""The link as a conversation with a socket."""

import asyncio
import random
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import msgspec
import pytest

from hikae.agent.cloud import ReleasedError
from hikae.agent.link import Link, LinkError
from hikae.agent.refusals import MOST_AT_ONCE, Refusals
from hikae.link.messages import (
    PROTOCOL,
    Ack,
    AnyCommand,
    Commands,
    Hello,
    Message,
    Refresh,
    RunFetch,
    Up,
    Welcome,
    encode,
)
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.servers import Answering, cloud_at, refusal

WELCOME = Welcome(protocol=PROTOCOL, minimum=1, now=datetime(2026, 11, 24, tzinfo=UTC))
NO_COMMANDS = (200, encode(Commands(())))


class Line:
    """A socket that says what it was given, then hears until it is closed or breaks."""

    def __init__(self, *words: Message | str, breaks: bool = False) -> None:
        self._words = [w if isinstance(w, str) else encode(w).decode() for w in words]
        self._breaks = breaks
        self.heard: list[Up] = []
        self.closed = False

    async def send(self, text: str) -> None:
        self.heard.append(msgspec.json.decode(text, type=Up))

    async def receive(self) -> str | None:
        if self._words:
            return self._words.pop(0)
        if self._breaks:
            raise LinkError(Problem(ProblemCode.CLOUD_UNREACHABLE))
        return None

    async def close(self) -> None:
        self.closed = True


class Pc:
    """A link over given lines; it ends when the cloud has released the PC."""

    def __init__(self, *lines: Line, polls: list[tuple[int, bytes]] | None = None) -> None:
        released = (403, refusal(ProblemCode.DEVICE_RELEASED))
        self.server = Answering(*(polls or [NO_COMMANDS] * len(lines)), released)
        self.lines = list(lines)
        self.polls_at_connecting: list[int] = []
        self.done: list[AnyCommand] = []
        self.ups: list[bool] = []
        self.warnings: list[Problem] = []
        self.link = Link(
            cloud=cloud_at(self.server),
            connect=self._connect,
            families=("bizsol",),
            after=lambda: self.done[-1].seq if self.done else 0,
            handle=self._handle,
            changed=self.ups.append,
            refusals=Refusals(self.warnings.append, lambda: 0.0),
            random=random.Random(1),
        )

    async def run(self) -> None:
        """Until it is released; it never has to sleep, as a person waits."""
        self.link.challenge_waits(waits=True)
        with suppress(ReleasedError):
            await asyncio.wait_for(self.link.run(), 30)

    async def _connect(self) -> Line:
        self.polls_at_connecting.append(len(self.server.asked))
        if not self.lines:
            raise LinkError(Problem(ProblemCode.CLOUD_REJECTED, {"status": 403}))
        return self.lines.pop(0)

    async def _handle(self, command: AnyCommand) -> None:
        self.done.append(command)


def run_fetch(seq: int) -> RunFetch:
    return RunFetch(seq=seq, fetch=UUID(int=seq), connection=UUID(int=1))


async def test_each_command_is_acknowledged_when_it_is_kept() -> None:
    line = Line(WELCOME, run_fetch(1), Refresh(seq=2))
    pc = Pc(line)
    await pc.run()
    assert [each.seq for each in pc.done] == [1, 2]
    hello, *acks = line.heard
    assert isinstance(hello, Hello)
    assert (hello.protocol, hello.after, hello.families) == (PROTOCOL, 0, ("bizsol",))
    assert acks == [Ack(1), Ack(2)]
    assert pc.ups == [True, False]
    assert line.closed


async def test_a_poll_brings_what_was_missed_and_the_hello_says_so() -> None:
    line = Line(WELCOME)
    pc = Pc(line, polls=[(200, encode(Commands((run_fetch(4),))))])
    await pc.run()
    assert [each.seq for each in pc.done] == [4]
    assert isinstance(line.heard[0], Hello)
    assert line.heard[0].after == 4


@pytest.mark.parametrize(
    "words",
    [
        '{"kind": "transfer", "seq": 1}',
        "not JSON",
        encode(Welcome(protocol=1, minimum=PROTOCOL + 1, now=WELCOME.now)).decode(),
        encode(Welcome(protocol=0, minimum=0, now=WELCOME.now)).decode(),
        encode(Welcome(protocol=PROTOCOL + 1, minimum=1, now=WELCOME.now)).decode(),
        encode(Welcome(v=PROTOCOL + 1, protocol=1, minimum=1, now=WELCOME.now)).decode(),
        encode(run_fetch(1)).decode(),
    ],
)
async def test_what_the_agent_does_not_understand_ends_the_link_and_does_nothing(
    words: str,
) -> None:
    line = Line(words)
    pc = Pc(line)
    await pc.run()
    assert pc.done == []
    assert pc.ups == []
    assert line.closed


async def test_a_command_in_a_version_that_nobody_agreed_to_is_not_carried_out() -> None:
    line = Line(WELCOME, encode(Refresh(v=PROTOCOL + 1, seq=1)).decode())
    pc = Pc(line)
    await pc.run()
    assert pc.done == []
    assert line.closed


@pytest.mark.parametrize(
    "words",
    [
        '{"kind": "transfer", "seq": 1}',
        '{"kind": "refresh", "seq": "1"}',
        '{"kind": "refresh", "seq": 1e3}',
        '{"kind": "refresh", "seq": -1}',
        '{"kind": "refresh", "seq": 99999999999999999999}',
        '{"kind": "refresh", "seq": 1000000}',
        '{"kind": "refresh", "seq": 1, "deep": ' + "[" * 100_000 + "]" * 100_000 + "}",
        "[]",
        "",
        encode(WELCOME).decode(),
    ],
)
async def test_what_is_not_taken_is_counted_and_told_and_the_line_is_closed(words: str) -> None:
    line = Line(WELCOME, Refresh(seq=1), words, Refresh(seq=2))
    pc = Pc(line)
    await pc.run()
    assert [each.seq for each in pc.done] == [1]
    assert line.closed
    (told,) = pc.warnings
    assert (told.code, told.details["refused"]) == (ProblemCode.CLOUD_REJECTED, 1)


async def test_more_than_a_pc_takes_at_once_is_cut_off() -> None:
    line = Line(WELCOME, *[Refresh(seq=number) for number in range(1, MOST_AT_ONCE + 100)])
    pc = Pc(line)
    await pc.run()
    assert len(pc.done) == MOST_AT_ONCE
    assert line.closed
    assert [told.details["part"] for told in pc.warnings] == ["flood"]


async def test_what_is_not_taken_in_a_poll_is_counted_too() -> None:
    ahead = (200, encode(Commands((run_fetch(2**40),))))
    foreign = (200, b'{"commands": [{"kind": "transfer", "seq": 1}]}')
    pc = Pc(polls=[ahead, foreign])
    await pc.run()
    assert pc.done == []
    assert [told.details["part"] for told in pc.warnings] == ["number"]


async def test_a_person_is_told_once_that_the_cloud_needs_a_newer_agent() -> None:
    newer = Welcome(protocol=1, minimum=PROTOCOL + 1, now=WELCOME.now)
    pc = Pc(Line(newer), Line(newer))
    await pc.run()
    (told,) = pc.warnings
    assert told.code is ProblemCode.AGENT_OUTDATED
    assert told.details["minimum"] == PROTOCOL + 1


async def test_a_line_that_breaks_is_told_and_closed() -> None:
    line = Line(WELCOME, breaks=True)
    pc = Pc(line)
    await pc.run()
    assert pc.ups == [True, False]
    assert line.closed


async def test_a_cloud_that_has_released_the_pc_ends_the_link() -> None:
    with pytest.raises(ReleasedError):
        await asyncio.wait_for(Pc().link.run(), 30)


async def test_after_a_link_the_next_is_tried_without_a_poll_until_the_cloud_refuses_one() -> None:
    pc = Pc(Line(WELCOME))
    with pytest.raises(ReleasedError):
        await asyncio.wait_for(pc.link.run(), 60)
    assert pc.polls_at_connecting == [1, 1]
    assert len(pc.server.asked) == 2
