"""Balances around the rows of a file: told where they are true, and nowhere else."""

from datetime import date, timedelta

import pytest

from hikae.cloud.statements.carried import Known
from hikae.cloud.statements.exports.balances import Doubt, Doubtful, Edges, edges, widened
from hikae.model.statement import Period

FIRST = date(2026, 11, 2)
DAY = timedelta(days=1)


def day(number: int, total: int = 0, closing: int | None = None, *, covered: bool = True) -> Known:
    """The day `number` days after FIRST, with a row where there is a total."""
    return Known(FIRST + number * DAY, 1 if total else 0, total, closing, covered)


def span(first: int, last: int) -> Period:
    return Period(FIRST + first * DAY, FIRST + last * DAY)


UNBROKEN = [day(0, 500, 1_500), day(1), day(2, -200, 1_300)]


def test_what_the_bank_said_of_the_last_row_tells_what_was_before_the_first() -> None:
    assert edges(UNBROKEN, span(0, 2), rows=2) == Edges(1_000, 1_300)


def test_a_file_with_some_rows_of_its_days_has_no_balances() -> None:
    assert edges(UNBROKEN, span(0, 2), rows=1) == Doubtful(Doubt.SOME_ROWS)


def test_rows_chosen_by_a_filter_have_balances_where_they_are_all_of_their_days() -> None:
    assert edges(UNBROKEN, span(2, 2), rows=1) == Edges(1_500, 1_300)


def test_balances_that_do_not_meet_name_the_days_between_which_they_part() -> None:
    days = [day(0, 500, 1_500), day(4, -200, 900)]
    assert edges(days, span(0, 4), rows=2) == Doubtful(Doubt.GAP, span(0, 4))


def test_a_day_that_nobody_saw_is_harmless_between_balances_that_meet() -> None:
    days = [day(0, 500, 1_500), day(4, -200, 1_300)]
    assert edges(days, span(0, 4), rows=2) == Edges(1_000, 1_300)


@pytest.mark.parametrize(
    "days",
    [
        [day(0, 500), day(4, -200, 1_300)],  # before the first balance
        [day(0, 500, 1_500), day(4, -200)],  # after the last one
    ],
)
def test_a_day_that_nobody_saw_is_doubtful_beside_the_balances(days: list[Known]) -> None:
    assert edges(days, span(0, 4), rows=2) == Doubtful(Doubt.UNKNOWN)


def test_without_balances_of_their_own_rows_go_on_from_the_day_before() -> None:
    days = [day(-2, 100, 1_000), day(-1), day(0, 500), day(1, -200)]
    assert edges(days, span(0, 1), rows=2) == Edges(1_000, 1_300)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [day(-3, 100, 1_000)],  # then days that nobody saw
        [day(-2, 100, 1_000), day(-1, 50, covered=False)],  # perhaps not all rows of the day
    ],
)
def test_where_the_days_before_are_broken_nothing_is_known(before: list[Known]) -> None:
    days = [*before, day(0, 500), day(1, -200)]
    assert edges(days, span(0, 1), rows=2) == Doubtful(Doubt.UNKNOWN)


def test_rows_of_files_that_only_add_are_proven_by_their_own_balances() -> None:
    days = [day(0, 500, 1_500, covered=False), day(1, -200, 1_300, covered=False)]
    assert edges(days, span(0, 1), rows=2) == Edges(1_000, 1_300)


def test_a_file_is_of_the_days_that_are_known_to_be_empty_too_as_far_as_was_asked() -> None:
    days = [day(-3), day(-2), day(-1), *UNBROKEN, day(3), day(5)]
    assert widened(days, span(0, 2), span(-2, 9)) == span(-2, 3)
