"""What is kept of an account, day by day, as the model's rules read and write it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache
from itertools import groupby, repeat
from uuid import UUID

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import bulk, wordings
from hikae.cloud.statements.folding import fold
from hikae.cloud.statements.models import AccountDay, Transaction
from hikae.model import statement as model
from hikae.model.stored import StoredDay, StoredRow

_ROW_KEY = ("organisation_id", "id")
_DAY_KEY = ("organisation_id", "account_id", "day")


def kept_days(account_id: UUID, days: Iterable[date]) -> dict[date, AccountDay]:
    """What is kept of the days between the first and last of `days`, without the rows."""
    wanted = sorted(days)
    if not wanted:
        return {}
    found = AccountDay.objects.filter(account=account_id, day__range=(wanted[0], wanted[-1]))
    return {day.day: day for day in found}


def stored_days(account_id: UUID, kept: Sequence[AccountDay]) -> list[StoredDay]:
    """The same days with their rows in the bank's order."""
    if not kept:
        return []
    first, last = min(day.day for day in kept), max(day.day for day in kept)
    found = Transaction.objects.filter(account=account_id, booked_on__range=(first, last))
    ordered = found.order_by("booked_on", "position").iterator()
    rows = {day: tuple(group) for day, group in groupby(ordered, lambda row: row.booked_on)}
    return [
        StoredDay(day.day, day.as_of, tuple(_stored(row) for row in rows.get(day.day, ())))
        for day in kept
    ]


def write_days(account_id: UUID, days: Sequence[StoredDay], *, new: bool = False) -> None:
    """Make `days` what is kept: every row of them, their sums, and where words are to be found.

    new: none of their rows is kept yet.
    """
    if not days:
        return
    booked_on = [day.day for day in days for _ in day.rows]
    words = _words(days)
    rows = _rows(account_id, days) | {"booked_on": booked_on, "words": words}
    bulk.upsert(Transaction, rows, () if new else _ROW_KEY)
    bulk.upsert(AccountDay, _sums(account_id, days), _DAY_KEY)
    wordings.note(account_id, zip(words, booked_on, strict=True))


def confirm_days(account_id: UUID, days: Sequence[date], as_of: datetime) -> None:
    """Note that a newer complete statement showed exactly what is kept of `days`."""
    for start in range(0, len(days), 500):
        some = AccountDay.objects.filter(account=account_id, day__in=days[start : start + 500])
        some.update(as_of=as_of)


def remove_rows(ids: Sequence[UUID]) -> None:
    """Take away rows that the bank no longer shows."""
    for start in range(0, len(ids), 500):
        Transaction.objects.filter(id__in=ids[start : start + 500]).delete()


def as_model(row: Transaction) -> model.Transaction:
    """A row of the books as the model's transaction."""
    return model.Transaction(
        booked_on=row.booked_on,
        amount=row.amount,
        balance=row.balance,
        value_on=row.value_on,
        kind=model.TransactionKind(row.kind) if row.kind else None,
        description=row.description,
        counterparty=row.counterparty,
        bank_reference=row.bank_reference,
        edi=row.edi,
    )


def _stored(row: Transaction) -> StoredRow:
    return StoredRow(row.id, as_model(row), row.seen_at)


def _words(days: Iterable[StoredDay]) -> list[str]:
    """The texts of each row as they are searched; banks repeat them, so each is folded once."""
    folded = cache(fold)
    said = (row.transaction for day in days for row in day.rows)
    return [folded(row.description, row.counterparty) for row in said]


def _rows(account_id: UUID, days: Iterable[StoredDay]) -> dict[str, bulk.Column]:
    rows = [row for day in days for row in day.rows]
    said = [row.transaction for row in rows]
    return {
        "organisation_id": repeat(required_tenant()),
        "id": [row.id for row in rows],
        "account_id": repeat(account_id),
        "position": [position for day in days for position in range(day.count)],
        "value_on": [row.value_on for row in said],
        "amount": [row.amount for row in said],
        "balance": [row.balance for row in said],
        "kind": [row.kind and str(row.kind) for row in said],
        "description": [row.description for row in said],
        "counterparty": [row.counterparty for row in said],
        "bank_reference": [row.bank_reference for row in said],
        "edi": [row.edi for row in said],
        "seen_at": [row.seen_at for row in rows],
    }


def _sums(account_id: UUID, days: Sequence[StoredDay]) -> dict[str, bulk.Column]:
    return {
        "organisation_id": repeat(required_tenant()),
        "account_id": repeat(account_id),
        "day": [day.day for day in days],
        "rows": [day.count for day in days],
        "total": [day.sum for day in days],
        "closing": [day.closing for day in days],
        "digest": [day.digest for day in days],
        "as_of": [day.as_of for day in days],
    }
