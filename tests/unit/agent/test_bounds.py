"""How often the PC goes to a bank without anybody at it."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from hikae.agent.bounds import A_DAY, MOST_A_DAY, SPACING, Run, Runs, next_by_itself
from hikae.agent.database import Database
from hikae.agent.memory import Memory
from hikae.agent.owntime import OwnTime
from hikae.model.fetch import Trigger
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CONNECTION, NOW, fetch, view

MINUTE = timedelta(minutes=1)


def run(ago: timedelta, *, here: bool = False, ended_as: ProblemCode | None = None) -> Run:
    return Run(NOW - ago, here, ended_as)


def test_the_first_run_may_begin_at_once() -> None:
    assert next_by_itself([], NOW) is None


def test_two_runs_are_ten_minutes_apart() -> None:
    assert next_by_itself([run(9 * MINUTE)], NOW) == NOW + MINUTE
    assert next_by_itself([run(10 * MINUTE)], NOW) is None


def test_what_was_started_on_the_pc_counts_for_the_spacing_but_not_for_the_day() -> None:
    by_hand = [run(SPACING * (n + 1), here=True) for n in range(2 * MOST_A_DAY)]
    assert next_by_itself(by_hand, NOW) is None
    just_now = run(MINUTE, here=True)
    assert next_by_itself([just_now, *by_hand], NOW) == NOW + 9 * MINUTE


def test_the_thirteenth_run_waits_until_the_first_is_a_day_old() -> None:
    runs = [run(SPACING * (n + 1)) for n in range(MOST_A_DAY)]
    assert next_by_itself(runs[:-1], NOW) is None
    assert next_by_itself(runs, NOW) == NOW - SPACING * MOST_A_DAY + A_DAY


@pytest.mark.parametrize("code", [ProblemCode.CHALLENGE_TIMEOUT, ProblemCode.CHALLENGE_WAITING])
def test_a_person_who_comes_back_to_a_question_is_not_made_to_wait(code: ProblemCode) -> None:
    assert next_by_itself([run(5 * MINUTE, ended_as=code)], NOW) is None


def test_who_misses_the_question_twice_waits() -> None:
    twice = [run(ago, ended_as=ProblemCode.CHALLENGE_TIMEOUT) for ago in (MINUTE, 7 * MINUTE)]
    assert next_by_itself(twice, NOW) == NOW + 9 * MINUTE


def test_another_failure_is_no_excuse() -> None:
    failed = run(MINUTE, ended_as=ProblemCode.BANK_UNREACHABLE)
    assert next_by_itself([failed], NOW) == NOW + 9 * MINUTE


def test_an_excuse_does_not_add_to_the_runs_of_a_day() -> None:
    runs = [run(SPACING * n + MINUTE) for n in range(1, MOST_A_DAY)]
    missed = run(MINUTE, ended_as=ProblemCode.CHALLENGE_TIMEOUT)
    assert next_by_itself([missed, *runs], NOW) == runs[-1].begun_at + A_DAY


class Pc:
    """A PC whose clock can be set, and whose counter cannot."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = NOW
        self.counter = 1000.0
        self.runs = self.restarted()

    def restarted(self) -> Runs:
        own_time = OwnTime(lambda: self.clock, lambda: self.counter)
        self.runs = Runs(self.database, own_time)
        return self.runs

    def passes(self, time: timedelta) -> None:
        self.clock += time
        self.counter += time.total_seconds()

    def fetches(self, number: int, trigger: Trigger = Trigger.CLOUD) -> None:
        self.runs.begin(fetch(number, trigger=trigger))

    def set_clock(self, moment: datetime) -> None:
        self.clock = moment


@pytest.fixture
def pc(database: Database) -> Pc:
    """Return a PC that has fetched nothing yet."""
    return Pc(database)


@pytest.mark.parametrize("trigger", [Trigger.CLOUD, Trigger.SCHEDULE, Trigger.RETRY])
def test_whatever_is_not_started_here_counts_alike_also_after_a_restart(
    pc: Pc, trigger: Trigger
) -> None:
    for number in range(MOST_A_DAY):
        assert pc.runs.wait(CONNECTION) is None
        pc.fetches(number, trigger)
        assert pc.runs.wait(CONNECTION) == SPACING
        pc.passes(SPACING)
    assert pc.runs.wait(CONNECTION) == A_DAY - SPACING * MOST_A_DAY
    assert pc.restarted().wait(CONNECTION) == A_DAY - SPACING * MOST_A_DAY
    pc.passes(A_DAY - SPACING * MOST_A_DAY)
    assert pc.runs.wait(CONNECTION) is None


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_while_the_engine_runs_changes_nothing(pc: Pc, jump: timedelta) -> None:
    pc.fetches(1)
    pc.set_clock(NOW + jump)
    assert pc.runs.wait(CONNECTION) == SPACING
    pc.passes(SPACING)
    assert pc.runs.wait(CONNECTION) is None


def test_a_clock_that_was_put_back_does_not_lock_the_pc_for_longer_than_the_bounds(pc: Pc) -> None:
    for number in range(MOST_A_DAY):
        pc.fetches(number)
        pc.passes(SPACING)
    pc.set_clock(NOW - timedelta(days=400))
    assert pc.restarted().wait(CONNECTION) == SPACING
    pc.passes(SPACING)
    assert pc.restarted().wait(CONNECTION) == A_DAY - SPACING
    pc.passes(A_DAY - SPACING)
    assert pc.restarted().wait(CONNECTION) is None


def test_a_connection_that_the_cloud_takes_away_and_brings_back_is_bounded_as_before(
    pc: Pc, memory: Memory
) -> None:
    memory.keep_views([view()])
    pc.fetches(1)
    memory.keep_views([])
    memory.keep_views([view()])
    assert pc.runs.wait(CONNECTION) == SPACING


def test_connections_are_bounded_each_for_itself(pc: Pc) -> None:
    pc.fetches(1)
    assert pc.runs.wait(UUID(int=2)) is None


def test_how_a_run_ended_is_remembered(pc: Pc) -> None:
    pc.fetches(1)
    pc.runs.end(UUID(int=1), Problem(ProblemCode.CHALLENGE_TIMEOUT))
    assert pc.restarted().wait(CONNECTION) is None
