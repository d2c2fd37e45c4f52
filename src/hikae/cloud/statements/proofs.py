"""What is known of each statement: where it came from, and which of its balances were proven."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from hikae.cloud.connections.problem_record import read_problem
from hikae.cloud.connections.remarks import Remark, told
from hikae.cloud.statements.models import Account, ImportedFile, StatementRecord
from hikae.model.fetch import Counts
from hikae.model.statement import Channel, Period


@dataclass(frozen=True, slots=True)
class StatementProof:
    """A statement as it was taken or refused.

    opening, closing: whether that balance was there to be proven. running: how many rows' own
    balances were, None where nobody counted. digest: of the whole.
    """

    id: UUID
    account: Account | None
    channel: Channel
    file: ImportedFile | None
    as_of: datetime
    delivered_at: datetime
    days: Period | None
    complete: bool
    rows: int
    opening: bool
    running: int | None
    closing: bool
    digest: str
    counts: Counts
    left_out: bool
    refusal: Remark | None


def proofs_of(records: QuerySet[StatementRecord]) -> list[StatementProof]:
    """The same of many."""
    without_content = records.select_related("account", "file").defer("file__content")
    return [_proof(record) for record in without_content]


def _proof(record: StatementRecord) -> StatementProof:
    problem = read_problem(record.problem)
    taken = problem is None
    opening, closing = record.opening is not None, record.closing is not None
    some_running = bool(record.running)
    return StatementProof(
        id=record.id,
        account=record.account,
        channel=Channel(record.channel),
        file=record.file,
        as_of=record.as_of,
        delivered_at=record.delivered_at,
        days=_days(record),
        complete=record.complete,
        rows=record.rows,
        opening=taken and opening and (closing or some_running),
        running=record.running if taken else None,
        closing=taken and closing and (opening or some_running),
        digest=record.digest,
        counts=Counts(**record.counts),
        left_out=record.state == StatementRecord.State.LEFT_OUT,
        refusal=told(problem, "fail") if problem else None,
    )


def _days(record: StatementRecord) -> Period | None:
    if record.first is None or record.last is None:
        return None
    return Period(record.first, record.last)
