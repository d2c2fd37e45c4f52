"""The numbered events of an organisation one by one; who has applied all of them has the books.

A row that was added is told as it was before the first event that changed it; where only the
bank's wording changed, which is no event, it is told in the newest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from hikae.cloud.statements.days import as_model
from hikae.cloud.statements.models import Change
from hikae.cloud.statements.models import Transaction as Row
from hikae.model.statement import Transaction

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one row.

    number: counts the events of the organisation from 1. before, after: the row; None where
    there is none.
    """

    number: int
    at: datetime
    account: UUID
    statement: UUID
    transaction: UUID
    kind: Change.Kind
    late: bool
    before: Transaction | None
    after: Transaction | None


def follow(after: int) -> Iterator[Event]:
    """Every event whose number is larger than `after`, in order."""
    for change in Change.objects.filter(sequence__gt=after).order_by("sequence").iterator():
        kind = Change.Kind(change.kind)
        if kind is Change.Kind.ADDED:
            yield from _added(change, after)
        else:
            yield _event(change, change.sequence, change.transaction, _read(change.after))


def _added(run: Change, after: int) -> Iterator[Event]:
    """The rows of a run, from the first that was not told yet."""
    begin = run.sequence - run.rows
    for start in range(max(after - begin, 0), run.rows, _AT_ONCE):
        numbers = range(start, min(start + _AT_ONCE, run.rows))
        ids = [UUID(int=run.transaction.int + each) for each in numbers]
        said = _as_added(ids[0], ids[-1])
        for each, identity in zip(numbers, ids, strict=True):
            yield _event(run, begin + 1 + each, identity, said[identity])


def _as_added(first: UUID, last: UUID) -> dict[UUID, Transaction | None]:
    """The rows of these identities before anything happened to them."""
    there = Row.objects.filter(id__range=(first, last))
    said: dict[UUID, Transaction | None] = {row.id: as_model(row) for row in there}
    told = Change.objects.filter(transaction__range=(first, last))
    for change in told.exclude(kind=Change.Kind.ADDED).order_by("-sequence"):
        said[change.transaction] = _read(change.before)
    return said


def _event(change: Change, number: int, identity: UUID, after: Transaction | None) -> Event:
    return Event(
        number=number,
        at=change.at,
        account=change.account_id,
        statement=change.statement,
        transaction=identity,
        kind=Change.Kind(change.kind),
        late=change.late,
        before=_read(change.before),
        after=after,
    )


def _read(kept: object) -> Transaction | None:
    return msgspec.convert(kept, Transaction | None)
