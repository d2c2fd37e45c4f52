"""However often a cloud asks, a bank is visited with measure."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio

from hikae.agent.bounds import MOST_A_DAY, SPACING
from hikae.agent.owntime import seconds_awake_and_asleep
from hikae.model.clock import japan_day, system_clock
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.system.agent.books import passwords_sent
from tests.system.hostile.pc import Pc

pytestmark = pytest.mark.asyncio(loop_scope="module")


BEHIND = (MOST_A_DAY + 5) * SPACING
"""More than a test puts a watch forward."""


class Watch:
    """This PC's own time, put forward by a test."""

    def __init__(self) -> None:
        self.ahead = timedelta()
        now = system_clock()
        # Put forward or not, it shows the day that it is at the banks.
        self.behind = BEHIND if japan_day(now - BEHIND) == japan_day(now) else timedelta()

    def clock(self) -> datetime:
        return system_clock() - self.behind

    def counter(self) -> float:
        return seconds_awake_and_asleep() + self.ahead.total_seconds()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def watch(pc: Pc, connection: UUID) -> AsyncIterator[Watch]:
    """Return the watch of a PC that has just been started."""
    watch = Watch()
    await pc.restart(clock=watch.clock, counter=watch.counter)
    yield watch


async def test_a_storm_of_runs_is_one_visit_and_everybody_hears_why(
    pc: Pc, connection: UUID, watch: Watch
) -> None:
    customer = pc.customers[connection]
    await pc.is_linked()
    before = passwords_sent(pc.bank, customer)
    events = pc.engine.events()
    asked = [pc.run(connection) for _ in range(200)]
    ended = [await pc.ended(events, fetch) for fetch in asked]
    assert [each.state for each in ended].count(FetchState.DONE) == 1
    refused = [each.problem for each in ended if each.problem is not None]
    assert {problem.code for problem in refused} == {ProblemCode.RATE_LIMITED}
    assert all(problem.retry_at is not None for problem in refused)
    assert passwords_sent(pc.bank, customer) == before + 1


async def test_a_cloud_that_never_tires_causes_twelve_visits_a_day(
    pc: Pc, connection: UUID, watch: Watch
) -> None:
    customer = pc.customers[connection]
    before = passwords_sent(pc.bank, customer)
    for _ in range(MOST_A_DAY + 3):
        watch.ahead += SPACING
        events = pc.engine.events()
        await pc.ended(events, pc.run(connection))
    assert passwords_sent(pc.bank, customer) == before + MOST_A_DAY - 1
    await pc.is_as_before(connection)  # a person here is not bound


async def test_runs_of_connections_that_nobody_has_leave_nothing_behind(
    pc: Pc, connection: UUID, watch: Watch
) -> None:
    made_up = [pc.run(uuid4()) for _ in range(20)]
    await pc.is_linked()
    assert [await pc.engine.fetch_state(fetch) for fetch in made_up] == [None] * 20
    await pc.is_as_before(connection)
