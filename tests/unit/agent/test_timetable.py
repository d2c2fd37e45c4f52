"""When a connection is fetched by itself."""

from datetime import date, datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikae.agent.timetable import CATCHING_UP, NEVER, SPREAD, Plan, Timetable, share
from hikae.catalogue.institution import Hours
from hikae.model.clock import JAPAN

OFFICE = Hours(weekday="09:00-15:00", saturday="", holiday="")
TUESDAY = date(2026, 11, 24)


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=JAPAN)


def times(table: Timetable, since: datetime, count: int) -> list[datetime]:
    found: list[datetime] = []
    while len(found) < count:
        following = table.after(found[-1] if found else since)
        assert following is not None
        found.append(following)
    return found


def test_unless_told_otherwise_it_is_three_times_a_day() -> None:
    table = Timetable(Plan(), Hours(), share=0.0)
    assert times(table, at(0), 4) == [
        at(8, 30),
        at(12, 30),
        at(16, 30),
        at(8, 30, date(2026, 11, 25)),
    ]


def test_a_planned_time_outside_the_hours_moves_into_them_and_counts_once() -> None:
    table = Timetable(Plan(times=("06:00", "07:00", "12:00", "22:00")), OFFICE, share=0.0)
    assert times(table, at(0), 3) == [at(9, 5), at(12), at(14, 30)]


def test_days_on_which_the_bank_is_closed_are_passed_over() -> None:
    friday, monday_of_labour = date(2026, 11, 20), date(2026, 11, 23)
    assert monday_of_labour.weekday() == 0
    table = Timetable(Plan(times=("12:00",)), OFFICE, share=0.0)
    assert times(table, at(0, day=friday), 2) == [at(12, day=friday), at(12)]


def test_every_few_hours_counts_from_the_opening() -> None:
    table = Timetable(Plan(every=2), OFFICE, share=0.0)
    assert times(table, at(0), 4) == [at(9, 5), at(11), at(13), at(9, 5, date(2026, 11, 25))]


def test_without_a_plan_and_without_openings_there_is_no_time() -> None:
    assert Timetable(NEVER, Hours(), share=0.5).after(at(0)) is None
    closed = Hours(weekday="", saturday="", holiday="")
    assert Timetable(Plan(), closed, share=0.5).after(at(0)) is None


def test_pcs_are_spread_and_each_keeps_its_place() -> None:
    connection = UUID(int=7)
    places = [share(uuid5(connection, str(n)), connection) for n in range(300)]
    assert places == [share(uuid5(connection, str(n)), connection) for n in range(300)]
    assert min(places) < 0.05
    assert max(places) > 0.95
    tenths = [sum(n / 10 <= place < (n + 1) / 10 for place in places) for n in range(10)]
    assert min(tenths) > 10


@pytest.mark.parametrize("place", [0.0, 0.5, 0.999])
def test_what_was_missed_is_made_good_within_half_an_hour_while_the_bank_is_open(
    place: float,
) -> None:
    table = Timetable(Plan(), OFFICE, place)
    soon = table.soon(at(10))
    assert soon is not None
    assert at(10) <= soon <= at(10) + CATCHING_UP
    assert table.soon(at(20)) is None


@given(
    place=st.floats(0, 1, exclude_max=True),
    opens=st.integers(0, 22),
    length=st.integers(1, 12),
    planned=st.lists(st.times(), min_size=1, max_size=6),
    every=st.integers(0, 24),
)
def test_times_follow_each_other_lie_in_the_hours_and_are_never_further_than_planned(
    place: float, opens: int, length: int, planned: list[object], every: int
) -> None:
    closes = min(opens + length, 24)
    span = f"{opens:02}:00-{closes:02}:00"
    plan = Plan(tuple(str(each)[:5] for each in planned), every)
    table = Timetable(plan, Hours(span, span, span), place)
    found = times(table, at(0), 12)
    assert all(one < other for one, other in pairwise(found))
    for each in found:
        assert table.is_open(each) or each == at(0, day=each.date()) + timedelta(hours=closes)
    if every:
        pauses = [other - one for one, other in pairwise(found)]
        assert max(pauses) <= timedelta(days=1) + SPREAD
