"""A keeper of one account's days, as a cloud keeps them, and statements to feed it."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from hikae.model.account import Account, AccountKind
from hikae.model.changes import Changes
from hikae.model.reconcile import reconcile
from hikae.model.statement import Channel, Period, Source, Statement, Transaction
from hikae.model.stored import StoredDay, StoredRow

ACCOUNT = Account(branch_code="017", kind=AccountKind.ORDINARY, number="0036041")
FIRST = date(2026, 5, 1)


def day(number: int) -> date:
    """Day `number` of the account's life, from 0."""
    return FIRST + timedelta(days=number)


def noon(number: int, minute: int = 0) -> datetime:
    """Noon in Japan of that day."""
    midnight = datetime(FIRST.year, FIRST.month, FIRST.day, 3, tzinfo=UTC)
    return midnight + timedelta(days=number, minutes=minute)


def row(number: int, amount: int, description: str | None = None) -> Transaction:
    """A transaction of day `number`."""
    return Transaction(booked_on=day(number), amount=amount, description=description)


def statement(
    rows: Iterable[Transaction],
    *,
    as_of: datetime,
    days: tuple[int, int] | None = (0, 9),
    complete: bool = True,
) -> Statement:
    """A statement of `days`, first and last."""
    return Statement(
        account=ACCOUNT,
        period=Period(day(days[0]), day(days[1])) if days else None,
        as_of=as_of,
        complete=complete,
        opening=None,
        closing=None,
        transactions=tuple(rows),
        source=Source(Channel.PAGE),
    )


class Books:
    """Keeps days and applies changes to them."""

    def __init__(self) -> None:
        self.days: dict[date, StoredDay] = {}
        self._numbers = count(1)

    def take(self, new: Statement) -> Changes:
        """Reconcile `new` with the days it touches and their covered neighbours."""
        changes = reconcile(self._concerned(new), new, lambda: UUID(int=next(self._numbers)))
        self.days |= {stored.day: stored for stored in changes.days}
        return changes

    def _concerned(self, new: Statement) -> list[StoredDay]:
        touched = [transaction.booked_on for transaction in new.transactions]
        if new.period:
            touched += (new.period.first, new.period.last)
        if not touched:
            return []
        first, last = min(touched), max(touched)
        covered = sorted(d for d, stored in self.days.items() if stored.as_of is not None)
        earlier = [d for d in covered if d < first][-1:]
        later = [d for d in covered if d > last][:1]
        inside = [d for d in self.days if first <= d <= last]
        return [self.days[d] for d in sorted({*earlier, *inside, *later})]

    def rows(self) -> list[StoredRow]:
        """All rows, oldest day first."""
        return [row for number in sorted(self.days) for row in self.days[number].rows]

    def amounts(self) -> dict[date, Counter[int]]:
        """Day → how often each amount stands there; days without rows are left out."""
        return {
            d: Counter(row.transaction.amount for row in stored.rows)
            for d, stored in self.days.items()
            if stored.rows
        }

    def contents(self) -> dict[date, Counter[Transaction]]:
        """Day → its transactions with their texts; days without rows are left out."""
        return {d: Counter(s.transactions) for d, s in self.days.items() if s.rows}

    def coverage(self) -> dict[date, datetime]:
        """Day → the newest complete statement that covered it."""
        return {d: s.as_of for d, s in self.days.items() if s.as_of is not None}
