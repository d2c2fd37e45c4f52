"""Sets of days as bits."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hikae.cloud.statements.daysets import DaySet

DAYS = st.sets(st.dates(date(1989, 1, 8), date(2126, 1, 1)), min_size=1, max_size=20)


@given(DAYS)
def test_a_set_tells_its_days_from_the_newest_to_the_oldest(days: set[date]) -> None:
    assert list(DaySet.of(days).newest_first()) == sorted(days, reverse=True)


@given(DAYS, DAYS)
def test_two_sets_together_have_the_days_of_both(some: set[date], others: set[date]) -> None:
    assert DaySet.of(some) | DaySet.of(others) == DaySet.of(some | others)


@given(DAYS)
def test_a_set_comes_back_from_the_database_as_it_went(days: set[date]) -> None:
    kept = DaySet.of(days)
    assert DaySet.read(kept.first, kept.to_bytes()) == kept
