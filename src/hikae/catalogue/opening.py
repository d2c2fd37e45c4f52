"""When a bank answers on a day: its hours, Saturdays, and the holidays of Japan."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import jpholiday

from hikae.catalogue.institution import Hours
from hikae.model.clock import JAPAN

_SATURDAY, _SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class Opening:
    """From when to when, aware; closes may lie on the next day."""

    opens: datetime
    closes: datetime


def opening(hours: Hours, day: date) -> Opening | None:
    """The opening that begins on a day of Japan, None where the bank stays closed."""
    span = _span(hours, day)
    if not span:
        return None
    opens, closes = (_moment(day, text) for text in span.split("-"))
    return Opening(opens, closes if closes > opens else closes + timedelta(days=1))


def _span(hours: Hours, day: date) -> str:
    if day.weekday() == _SUNDAY or jpholiday.is_holiday(day):
        return hours.holiday
    return hours.saturday if day.weekday() == _SATURDAY else hours.weekday


def _moment(day: date, text: str) -> datetime:
    hour, minute = map(int, text.split(":"))
    return datetime.combine(day, time(), JAPAN) + timedelta(hours=hour, minutes=minute)
