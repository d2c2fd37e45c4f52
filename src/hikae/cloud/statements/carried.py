"""What is kept of an account's days, and what it held at the end of each, where that follows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hikae.cloud.statements.models import AccountDay

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of a day; covered: whether a complete statement showed it.

    total, closing: minor units; closing is the balance that the bank said, if it said one.
    """

    day: date
    rows: int
    total: int
    closing: int | None
    covered: bool


def known_days(account_id: UUID, since: date = date.min, until: date = date.max) -> list[Known]:
    """What is kept of an account between two days, both included, oldest first."""
    found = AccountDay.objects.filter(account=account_id, day__range=(since, until))
    return [
        Known(day, rows, total, closing, as_of is not None)
        for day, rows, total, closing, as_of in found.order_by("day").values_list(
            "day", "rows", "total", "closing", "as_of"
        )
    ]


def carried(days: Iterable[Known]) -> Iterator[tuple[date, int | None]]:
    """Each day with the balance at its end, None where none follows.

    It follows from what the bank said of the day, or from the day before and the rows since,
    as long as a complete statement showed each day.
    """
    balance: int | None = None
    following: date | None = None
    for day in days:
        unbroken = day.covered and day.day == following
        balance = day.total + balance if balance is not None and unbroken else None
        balance = balance if day.closing is None else day.closing
        following = day.day + _DAY
        yield day.day, balance
