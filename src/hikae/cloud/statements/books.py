"""明細 to look at: accounts with balances and holes, which rows are wanted, the history of one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from itertools import pairwise
from math import ceil, floor
from uuid import UUID

import msgspec
from django.db.models import Count, Max, Min, Q, QuerySet

from hikae.cloud.institutions.offer import title_of
from hikae.cloud.statements import trace
from hikae.cloud.statements.exports.marks import exported, not_exported
from hikae.cloud.statements.folding import fold
from hikae.cloud.statements.models import Account, AccountDay, Change, Transaction
from hikae.model import statement as model
from hikae.model.account import AccountKind
from hikae.model.currency import exponent
from hikae.model.statement import Period

_DAY = timedelta(days=1)
_HIGHEST = 2**63 - 1
"""What an amount in the database can be."""
_ROWS = partial(msgspec.convert, type=tuple[model.Transaction, ...])


@dataclass(frozen=True, slots=True)
class ShownAccount:
    """An account; covered: its first to its last day that a complete statement covers.

    holes: days between these that none covers. balance: minor units, at `balance_at`. pending:
    what the bank had not booked yet at `pending_at`.
    """

    id: UUID
    institution: str
    title: str
    branch_code: str
    branch_name: str
    kind: AccountKind
    number: str
    holder: str
    currency: str
    balance: int | None
    balance_at: datetime | None
    updated_at: datetime | None
    covered: Period | None
    holes: tuple[Period, ...]
    pending: tuple[model.Transaction, ...]
    pending_at: datetime | None


class Way(StrEnum):
    """Which way money went."""

    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Exported:
    """Whether rows went to a program (出力済), or did not yet (未出力)."""

    target: str
    yes: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows to show; since, until: booking days, both included; words: all must occur.

    least, most: of the amount whichever way it went, both included, in units of the account's
    currency.
    """

    account: UUID | None = None
    since: date | None = None
    until: date | None = None
    way: Way | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    words: str = ""
    exported: Exported | None = None

    @property
    def is_narrow(self) -> bool:
        """Whether it wants some rows of a day and not others."""
        amounts = (self.least, self.most) != (None, None)
        return bool(self.way or amounts or self.words or self.exported)


Coverage = tuple[Period | None, tuple[Period, ...]]
"""The first to the last covered day of an account, and its holes."""

_NOTHING: Coverage = (None, ())


def accounts() -> list[ShownAccount]:
    """All accounts of the organisation being worked for."""
    coverage = _coverage(AccountDay.objects.all())
    return [_shown(account, coverage.get(account.id, _NOTHING)) for account in _in_order()]


def accounts_by_name() -> list[ShownAccount]:
    """The same accounts in the same order, without what is covered of them and its holes."""
    return [_shown(account, _NOTHING) for account in _in_order()]


def account(account_id: UUID) -> ShownAccount:
    """One account; raises Account.DoesNotExist."""
    coverage = _coverage(AccountDay.objects.filter(account=account_id))
    return _shown(Account.objects.get(pk=account_id), coverage.get(account_id, _NOTHING))


def row(transaction_id: UUID) -> Transaction:
    """One row; raises Transaction.DoesNotExist."""
    return Transaction.objects.get(id=transaction_id)


def history(transaction_id: UUID) -> list[Change]:
    """What happened to a row, oldest first."""
    return trace.of_row(transaction_id)


def _in_order() -> QuerySet[Account]:
    return Account.objects.order_by("institution", "branch_code", "kind", "number", "currency")


def _shown(account: Account, coverage: Coverage) -> ShownAccount:
    covered, holes = coverage
    return ShownAccount(
        id=account.id,
        institution=account.institution,
        title=title_of(account.institution, account.bank_name),
        branch_code=account.branch_code,
        branch_name=account.branch_name,
        kind=AccountKind(account.kind),
        number=account.number,
        holder=account.holder,
        currency=account.currency,
        balance=account.balance,
        balance_at=account.balance_at,
        updated_at=account.updated_at,
        covered=covered,
        holes=holes,
        pending=_ROWS(account.pending or []),
        pending_at=account.pending_at,
    )


def _coverage(days: QuerySet[AccountDay]) -> dict[UUID, Coverage]:
    """Of each account; only where a day is missing are the days themselves looked at."""
    covered = days.exclude(as_of=None)
    spans = covered.values_list("account_id").annotate(Min("day"), Max("day"), Count("day"))
    return {
        account_id: (
            Period(first, last),
            tuple(_holes(covered.filter(account=account_id))) if _misses(first, last, n) else (),
        )
        for account_id, first, last, n in spans
    }


def _misses(first: date, last: date, count: int) -> bool:
    return (last - first).days + 1 > count


def _holes(covered: QuerySet[AccountDay]) -> Iterable[Period]:
    for before, after in pairwise(covered.order_by("day").values_list("day", flat=True)):
        if after - before > _DAY:
            yield Period(before + _DAY, after - _DAY)


def wanted_rows(wanted: Wanted) -> QuerySet[Transaction]:
    """All rows wanted, in no order."""
    found = Transaction.objects.all()
    if wanted.account is not None:
        found = found.filter(account=wanted.account)
    if wanted.since is not None:
        found = found.filter(booked_on__gte=wanted.since)
    if wanted.until is not None:
        found = found.filter(booked_on__lte=wanted.until)
    if wanted.way is not None:
        found = found.filter(amount__gt=0) if wanted.way is Way.IN else found.filter(amount__lt=0)
    if wanted.least is not None or wanted.most is not None:
        found = found.filter(_between(wanted.least, wanted.most))
    for word in fold(wanted.words).split():
        found = found.filter(words__contains=word)
    if wanted.exported is not None:
        only = exported if wanted.exported.yes else not_exported
        found = only(found, wanted.exported.target)
    return found


def _between(least: Decimal | None, most: Decimal | None) -> Q:
    """Rows whose amount, without its sign, lies between two amounts of their account's currency."""
    found = Q()
    for currency in Account.objects.order_by().values_list("currency", flat=True).distinct():
        unit = 10 ** exponent(currency)
        low = 0 if least is None else ceil(least * unit)
        high = _HIGHEST if most is None else floor(most * unit)
        amounts = Q(amount__range=(low, high)) | Q(amount__range=(-high, -low))
        found |= Q(amounts, account__in=Account.objects.filter(currency=currency))
    return found
