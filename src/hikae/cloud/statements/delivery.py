"""Taking a statement that an agent delivers: its parts, then the whole.

A part may come twice and in any order. The whole is acknowledged with its digest, once merged
and for ever after; the same id with another digest is refused.
"""

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from django.db import transaction

from hikae.cloud.devices.models import Device
from hikae.cloud.people import audit
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import bulk
from hikae.cloud.statements.believing import unbelievable
from hikae.cloud.statements.models import StatementPart, StatementRecord
from hikae.cloud.statements.taking import Origin, record, record_refusal, take
from hikae.killpoint import killpoint
from hikae.link import delivery, messages
from hikae.link.messages import PART_ROWS, Delivered, StatementHead
from hikae.model.fetch import Counts
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.statement import Source, Statement, Transaction

_KEEP_PART = """
    INSERT INTO statements_statementpart
        (organisation_id, id, statement, number, connection, transactions, delivered_at)
    SELECT %s, %s, %s, %s, %s, %s, %s FROM connections_connection AS served
    WHERE served.organisation_id = %s AND served.id = %s AND served.device_id = %s
        AND NOT EXISTS (
            SELECT 1 FROM statements_statementrecord AS taken
            WHERE taken.organisation_id = served.organisation_id AND taken.id = %s
        )
    ON CONFLICT (organisation_id, statement, number) DO UPDATE SET
        connection = excluded.connection, transactions = excluded.transactions,
        delivered_at = excluded.delivered_at
"""

_KEPT_PARTS = """
    SELECT number, transactions FROM statements_statementpart
    WHERE organisation_id = %s AND statement = %s AND connection = %s AND number < %s
"""

_ROWS = msgspec.json.Decoder(tuple[Transaction, ...])


class DeliveryError(ProblemError):
    """statement_inconsistent, or cloud_rejected with the part that does not fit."""


def keep_part(
    device: Device,
    statement_id: UUID,
    number: int,
    part: messages.StatementPart,
    now: datetime,
) -> None:
    """Keep one part until the whole is there; raises Connection.DoesNotExist.

    An agent has all parts until the whole, which waits for the disk, is acknowledged. Where a
    power cut took one back, completing says which one is missing, and all are sent again.
    """
    rows = msgspec.json.encode(part.transactions)
    organisation_id = required_tenant()
    kept = (organisation_id, uuid4(), statement_id, number, part.connection, rows, now)
    belongs = (organisation_id, part.connection, device.id, statement_id)
    with bulk.ahead_of_the_disk():
        written = bulk.execute(_KEEP_PART, (*kept, *belongs))
    if not written:
        # The whole has been taken already, or it is not this device's to deliver.
        device.connections.get(pk=part.connection)
    killpoint("parts.kept")


def complete(device: Device, statement_id: UUID, head: StatementHead, now: datetime) -> Delivered:
    """Merge the whole statement and acknowledge it.

    Raises DeliveryError (a refusal for what the statement itself says is recorded) or
    Connection.DoesNotExist.
    """
    try:
        taken = _complete(device, statement_id, head, now)
    except DeliveryError as refusal:
        if refusal.problem.code is ProblemCode.STATEMENT_INCONSISTENT:
            _record_refusal(statement_id, head, refusal.problem, now)
        raise
    killpoint("merge.committed")
    return taken


@transaction.atomic
def _complete(device: Device, statement_id: UUID, head: StatementHead, now: datetime) -> Delivered:
    lock(required_tenant())
    connection = device.connections.get(pk=head.connection)
    answered = _answered(statement_id, head)
    if answered is not None:
        return answered
    statement = _assemble(statement_id, head)
    # Nobody has seen the future: a PC's clock that is ahead must not outdo what is read later.
    statement = replace(statement, as_of=min(statement.as_of, now))
    taken = take(connection, statement_id, statement, now)
    record(statement_id, statement, _origin(head), taken, now)
    StatementPart.objects.filter(statement=statement_id).delete()
    audit.record(
        "statement.delivered",
        actor=device.name,
        subject=statement_id,
        now=now,
        details={"state": taken.state.value, **asdict(taken.counts)},
    )
    killpoint("merge.applied")
    return Delivered(head.digest, taken.counts)


def _answered(statement_id: UUID, head: StatementHead) -> Delivered | None:
    """The answer given before, if any."""
    record = StatementRecord.objects.filter(pk=statement_id).first()
    if record is None:
        return None
    if record.digest != head.digest:
        raise _rejected(part="digest")
    if record.problem is not None:
        raise DeliveryError(msgspec.convert(record.problem, Problem))
    return Delivered(record.digest, Counts(**record.counts))


def _assemble(statement_id: UUID, head: StatementHead) -> Statement:
    """The statement from its parts; nothing missing, nothing changed, every sum right."""
    rows = tuple(_rows(statement_id, head))
    if len(rows) != head.rows or delivery.digest(head, rows) != head.digest:
        raise _rejected(part="digest")
    statement = _statement(head, rows)
    part = unbelievable(statement)
    if part is not None:
        raise _rejected(part=part)
    problem = statement.check()
    if problem is not None:
        raise DeliveryError(problem)
    return statement


def _statement(head: StatementHead, rows: tuple[Transaction, ...]) -> Statement:
    return Statement(
        account=head.account,
        period=head.period,
        as_of=head.as_of,
        complete=head.complete,
        opening=head.opening,
        closing=head.closing,
        transactions=rows,
        source=Source(head.channel),
        pending=head.pending,
    )


def _origin(head: StatementHead) -> Origin:
    return Origin(head.connection, head.digest, fetch=head.fetch)


def _rows(statement_id: UUID, head: StatementHead) -> list[Transaction]:
    if head.parts != -(-head.rows // PART_ROWS):
        raise _rejected(part="parts")
    wanted = (required_tenant(), statement_id, head.connection, head.parts)
    parts = dict(bulk.numbered(_KEPT_PARTS, wanted))
    rows: list[Transaction] = []
    for number in range(head.parts):
        if number not in parts:
            raise DeliveryError(
                Problem(ProblemCode.CLOUD_REJECTED, {"part": "missing", "number": number})
            )
        rows += _ROWS.decode(parts[number])
    return rows


@transaction.atomic
def _record_refusal(
    statement_id: UUID, head: StatementHead, problem: Problem, now: datetime
) -> None:
    if StatementRecord.objects.filter(pk=statement_id).exists():
        return
    statement = _statement(head, tuple(_rows(statement_id, head)))
    record_refusal(statement_id, statement, _origin(head), problem, now)
    StatementPart.objects.filter(statement=statement_id).delete()


def _rejected(part: str) -> DeliveryError:
    return DeliveryError(Problem(ProblemCode.CLOUD_REJECTED, {"part": part}))
