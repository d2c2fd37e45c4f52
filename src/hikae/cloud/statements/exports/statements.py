"""Rows of the books as the statements that writers take: one for each account.

Rows are read from the database while they are written, a few at a time, and a tape remembers
which one passed last, so that what is told of a row can be traced to it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from hikae.cloud.institutions.offer import catalogue
from hikae.cloud.statements.carried import known_days
from hikae.cloud.statements.exports.balances import Doubtful, Edges, edges, widened
from hikae.cloud.statements.exports.marks import exported
from hikae.cloud.statements.exports.selection import Extent, Selection
from hikae.cloud.statements.exports.targets import Balances, Format
from hikae.cloud.statements.models import Account, Transaction
from hikae.model import account as model
from hikae.model.account import AccountKind
from hikae.model.clock import japan_day
from hikae.model.statement import Channel, Period, Source, TransactionKind
from hikae.model.statement import Transaction as Row

_FIELDS = (
    *("id", "kind"),
    *("booked_on", "amount", "balance", "value_on"),
    *("description", "counterparty", "bank_reference", "edi"),
)
_TOGETHER = 2_000


class BalancesNeededError(ValueError):
    """A form needs balances that are not known."""

    def __init__(self, account: Account, doubt: Doubtful) -> None:
        super().__init__(doubt.why)
        self.account, self.doubt = account, doubt


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that a writer took; number: among all of them, from 1."""

    number: int
    id: UUID
    account: Account
    row: Row


@dataclass(slots=True)
class Tape:
    """Which row a writer took last."""

    count: int = 0
    last: Passed | None = None

    def at(self, number: int | None) -> Passed | None:
        """The row of that number, if it is the last one."""
        return self.last if self.last is not None and self.last.number == number else None


@dataclass(frozen=True, slots=True)
class BookStatement:
    """A `StatementStream` over rows of the books."""

    account: model.Account
    period: Period
    as_of: datetime
    complete: bool
    opening: int | None
    closing: int | None
    transactions: "BookRows"
    source: Source


@dataclass(frozen=True, slots=True)
class BookRows:
    """The rows of an account, oldest first, read anew each time."""

    account: Account
    rows: QuerySet[Transaction]
    tape: Tape = field(repr=False)

    def __iter__(self) -> Iterator[Row]:
        """Read."""
        found = self.rows.filter(account=self.account).order_by("booked_on", "position", "id")
        for row_id, kind, *said in found.values_list(*_FIELDS).iterator(chunk_size=_TOGETHER):
            day, amount, balance, value_on, *texts = said
            known = TransactionKind(kind) if kind else None
            row = Row(day, amount, balance, value_on, known, *texts)
            self.tape.count += 1
            self.tape.last = Passed(self.tape.count, row_id, self.account, row)
            yield row


def statement(
    extent: Extent, selection: Selection, form: Format, tape: Tape, now: datetime
) -> BookStatement:
    """What a file in this form says of an account; raises BalancesNeededError."""
    days = known_days(extent.account.id)
    wanted = selection.wanted
    bounds = Period(wanted.since or date.min, wanted.until or date.max)
    known = edges(days, extent.days, extent.rows)
    if isinstance(known, Doubtful) and form.balances is Balances.REQUIRED:
        raise BalancesNeededError(extent.account, known)
    whole = isinstance(known, Edges)
    held = known if isinstance(known, Edges) and not _goes_on(extent, selection, form) else None
    return BookStatement(
        account=named(extent.account),
        period=widened(days, extent.days, bounds) if whole else extent.days,
        as_of=now,
        complete=whole,
        opening=held.opening if held else None,
        closing=held.closing if held else None,
        transactions=BookRows(extent.account, selection.rows(), tape),
        source=Source(Channel.PAGE, made_on=japan_day(now)),
    )


def named(account: Account) -> model.Account:
    """An account of the books as files name it."""
    institution = catalogue().find(account.institution)
    return model.Account(
        bank_code=account.institution,
        bank_name=institution.name if institution else account.bank_name or None,
        branch_code=account.branch_code or None,
        branch_name=account.branch_name or None,
        kind=AccountKind(account.kind),
        number=account.number,
        holder=account.holder or None,
        currency=account.currency,
    )


def _goes_on(extent: Extent, selection: Selection, form: Format) -> bool:
    """Whether an earlier file of the program has said what the account began with."""
    if form.balances is not Balances.ONCE or not selection.only_new:
        return False
    rows = Transaction.objects.filter(account=extent.account)
    return exported(rows, selection.target).exists()
