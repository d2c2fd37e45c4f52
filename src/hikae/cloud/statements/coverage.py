"""Of which days an account's rows are known, month by month."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from hikae.cloud.statements.models import AccountDay
from hikae.model.statement import Period

_LONGEST = 120
"""Months that are shown; older ones stay out."""


class DayState(StrEnum):
    """What is known of a day."""

    COVERED = "covered"  # a complete statement showed it
    SOME = "some"  # rows are known, but not whether they are all
    HOLE = "hole"  # between covered days, and no complete statement shows it
    OUTSIDE = "outside"  # before the first covered day, or after the last


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the strip."""

    day: date
    state: DayState
    rows: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the strip; holes: days between covered ones that are not."""

    first: date
    days: tuple[Day, ...]

    @property
    def covered(self) -> int:
        """How many days a complete statement showed."""
        return sum(day.state is DayState.COVERED for day in self.days)

    @property
    def rows(self) -> int:
        """How many rows are kept."""
        return sum(day.rows for day in self.days)

    @property
    def holes(self) -> tuple[Period, ...]:
        """Days in a row that lie between covered ones and are not."""
        runs = groupby(self.days, lambda day: day.state in {DayState.HOLE, DayState.SOME})
        missing = (list(run) for lacks, run in runs if lacks)
        return tuple(Period(run[0].day, run[-1].day) for run in missing)


def months(account_id: UUID) -> list[Month]:
    """All months with something known, newest first; raises nothing where there is none."""
    kept = {each.day: each for each in AccountDay.objects.filter(account=account_id)}
    if not kept:
        return []
    covered = [day for day, each in kept.items() if each.as_of is not None]
    span = Period(min(covered), max(covered)) if covered else None
    first, last = min(kept).replace(day=1), max(kept)
    return [_month(start, kept, span) for start in _starts(first, last)][:_LONGEST]


def _starts(first: date, last: date) -> Iterator[date]:
    start = last.replace(day=1)
    while start >= first:
        yield start
        start = (start - timedelta(days=1)).replace(day=1)


def _month(first: date, kept: dict[date, AccountDay], span: Period | None) -> Month:
    length = monthrange(first.year, first.month)[1]
    days = (first.replace(day=number) for number in range(1, length + 1))
    return Month(first, tuple(_day(day, kept.get(day), span) for day in days))


def _day(day: date, kept: AccountDay | None, span: Period | None) -> Day:
    rows = kept.rows if kept else 0
    if kept is not None and kept.as_of is not None:
        return Day(day, DayState.COVERED, rows)
    if rows:
        return Day(day, DayState.SOME, rows)
    inside = span is not None and span.first < day < span.last
    return Day(day, DayState.HOLE if inside else DayState.OUTSIDE, 0)
