"""Every change to the books in one numbered order, so that others can follow along.

A number is given under the organisation's lock and seen when its transaction is, so who has
followed up to a number has missed nothing before it. Rows that a statement adds have identities
that follow each other; one `Change` tells of all of such a run, and the rows themselves stand for
its content. What is moved, corrected or removed keeps the row as it was, each in a `Change` of
its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.models import Change
from hikae.model.changes import Added
from hikae.model.reconcile import Changes
from hikae.model.statement import Transaction

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Event:
    """What one Change tells of: `rows` rows, the first of which is `transaction`."""

    transaction: UUID
    kind: Change.Kind
    rows: int = 1
    late: bool = False
    before: Transaction | None = None
    after: Transaction | None = None


def write(account_id: UUID, statement_id: UUID, changes: Changes, now: datetime) -> None:
    """Number and keep the events of one statement; the caller holds the organisation's lock."""
    organisation_id, number = required_tenant(), last_number()
    written = []
    for event in _events(changes):
        number += event.rows
        change = Change(
            organisation_id=organisation_id,
            sequence=number,
            rows=event.rows,
            statement=statement_id,
            account_id=account_id,
            transaction=event.transaction,
            kind=event.kind,
            late=event.late,
            before=_kept(event.before),
            after=_kept(event.after),
            at=now,
        )
        written.append(change)
    Change.objects.bulk_create(written, batch_size=_AT_ONCE)


def last_number() -> int:
    """The number of the newest event; 0 before the first."""
    newest = Change.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return newest or 0


def of_row(transaction_id: UUID) -> list[Change]:
    """What happened to one row, oldest first."""
    told = Change.objects.filter(transaction=transaction_id)
    later = list(told.exclude(kind=Change.Kind.ADDED).order_by("sequence"))
    added = Change.objects.filter(kind=Change.Kind.ADDED, transaction__lte=transaction_id)
    run = added.order_by("-transaction").first()
    if run is None or transaction_id.int - run.transaction.int >= run.rows:
        return later
    return [run, *later]


def _events(changes: Changes) -> Iterator[_Event]:
    yield from _runs(changes.added)
    kinds = Change.Kind
    for moved in changes.moved:
        yield _Event(moved.id, kinds.MOVED, before=moved.before, after=moved.after)
    for corrected in changes.corrected:
        yield _Event(corrected.id, kinds.CORRECTED, before=corrected.before, after=corrected.after)
    for removed in changes.removed:
        yield _Event(removed.id, kinds.REMOVED, before=removed.before)


def _runs(added: Iterable[Added]) -> Iterator[_Event]:
    """Rows whose identities follow each other, together."""
    first, rows, late = 0, 0, False
    for event in added:
        identity = event.row.id.int
        if rows and identity == first + rows and event.late == late:
            rows += 1
            continue
        if rows:
            yield _Event(UUID(int=first), Change.Kind.ADDED, rows, late)
        first, rows, late = identity, 1, event.late
    if rows:
        yield _Event(UUID(int=first), Change.Kind.ADDED, rows, late)


def _kept(transaction: Transaction | None) -> object:
    return None if transaction is None else msgspec.to_builtins(transaction)
