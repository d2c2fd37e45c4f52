"""What an account held before the first and after the last row of a file, where that is true.

A balance is true only where the file has every row of its days, and where what the bank said of
one day fits what it said of the next. A day of which nothing is known is harmless between two
balances that agree, and doubtful before the first or after the last of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from hikae.cloud.statements.carried import Known, carried
from hikae.model.statement import Period

_DAY = timedelta(days=1)


class Doubt(StrEnum):
    """Why balances cannot be told."""

    SOME_ROWS = "some_rows"  # other rows of the same days are not in the file
    GAP = "gap"  # balances do not meet: something is missing between two days
    UNKNOWN = "unknown"  # the bank said none, or days lack before or after those it said


@dataclass(frozen=True, slots=True)
class Edges:
    """Balances before the first and after the last row, minor units."""

    opening: int
    closing: int


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Balances are not known; days: between which two balances do not meet, for a GAP."""

    why: Doubt
    days: Period | None = None


def edges(days: Sequence[Known], span: Period, rows: int) -> Edges | Doubtful:
    """Tell the balances around the rows of `span`, of which a file has `rows`."""
    within = [day for day in days if span.first <= day.day <= span.last]
    if sum(day.rows for day in within) != rows:
        return Doubtful(Doubt.SOME_ROWS)
    stated = list(_stated(within))
    for (before, one), (after, other) in pairwise(stated):
        if one != other:
            return Doubtful(Doubt.GAP, Period(before, after))
    opening: int | None
    if stated:
        proven = Period(stated[0][0], stated[-1][0])
        doubtful = [day for day in _unproven(within, span) if not _inside(day, proven)]
        opening = None if doubtful else stated[0][1]
    else:
        opening = None if any(_unproven(within, span)) else _before(days, span.first)
    if opening is None:
        return Doubtful(Doubt.UNKNOWN)
    return Edges(opening, opening + sum(day.total for day in within))


def widened(days: Sequence[Known], span: Period, bounds: Period) -> Period:
    """The days of a file: those of its rows, and beside them those known to be without rows."""
    empty = {day.day for day in days if day.covered and not day.rows}
    first, last = span.first, span.last
    while first > bounds.first and first - _DAY in empty:
        first -= _DAY
    while last < bounds.last and last + _DAY in empty:
        last += _DAY
    return Period(first, last)


def _stated(within: Sequence[Known]) -> Iterator[tuple[date, int]]:
    """The days with a balance, each with the one before the first row that follows from it."""
    total = 0
    for day in within:
        total += day.total
        if day.closing is not None:
            yield day.day, day.closing - total


def _unproven(within: Sequence[Known], span: Period) -> Iterator[date]:
    """The days that may have more rows than are known."""
    sure = {day.day for day in within if day.covered or day.closing is not None}
    length = (span.last - span.first).days + 1
    return (day for n in range(length) if (day := span.first + n * _DAY) not in sure)


def _before(days: Sequence[Known], first: date) -> int | None:
    """What the account held when a day began, by the unbroken days before it."""
    held = [(day, balance) for day, balance in carried(days) if day < first]
    if not held:
        return None
    day, balance = held[-1]
    return balance if day + _DAY == first else None


def _inside(day: date, period: Period) -> bool:
    return period.first <= day <= period.last
