"""How an account's balance went over a year: points of a drawing, and the same month by month.

What is not known is left out of the line, never drawn through.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from hikae.cloud.statements.carried import carried, known_days

WIDTH, HEIGHT = 1_000, 240
"""Of the drawing, in its own units; edges included."""

_LENGTH = timedelta(days=365)
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 12, 44

Point = tuple[date, int | None]
"""A day with the balance at its end in minor units, None where it is not known."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A month's first day, and where it stands."""

    x: float
    day: date


@dataclass(frozen=True, slots=True)
class MonthEnd:
    """The last known balance of a month, at the end of `day`."""

    day: date
    balance: int


@dataclass(frozen=True, slots=True)
class Curve:
    """paths: the line's pieces as SVG writes them. highest, lowest: minor units.

    zero: height of the line of 0. months: newest first.
    """

    paths: tuple[str, ...]
    first: date
    last: date
    highest: int
    lowest: int
    zero: float
    ticks: tuple[Tick, ...]
    months: tuple[MonthEnd, ...]


def curve(account_id: UUID) -> Curve | None:
    """The last year of an account; None where fewer than two balances are known."""
    days = known_days(account_id)
    if not days:
        return None
    return drawn([point for point in carried(days) if point[0] > days[-1].day - _LENGTH])


def drawn(points: Sequence[Point]) -> Curve | None:
    """The drawing of points, oldest first; None where fewer than two balances are known."""
    known = [(day, balance) for day, balance in points if balance is not None]
    if len(known) < 2:
        return None
    first, last = known[0][0], known[-1][0]
    balances = [balance for _, balance in known]
    low, high = min(0, *balances), max(0, *balances)

    def x(day: date) -> float:
        return _LEFT + (WIDTH - _LEFT - _RIGHT) * (day - first).days / (last - first).days

    def y(balance: int) -> float:
        return _TOP + (HEIGHT - _TOP - _BOTTOM) * (high - balance) / ((high - low) or 1)

    return Curve(
        paths=tuple(
            "M" + " L".join(f"{x(day):.1f} {y(balance):.1f}" for day, balance in piece)
            for piece in _pieces(points)
        ),
        first=first,
        last=last,
        highest=max(balances),
        lowest=min(balances),
        zero=y(0),
        ticks=tuple(Tick(x(day), day) for day, _ in points if day.day == 1 and day > first),
        months=_months(known),
    )


def _pieces(points: Iterable[Point]) -> Iterator[list[tuple[date, int]]]:
    """Runs of known balances: they break where a day is missing or its balance unknown."""
    piece: list[tuple[date, int]] = []
    for day, balance in points:
        if piece and (balance is None or day - piece[-1][0] > timedelta(days=1)):
            yield piece
            piece = []
        if balance is not None:
            piece.append((day, balance))
    if piece:
        yield piece


def _months(known: Sequence[tuple[date, int]]) -> tuple[MonthEnd, ...]:
    months = groupby(known, key=lambda point: (point[0].year, point[0].month))
    ends = (MonthEnd(*list(points)[-1]) for _, points in months)
    return tuple(reversed(list(ends)))
