"""Every change to the books as a numbered row, so that others can follow along."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from uuid import UUID

import msgspec

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import bulk
from hikae.cloud.statements.models import Change
from hikae.model.reconcile import Changes
from hikae.model.statement import Transaction

_COLUMNS = (
    *("organisation_id", "sequence", "statement", "account_id", "transaction", "kind", "late"),
    *("before", "after", "at"),
)

Event = tuple[UUID, str, bool, Transaction | None, Transaction | None]


def write(account_id: UUID, statement_id: UUID, changes: Changes, now: datetime) -> None:
    """Number and keep the events of one statement; the caller holds the organisation's lock."""
    organisation_id = required_tenant()
    last = Change.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    numbered = zip(count((last or 0) + 1), _events(changes))
    rows = (
        (
            *(organisation_id, number, statement_id, account_id, transaction, kind, late),
            *(_json(before), _json(after), now),
        )
        for number, (transaction, kind, late, before, after) in numbered
    )
    bulk.upsert(Change, _COLUMNS, rows)


def _events(changes: Changes) -> Iterator[Event]:
    for added in changes.added:
        row = added.row
        yield row.id, Change.Kind.ADDED.value, added.late, None, row.transaction
    for moved in changes.moved:
        yield moved.id, Change.Kind.MOVED.value, False, moved.before, moved.after
    for corrected in changes.corrected:
        yield corrected.id, Change.Kind.CORRECTED.value, False, corrected.before, corrected.after
    for removed in changes.removed:
        yield removed.id, Change.Kind.REMOVED.value, False, removed.before, None


def _json(transaction: Transaction | None) -> str | None:
    return None if transaction is None else msgspec.json.encode(transaction).decode()
