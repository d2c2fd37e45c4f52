"""What is fetched by itself, with a clock that the test moves."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from hikae.agent.database import Database
from hikae.agent.dues import Due, Dues
from hikae.agent.engine import Event, Reminded
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.scheduler import Scheduler
from hikae.agent.timetable import NEVER, Plan
from hikae.catalogue.institution import ChallengeHabit, Hours, Institution
from hikae.model.clock import JAPAN
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CERTIFICATE, CONNECTION, view

MINUTE = timedelta(minutes=1)
DEVICE = UUID(int=9)
BANK = Institution(
    code="9901",
    name="北町銀行",
    kana="キタマチギンコウ",
    family="bizsol",
    sign_in="",
    hosts=(),
    login=(),
    hours=Hours(weekday="07:00-23:00", saturday="", holiday=""),
)


def at(hour: int, minute: int = 0, day: int = 24) -> datetime:
    """A moment of November 2026 in Japan; the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=JAPAN)


class Pc:
    """A PC whose clock goes on when the test says so; it looks once a minute."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.memory = Memory(database)
        self.now = at(7)
        self.bank = BANK
        self.begun: list[tuple[datetime, Trigger]] = []
        self.told: list[Event] = []
        self.memory.keep_connection(
            RememberedConnection(view(), enabled=True, certificate=CERTIFICATE)
        )
        self.start(Plan())

    def start(self, plan: Plan) -> None:
        """The program, again after it was off."""
        self.dues = Dues(self.database, plan)
        self.scheduler = Scheduler(
            device=DEVICE,
            dues=self.dues,
            memory=self.memory,
            institution=lambda _: self.bank,
            queue=self._queue,
            report=self._report,
            clock=lambda: self.now,
            sleep=self._sleep,
            tell=self.told.append,
        )

    def run(self, until: datetime) -> Sequence[tuple[datetime, Trigger]]:
        """Work until a moment; what was begun since."""
        before = len(self.begun)
        while self.now < until:
            self.scheduler.look()
            self.now += MINUTE
        return self.begun[before:]

    def sleep(self, until: datetime) -> None:
        """Do nothing, as a PC that is asleep."""
        self.now = until

    def fail(self, code: ProblemCode, trigger: Trigger = Trigger.SCHEDULE) -> None:
        """A fetch ends with a problem."""
        fetch = Fetch(
            uuid4(),
            CONNECTION,
            trigger,
            FetchState.FAILED,
            queued_at=self.now,
            started_at=self.now,
            ended_at=self.now,
            problem=Problem(code),
        )
        self.memory.keep_fetch(fetch, dialog_done=False)
        self.scheduler.ended(fetch)

    def _queue(self, connection: UUID, trigger: Trigger) -> UUID:
        assert connection == CONNECTION
        self.begun.append((self.now, trigger))
        return uuid4()

    async def _report(self) -> None:
        """Nobody listens."""

    async def _sleep(self, _: float) -> None:
        """No test waits."""


@pytest.fixture
def pc(database: Database) -> Pc:
    """Return a PC at seven on a Tuesday."""
    return Pc(database)


def test_an_enabled_connection_is_fetched_three_times_a_day(pc: Pc) -> None:
    begun = pc.run(until=at(7, day=26))
    assert [trigger for _, trigger in begun] == [Trigger.SCHEDULE] * 6
    hours = [(moment.day, moment.hour) for moment, _ in begun]
    assert hours == [(24, 8), (24, 12), (24, 16), (25, 8), (25, 12), (25, 16)]


def test_it_is_told_when_the_next_time_is(pc: Pc) -> None:
    pc.scheduler.look()
    due = pc.dues.of(CONNECTION)
    assert due is not None
    assert at(8, 30) <= due.at < at(8, 51)
    assert pc.run(until=at(9))[0][0] - due.at < MINUTE


@pytest.mark.parametrize("change", ["disabled", "stopped", "plan", "never"])
def test_nothing_is_fetched_that_is_switched_off_here_or_there(pc: Pc, change: str) -> None:
    pc.scheduler.look()
    known = pc.memory.connections()[0]
    if change == "disabled":
        pc.memory.keep_connection(replace(known, enabled=False))
    elif change == "stopped":
        pc.memory.keep_connection(replace(known, view=view(stopped=True)))
    elif change == "plan":
        without = msgspec.structs.replace(view(), plan_allows=False)
        pc.memory.keep_connection(replace(known, view=without))
    else:
        pc.dues.plan = NEVER
    assert pc.run(until=at(7, day=25)) == []
    assert pc.dues.of(CONNECTION) is None


def test_a_bank_that_is_closed_is_left_alone(pc: Pc) -> None:
    pc.sleep(until=at(22, day=27))  # a Friday; the Saturday and the Sunday follow
    pc.scheduler.look()
    assert pc.run(until=at(7, day=30)) == []
    assert pc.run(until=at(9, day=30))


def test_a_time_that_was_slept_through_is_caught_up_once_within_half_an_hour(pc: Pc) -> None:
    pc.scheduler.look()
    pc.sleep(until=at(14))
    begun = pc.run(until=at(16))
    assert len(begun) == 1
    assert at(14) <= begun[0][0] <= at(14, 31)


def test_a_time_while_the_program_was_off_is_caught_up_too(pc: Pc) -> None:
    pc.scheduler.look()
    pc.sleep(until=at(14, day=26))
    pc.start(Plan())
    assert len(pc.run(until=at(16, day=26))) == 1


def test_a_restart_in_the_half_hour_does_not_lose_what_is_to_be_caught_up(pc: Pc) -> None:
    pc.scheduler.look()
    pc.sleep(until=at(14))
    pc.scheduler.look()
    pc.start(Plan())
    assert len(pc.run(until=at(16))) == 1


def test_what_was_missed_while_the_bank_has_closed_waits_for_its_next_time(pc: Pc) -> None:
    pc.scheduler.look()
    pc.sleep(until=at(23, 30))
    assert pc.run(until=at(7, day=25)) == []


def test_a_restart_at_the_very_minute_neither_loses_nor_doubles_a_fetch(pc: Pc) -> None:
    pc.scheduler.look()
    due = pc.dues.of(CONNECTION)
    assert due is not None
    pc.sleep(until=due.at)
    pc.start(Plan())
    assert len(pc.run(until=due.at + 10 * MINUTE)) == 1
    pc.start(Plan())
    assert pc.run(until=due.at + 60 * MINUTE) == []


def test_a_clock_that_is_put_back_does_not_stop_the_fetches(pc: Pc) -> None:
    pc.sleep(until=at(13, day=25))
    pc.scheduler.look()
    pc.sleep(until=at(7))
    assert len(pc.run(until=at(9))) == 1


def test_a_clock_that_is_put_forward_a_year_fetches_once_and_goes_on(pc: Pc) -> None:
    pc.scheduler.look()
    pc.now = pc.now.replace(year=2027)
    begun = pc.run(until=pc.now + timedelta(hours=10))
    assert 1 <= len(begun) <= 4


def test_a_new_plan_holds_from_now_on(pc: Pc) -> None:
    pc.scheduler.look()
    pc.dues.plan = Plan(times=("07:30",))
    assert [moment.hour for moment, _ in pc.run(until=at(23))] == [7]


def test_a_bank_that_asks_every_time_is_not_visited_but_a_person_is_reminded(pc: Pc) -> None:
    pc.bank = replace(BANK, challenge=ChallengeHabit.ALWAYS)
    assert pc.run(until=at(9)) == []
    assert pc.told == [Reminded(CONNECTION)]


def test_what_passes_by_itself_is_tried_again_later_and_later(pc: Pc) -> None:
    pc.run(until=at(9))
    pauses = []
    for _ in range(3):
        before = pc.now
        pc.fail(ProblemCode.BANK_UNREACHABLE, pc.begun[-1][1])
        due = pc.dues.of(CONNECTION)
        assert due is not None
        assert due.trigger is Trigger.RETRY
        pauses.append(due.at - before)
        pc.run(until=due.at + MINUTE)
        assert pc.begun[-1][1] is Trigger.RETRY
    assert pauses == [15 * MINUTE, 30 * MINUTE, 60 * MINUTE]


def test_a_retry_never_comes_after_the_next_planned_time(pc: Pc) -> None:
    pc.run(until=at(9))
    planned = pc.dues.of(CONNECTION)
    assert planned is not None
    pc.run(until=planned.at - 10 * MINUTE)
    pc.fail(ProblemCode.MAINTENANCE)
    assert pc.dues.of(CONNECTION) == planned
    assert planned.trigger is Trigger.SCHEDULE


@pytest.mark.parametrize("code", [ProblemCode.WRONG_PASSWORD, ProblemCode.SITE_CHANGED])
def test_what_needs_somebody_is_not_tried_again_by_itself(pc: Pc, code: ProblemCode) -> None:
    pc.run(until=at(9))
    before = pc.dues.of(CONNECTION)
    pc.fail(code)
    assert pc.dues.of(CONNECTION) == before


def test_what_a_person_began_is_left_to_that_person(pc: Pc) -> None:
    pc.run(until=at(9))
    before = pc.dues.of(CONNECTION)
    pc.fail(ProblemCode.BANK_UNREACHABLE, Trigger.DESKTOP)
    assert pc.dues.of(CONNECTION) == before


def test_a_connection_that_is_gone_is_forgotten(pc: Pc) -> None:
    other = UUID(int=5)
    pc.dues.keep(other, Due(at(9), Trigger.SCHEDULE))
    pc.scheduler.look()
    assert pc.dues.of(other) is None
    assert Dues(pc.database, Plan()).of(other) is None


def test_a_pc_that_wakes_for_a_moment_each_hour_is_not_put_off_for_ever_in_a_year(
    pc: Pc,
) -> None:
    for _ in range(365 * 24):
        pc.scheduler.look()
        pc.now += timedelta(hours=1)
    days = {moment.date() for moment, _ in pc.begun}
    assert len(days) > 240  # those on which the bank is open
    assert len(pc.begun) <= 3 * len(days)
