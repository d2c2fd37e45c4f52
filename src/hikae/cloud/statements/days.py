"""What is kept of an account, day by day, as the model's rules read and write it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from uuid import UUID

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import bulk, wordings
from hikae.cloud.statements.folding import fold
from hikae.cloud.statements.models import AccountDay, Transaction
from hikae.model import statement as model
from hikae.model.stored import StoredDay, StoredRow

Texts = tuple[str | None, str | None]
"""Description and counterparty of a row."""

_ROW = (
    *("organisation_id", "id", "account_id", "booked_on", "position", "value_on", "amount"),
    *("balance", "kind", "description", "counterparty", "bank_reference", "edi", "words"),
    "seen_at",
)
_DAY = (*("organisation_id", "account_id", "day", "rows", "total", "closing", "digest", "as_of"),)


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
    folded = _folded(days)
    key = () if new else ("organisation_id", "id")
    bulk.upsert(Transaction, _ROW, _rows(account_id, days, folded), key)
    day_key = ("organisation_id", "account_id", "day")
    bulk.upsert(AccountDay, _DAY, _sums(account_id, days), day_key)
    wordings.note(account_id, _said_on(days, folded))


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


def _folded(days: Iterable[StoredDay]) -> dict[Texts, str]:
    """Each pair of texts once, as it is searched."""
    pairs = {
        (row.transaction.description, row.transaction.counterparty)
        for day in days
        for row in day.rows
    }
    return {pair: fold(*pair) for pair in pairs}


def _said_on(days: Iterable[StoredDay], folded: Mapping[Texts, str]) -> dict[str, set[date]]:
    """On which of the days each folded text occurs."""
    said: defaultdict[str, set[date]] = defaultdict(set)
    for day in days:
        for row in day.rows:
            said[folded[row.transaction.description, row.transaction.counterparty]].add(day.day)
    return said


def _rows(
    account_id: UUID, days: Iterable[StoredDay], folded: Mapping[Texts, str]
) -> Iterator[bulk.Row]:
    organisation_id = required_tenant()
    for day in days:
        for position, row in enumerate(day.rows):
            said = row.transaction
            yield (
                *(organisation_id, row.id, account_id, day.day, position),
                *(said.value_on, said.amount, said.balance, said.kind and said.kind.value),
                *(said.description, said.counterparty, said.bank_reference, said.edi),
                *(folded[said.description, said.counterparty], row.seen_at),
            )


def _sums(account_id: UUID, days: Iterable[StoredDay]) -> Iterator[bulk.Row]:
    organisation_id = required_tenant()
    for day in days:
        yield (
            *(organisation_id, account_id, day.day, day.count, day.sum, day.closing),
            *(day.digest, day.as_of),
        )
