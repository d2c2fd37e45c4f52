"""What waits for a person: keeping it, listing what accepting it would change now, accepting it."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.closing.holding import Event, events
from hikae.cloud.statements.merging import Meeting, apply, meet
from hikae.cloud.statements.models import Account, Adjustment
from hikae.cloud.statements.narrowing import within
from hikae.model.fetch import Counts
from hikae.model.reconcile import covered_period
from hikae.model.statement import Period, Statement

_STATEMENT = msgspec.json.Decoder(Statement)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What accepting an adjustment would change now."""

    id: UUID
    account_id: UUID
    days: Period
    held_at: datetime
    events: tuple[Event, ...]


def hold(account: Account, statement_id: UUID, meeting: Meeting, now: datetime) -> None:
    """Keep what a statement would change in closed days, in place of what it supersedes.

    The caller holds the organisation's lock and the transaction.
    """
    _drop_superseded(account, meeting.statement)
    _settle(account.id, now)
    days = meeting.division.days
    if days is None:
        return
    part = within(meeting.statement, days)
    _drop_equal(account, part)
    Adjustment.objects.create(
        organisation_id=required_tenant(),
        account=account,
        statement=statement_id,
        as_of=part.as_of,
        first=days.first,
        last=days.last,
        content=msgspec.json.encode(part),
        held_at=now,
    )


def waiting() -> list[Waiting]:
    """All that waits in the organisation being worked for."""
    return [_waiting(each) for each in Adjustment.objects.order_by("account", "first", "as_of")]


@transaction.atomic
def accept(adjustment_id: UUID, by: User, now: datetime) -> Counts:
    """Apply an adjustment by the same rules as any statement, and say what came of it.

    Raises Adjustment.DoesNotExist.
    """
    lock(required_tenant())
    accepted = Adjustment.objects.get(pk=adjustment_id)
    meeting = meet(accepted.account_id, _part(accepted), closed_until=None)
    counts = apply(accepted.account_id, accepted.statement, meeting, now)
    accepted.delete()
    _settle(accepted.account_id, now)
    audit.record(
        "adjustment.accepted",
        actor=by.email,
        subject=accepted.account_id,
        now=now,
        details={
            "first": accepted.first.isoformat(),
            "last": accepted.last.isoformat(),
            **asdict(counts),
        },
    )
    return counts


def _drop_superseded(account: Account, statement: Statement) -> None:
    """Of days that a complete statement shows anew, nothing older waits any longer."""
    covered = covered_period(statement)
    if covered is not None:
        older = Adjustment.objects.filter(account=account, as_of__lte=statement.as_of)
        older.filter(first__gte=covered.first, last__lte=covered.last).delete()


def _drop_equal(account: Account, part: Statement) -> None:
    """Incomplete statements that show the same rows say the same."""
    if part.complete:
        return
    for waiting in Adjustment.objects.filter(account=account, as_of__lte=part.as_of):
        older = _part(waiting)
        if not older.complete and older.transactions == part.transactions:
            waiting.delete()


def _settle(account_id: UUID, now: datetime) -> None:
    """What would no longer change a row need not wait: it only confirms days."""
    for waiting in Adjustment.objects.filter(account=account_id).order_by("as_of"):
        meeting = meet(account_id, _part(waiting), closed_until=None)
        if not events(meeting.division.applied):
            apply(account_id, waiting.statement, meeting, now)
            waiting.delete()


def _waiting(adjustment: Adjustment) -> Waiting:
    meeting = meet(adjustment.account_id, _part(adjustment), closed_until=None)
    return Waiting(
        id=adjustment.id,
        account_id=adjustment.account_id,
        days=Period(adjustment.first, adjustment.last),
        held_at=adjustment.held_at,
        events=events(meeting.division.applied),
    )


def _part(adjustment: Adjustment) -> Statement:
    return _STATEMENT.decode(bytes(adjustment.content))
