"""Taking a statement that an agent delivers: its parts, then the whole.

A part may come twice and in any order. The whole is acknowledged with its digest, once merged
and for ever after; the same id with another digest is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.connections.problem_record import keep_problem
from hikae.cloud.devices.models import Device
from hikae.cloud.people import audit
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.accounts import known_account, note_balance
from hikae.cloud.statements.merging import merge, since
from hikae.cloud.statements.models import Account, StatementPart, StatementRecord
from hikae.killpoint import killpoint
from hikae.link import delivery, messages
from hikae.link.messages import PART_ROWS, Delivered, StatementHead
from hikae.model.fetch import Counts
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.statement import Source, Statement, Transaction

_ROWS = msgspec.json.Decoder(tuple[Transaction, ...])
_UNSEEN = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control and bidirectional characters, which an agent drops at its border."""

_LARGEST = 10**15
"""No amount of a statement is larger, in minor units; beyond it is damage or mischief."""


class DeliveryError(ProblemError):
    """statement_inconsistent, or cloud_rejected with the part that does not fit."""


@transaction.atomic
def keep_part(
    device: Device,
    statement_id: UUID,
    number: int,
    part: messages.StatementPart,
    now: datetime,
) -> None:
    """Keep one part until the whole is there; raises Connection.DoesNotExist."""
    device.connections.get(pk=part.connection)
    if StatementRecord.objects.filter(pk=statement_id).exists():
        return
    StatementPart.objects.update_or_create(
        organisation_id=required_tenant(),
        statement=statement_id,
        number=number,
        defaults={
            "connection": part.connection,
            "transactions": msgspec.json.encode(part.transactions),
            "delivered_at": now,
        },
    )


def complete(device: Device, statement_id: UUID, head: StatementHead, now: datetime) -> Delivered:
    """Merge the whole statement and acknowledge it.

    Raises DeliveryError (a refusal for what the statement itself says is recorded) or
    Connection.DoesNotExist.
    """
    try:
        return _complete(device, statement_id, head, now)
    except DeliveryError as refusal:
        if refusal.problem.code is ProblemCode.STATEMENT_INCONSISTENT:
            _record_refusal(statement_id, head, refusal.problem, now)
        raise


@transaction.atomic
def _complete(device: Device, statement_id: UUID, head: StatementHead, now: datetime) -> Delivered:
    lock(required_tenant())
    connection = device.connections.get(pk=head.connection)
    answered = _answered(statement_id, head)
    if answered is not None:
        return answered
    statement = _assemble(statement_id, head)
    account = known_account(connection, statement.account)
    taken = ConnectionAccount.objects.get(connection=connection, account=account).taken
    counts = _join(account, statement_id, statement, connection, now) if taken else Counts()
    state = StatementRecord.State.MERGED if taken else StatementRecord.State.LEFT_OUT
    _record(statement_id, head, state, now, account=account, counts=counts)
    StatementPart.objects.filter(statement=statement_id).delete()
    audit.record(
        "statement.delivered",
        actor=device.name,
        subject=statement_id,
        now=now,
        details={"state": state.value, **asdict(counts)},
    )
    killpoint("merge.applied")
    return Delivered(head.digest, counts)


def _join(
    account: Account,
    statement_id: UUID,
    statement: Statement,
    connection: Connection,
    now: datetime,
) -> Counts:
    wanted = since(statement, connection.start_on)
    note_balance(account, statement, now)
    return merge(account, statement_id, wanted, now) if wanted else Counts()


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
    statement = Statement(
        account=head.account,
        period=head.period,
        as_of=head.as_of,
        complete=head.complete,
        opening=head.opening,
        closing=head.closing,
        transactions=rows,
        source=Source(head.channel),
    )
    _refuse_unbelievable(statement)
    problem = statement.check()
    if problem is not None:
        raise DeliveryError(problem)
    return statement


def _rows(statement_id: UUID, head: StatementHead) -> list[Transaction]:
    if head.parts != -(-head.rows // PART_ROWS):
        raise _rejected(part="parts")
    kept = StatementPart.objects.filter(statement=statement_id, connection=head.connection)
    parts = {part.number: part for part in kept.filter(number__lt=head.parts)}
    rows: list[Transaction] = []
    for number in range(head.parts):
        if number not in parts:
            raise DeliveryError(
                Problem(ProblemCode.CLOUD_REJECTED, {"part": "missing", "number": number})
            )
        rows += _ROWS.decode(bytes(parts[number].transactions))
    return rows


def _refuse_unbelievable(statement: Statement) -> None:
    """Refuse what no agent that keeps the rules can have sent."""
    figures = [statement.opening, statement.closing]
    for row in statement.transactions:
        figures += (row.amount, row.balance)
        if any(map(_UNSEEN.search, _texts(row))):
            raise _rejected(part="text")
    if any(figure is not None and abs(figure) > _LARGEST for figure in figures):
        raise _rejected(part="amount")


def _texts(row: Transaction) -> Iterator[str]:
    texts = (row.description, row.counterparty, row.bank_reference, row.edi)
    return (text for text in texts if text)


@transaction.atomic
def _record_refusal(
    statement_id: UUID, head: StatementHead, problem: Problem, now: datetime
) -> None:
    if StatementRecord.objects.filter(pk=statement_id).exists():
        return
    refused = StatementRecord.State.REFUSED
    _record(statement_id, head, refused, now, problem=problem)
    StatementPart.objects.filter(statement=statement_id).delete()


def _record(
    statement_id: UUID,
    head: StatementHead,
    state: StatementRecord.State,
    now: datetime,
    *,
    account: Account | None = None,
    counts: Counts | None = None,
    problem: Problem | None = None,
) -> None:
    StatementRecord.objects.create(
        id=statement_id,
        organisation_id=required_tenant(),
        connection=head.connection,
        fetch=head.fetch,
        account=account,
        state=state,
        digest=head.digest,
        as_of=head.as_of,
        first=head.period.first if head.period else None,
        last=head.period.last if head.period else None,
        complete=head.complete,
        opening=head.opening,
        closing=head.closing,
        channel=head.channel,
        rows=head.rows,
        counts=asdict(counts) if counts else {},
        problem=keep_problem(problem),
        delivered_at=now,
    )


def _rejected(part: str) -> DeliveryError:
    return DeliveryError(Problem(ProblemCode.CLOUD_REJECTED, {"part": part}))
