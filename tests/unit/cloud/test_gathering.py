"""Doing one thing for many: what comes meanwhile is done together, next."""

import asyncio
from collections.abc import Sequence

import pytest
from django.db import OperationalError

from hikae.cloud.agent_api.gathering import Gathering


class Slow:
    """Does something when it is let; what it did each time is written down."""

    def __init__(self) -> None:
        self.done: list[Sequence[int]] = []
        self.let = asyncio.Semaphore(0)
        self.fails = False

    async def __call__(self, entries: Sequence[int]) -> int:
        await self.let.acquire()
        if self.fails:
            raise OperationalError("no database")
        self.done.append(tuple(entries))
        return len(entries)


async def test_what_comes_while_something_is_done_is_done_together() -> None:
    slow = Slow()
    gathering = Gathering(slow)
    first = gathering.add(1)
    await asyncio.sleep(0)
    others = [gathering.add(number) for number in (2, 3, 4)]
    slow.let.release()
    slow.let.release()
    assert [await each for each in (first, *others)] == [1, 3, 3, 3]
    assert slow.done == [(1,), (2, 3, 4)]


async def test_whoever_waits_hears_that_it_failed_and_others_go_on() -> None:
    slow = Slow()
    gathering = Gathering(slow)
    slow.fails = True
    slow.let.release()
    with pytest.raises(OperationalError):
        await gathering.add(1)
    slow.fails = False
    slow.let.release()
    assert await gathering.add(2) == 1


async def test_closing_waits_for_all_that_was_added() -> None:
    slow = Slow()
    gathering = Gathering(slow, pause=0.001)
    gathering.add(1)
    gathering.add(2)
    slow.let.release()
    await gathering.close()
    assert slow.done == [(1, 2)]
