"""A page of rows, newest first, as fast at the end of millions as at their beginning.

What is kept of each day says how many rows it has, so the days come first: those that may hold
what is wanted, from a place on; then, day by day, their rows. A page ends when it is full, when
nothing is left, or when it has looked at so many rows that a person would begin to wait; then it
says how far it looked, and the next one goes on from there.
"""

import base64
import binascii
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import count, islice
from typing import TypeVar
from uuid import UUID

import msgspec
from django.db.models import Model, Q, QuerySet

from hikae.cloud.statements.books import Wanted, wanted_rows
from hikae.cloud.statements.daysets import DaySet
from hikae.cloud.statements.folding import fold
from hikae.cloud.statements.models import AccountDay, Transaction
from hikae.cloud.statements.wordings import days_with

PAGE = 50
"""Rows of one page."""


_FIRST, _GROWS = 100, 8
"""Rows that a page looks at first, and how many times as many each time after."""

_AT_ONCE = 100
"""Days that are read together."""

_ORDER = ("-booked_on", "-account_id", "-position", "-id")

Kept = TypeVar("Kept", bound=Model)
Read = TypeVar("Read")

Place = tuple[date, UUID, int, UUID]
"""Of a row: booking day, account, position, id; rows are in descending order of it."""

Day = tuple[date, UUID, int]
"""A day of an account with the number of its rows."""


@dataclass(frozen=True, slots=True)
class Bound:
    """How much one page looks at: days of accounts, and rows; a single day may have more."""

    days: int = 400
    rows: int = 20_000


BOUND = Bound()


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; older: where the next page begins, None on the last one.

    looked_until: the day down to which the page looked where that was too far to fill it.
    """

    rows: tuple[Transaction, ...]
    older: str | None = None
    looked_until: date | None = None


def page(wanted: Wanted, begin: str = "", bound: Bound = BOUND) -> Page:
    """The rows wanted, from the place `begin` that the page before ended at.

    Raises ValueError for a place that is none.
    """
    place = read_place(begin) if begin else None
    days = _days(wanted, place)
    rows: list[Transaction] = []
    last: Day | None = None
    for some in _batches(islice(days, bound.days), bound.rows):
        rows += _rows(wanted, some, place)[: PAGE + 1 - len(rows)]
        if len(rows) > PAGE:
            return Page(tuple(rows[:PAGE]), older=_write_place(_place_of(rows[PAGE - 1])))
        last = some[-1]
    if last is None or next(days, None) is None:
        return Page(tuple(rows))
    return Page(tuple(rows), _write_place(_end_of(last)), looked_until=last[0])


def read_place(text: str) -> Place:
    """The place that a page ended at, as `Page.older` writes it; raises ValueError."""
    try:
        plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        place: Place = msgspec.json.decode(plain, type=Place)
    except (msgspec.MsgspecError, binascii.Error) as error:
        raise ValueError("no place among the rows") from error
    return place


def _write_place(place: Place) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def _place_of(row: Transaction) -> Place:
    return (row.booked_on, row.account_id, row.position, row.id)


def _end_of(day: Day) -> Place:
    booked_on, account_id, _ = day
    return (booked_on, account_id, 0, UUID(int=0))


def _days(wanted: Wanted, place: Place | None) -> Iterator[Day]:
    """Days that may hold rows wanted, newest first, read as they are asked for."""
    found = _days_between(wanted, place).values_list("day", "account_id", "rows")
    words = fold(wanted.words).split()
    spoken = days_with(words, wanted.account) if words else None
    if spoken is not None:
        newest = _newest(spoken, wanted, place)
        while some := list(islice(newest, _AT_ONCE)):
            yield from _on(some, found, "day").order_by("-day", "-account_id")
        return
    found = found.order_by("-day", "-account_id")
    for start in count(0, _AT_ONCE):
        days = list(found[start : start + _AT_ONCE])
        yield from days
        if len(days) < _AT_ONCE:
            return


def _days_between(wanted: Wanted, place: Place | None) -> QuerySet[AccountDay]:
    found = AccountDay.objects.filter(rows__gt=0)
    if wanted.account is not None:
        found = found.filter(account=wanted.account)
    if wanted.since is not None:
        found = found.filter(day__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(day__lte=wanted.until)
    if place is not None:
        day, account_id, *_ = place
        found = found.filter(Q(day__lt=day) | Q(day=day, account__lte=account_id), day__lte=day)
    return found


def _newest(
    spoken: dict[UUID, DaySet], wanted: Wanted, place: Place | None
) -> Iterator[tuple[date, UUID]]:
    """The days of all accounts together, newest first, in the time asked for."""
    until = min(wanted.until or date.max, place[0] if place else date.max)
    since = wanted.since or date.min

    def in_time(account_id: UUID) -> Iterator[tuple[date, UUID]]:
        for day in spoken[account_id].newest_first():
            if day < since:
                return
            if day <= until:
                yield day, account_id

    return merge(*map(in_time, spoken), reverse=True)


def _batches(days: Iterable[Day], most: int) -> Iterator[Sequence[Day]]:
    """Days in pieces with more and more rows, until these are as many as a page looks at."""
    some: list[Day] = []
    total, enough = 0, _FIRST
    for day in days:
        some.append(day)
        total += day[2]
        if total >= enough:
            yield some
            if total >= most:
                return
            some, enough = [], min(total * _GROWS, most)
    if some:
        yield some


def _rows(wanted: Wanted, days: Sequence[Day], place: Place | None) -> list[Transaction]:
    """A page's rows of these days, and one more if there is."""
    where = [(day, account_id) for day, account_id, _ in days]
    # The days are of the account and the time wanted; said twice, databases choose badly.
    rows = wanted_rows(replace(wanted, account=None, since=None, until=None))
    if place is not None and where[0] == place[:2]:
        found = rows.filter(_rest_of_day(place))
        if where[1:]:
            found = found.union(_on(where[1:], rows, "booked_on"), all=True)
    else:
        found = _on(where, rows, "booked_on")
    return list(found.order_by(*_ORDER)[: PAGE + 1])


def _rest_of_day(place: Place) -> Q:
    booked_on, account_id, position, row_id = place
    after = Q(position__lt=position) | Q(position=position, id__lt=row_id)
    # That the position is at most this follows; it lets the index begin in the right place.
    return Q(after, account=account_id, booked_on=booked_on, position__lte=position)


def _on(
    days: Iterable[tuple[date, UUID]], found: QuerySet[Kept, Read], column: str
) -> QuerySet[Kept, Read]:
    """What is found on these days of accounts; `column` holds the day."""
    of_account: defaultdict[UUID, list[date]] = defaultdict(list)
    for day, account_id in days:
        of_account[account_id].append(day)
    # Not one condition with "or" between accounts: SQLite would read everything for it.
    each = [
        found.filter(account=account_id, **{f"{column}__in": some})
        for account_id, some in of_account.items()
    ]
    return each[0].union(*each[1:], all=True) if each else found.none()
