"""When a bank answers."""

from datetime import date, datetime, timedelta

import pytest

from hikae.catalogue.institution import Hours
from hikae.catalogue.opening import opening
from hikae.model.clock import JAPAN

HOURS = Hours(weekday="07:00-23:00", saturday="07:00-22:00", holiday="08:00-21:00")


@pytest.mark.parametrize(
    ("day", "opens", "closes"),
    [
        (date(2026, 11, 24), 7, 23),  # a Tuesday
        (date(2026, 11, 28), 7, 22),  # a Saturday
        (date(2026, 11, 29), 8, 21),  # a Sunday
        (date(2026, 11, 23), 8, 21),  # a Monday, the day of labour
        (date(2026, 9, 22), 8, 21),  # a Tuesday between two holidays
        (date(2024, 2, 12), 8, 21),  # the Monday after a holiday that was a Sunday
    ],
)
def test_each_kind_of_day_has_its_hours(day: date, opens: int, closes: int) -> None:
    found = opening(HOURS, day)
    assert found is not None
    assert found.opens == datetime(day.year, day.month, day.day, opens, tzinfo=JAPAN)
    assert found.closes == datetime(day.year, day.month, day.day, closes, tzinfo=JAPAN)


def test_a_bank_that_is_closed_on_holidays_has_no_opening_then() -> None:
    assert opening(Hours(holiday=""), date(2026, 11, 23)) is None


def test_a_day_may_last_until_midnight_or_beyond_it() -> None:
    whole = opening(Hours(), date(2026, 11, 24))
    late = opening(Hours(weekday="22:00-02:00"), date(2026, 11, 24))
    assert whole is not None
    assert late is not None
    assert whole.closes - whole.opens == timedelta(days=1)
    assert late.closes == datetime(2026, 11, 25, 2, tzinfo=JAPAN)
