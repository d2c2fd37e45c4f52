"""How often a cloud may send the PC to a bank."""

from datetime import timedelta

import pytest

from hikae.agent.bounds import A_DAY, MOST_A_DAY, SPACING, next_by_cloud
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import ProblemCode
from tests.unit.agent.made import NOW, fetch

MINUTE = timedelta(minutes=1)


def test_the_first_run_may_begin_at_once() -> None:
    assert next_by_cloud([], NOW) is None


def test_two_runs_are_ten_minutes_apart() -> None:
    assert next_by_cloud([fetch(1, ago=9 * MINUTE)], NOW) == NOW + MINUTE
    assert next_by_cloud([fetch(1, ago=10 * MINUTE)], NOW) is None


def test_what_was_started_on_the_pc_counts_for_the_spacing_but_not_for_the_day() -> None:
    by_hand = [
        fetch(n, ago=SPACING * (n + 1), trigger=Trigger.COMMAND) for n in range(2 * MOST_A_DAY)
    ]
    assert next_by_cloud(by_hand, NOW) is None
    just_now = fetch(99, ago=MINUTE, trigger=Trigger.DESKTOP)
    assert next_by_cloud([just_now, *by_hand], NOW) == NOW + 9 * MINUTE


def test_the_thirteenth_run_waits_until_the_first_is_a_day_old() -> None:
    runs = [fetch(n, ago=SPACING * (n + 1)) for n in range(MOST_A_DAY)]
    assert next_by_cloud(runs[:-1], NOW) is None
    assert next_by_cloud(runs, NOW) == NOW - SPACING * MOST_A_DAY + A_DAY


@pytest.mark.parametrize("code", [ProblemCode.CHALLENGE_TIMEOUT, ProblemCode.CHALLENGE_WAITING])
def test_a_person_who_comes_back_to_a_question_is_not_made_to_wait(code: ProblemCode) -> None:
    missed = fetch(1, ago=5 * MINUTE, state=FetchState.FAILED, code=code)
    assert next_by_cloud([missed], NOW) is None


def test_who_misses_the_question_twice_waits() -> None:
    twice = [
        fetch(n, ago=ago, state=FetchState.FAILED, code=ProblemCode.CHALLENGE_TIMEOUT)
        for n, ago in ((2, MINUTE), (1, 7 * MINUTE))
    ]
    assert next_by_cloud(twice, NOW) == NOW + 9 * MINUTE


def test_another_failure_is_no_excuse() -> None:
    failed = fetch(1, ago=MINUTE, state=FetchState.FAILED, code=ProblemCode.BANK_UNREACHABLE)
    assert next_by_cloud([failed], NOW) == NOW + 9 * MINUTE
