"""Taking a statement into the books, wherever it comes from: PC or file, the same rules."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.connections.problem_record import keep_problem
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.accounts import known_account, note_balance, note_pending
from hikae.cloud.statements.closing.adjustments import hold
from hikae.cloud.statements.closing.months import closed
from hikae.cloud.statements.merging import apply, meet
from hikae.cloud.statements.models import Account, StatementRecord
from hikae.cloud.statements.narrowing import since
from hikae.cloud.watching.counters import counters
from hikae.model.fetch import Counts
from hikae.model.problems import Problem
from hikae.model.statement import Statement


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a statement comes from: a connection, and either a fetch or a file.

    digest: SHA-256 of the whole statement, hex.
    """

    connection: UUID
    digest: str
    fetch: UUID | None = None
    file: UUID | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a statement; counts: what was applied at once."""

    account: Account
    state: StatementRecord.State
    counts: Counts


def take(connection: Connection, statement_id: UUID, statement: Statement, now: datetime) -> Taken:
    """Join a statement, which has been checked, to the books of its account.

    The caller holds the organisation's lock and the transaction.
    """
    account = known_account(connection, statement.account)
    if not ConnectionAccount.objects.get(connection=connection, account=account).taken:
        return Taken(account, StatementRecord.State.LEFT_OUT, Counts())
    wanted = since(statement, connection.start_on)
    if wanted is None:
        return Taken(account, StatementRecord.State.MERGED, Counts())
    note_balance(account, wanted, now)
    note_pending(account, wanted)
    with counters().merging(len(wanted.transactions)):
        meeting = meet(account.id, wanted, closed().until(account.id))
        counts = apply(account.id, statement_id, meeting, now)
        hold(account, statement_id, meeting, now)
    return Taken(account, StatementRecord.State.MERGED, counts)


def record(
    statement_id: UUID, statement: Statement, origin: Origin, taken: Taken, now: datetime
) -> None:
    """Remember a statement that was taken, with what was proven of it."""
    _remember(
        statement_id,
        statement,
        origin,
        now,
        account=taken.account,
        state=taken.state,
        running=statement.proof().running,
        counts=asdict(taken.counts),
    )


def record_refusal(
    statement_id: UUID, statement: Statement, origin: Origin, problem: Problem, now: datetime
) -> None:
    """Remember a statement that was not taken, and why."""
    refused = StatementRecord.State.REFUSED
    _remember(statement_id, statement, origin, now, state=refused, problem=keep_problem(problem))


def _remember(
    statement_id: UUID, statement: Statement, origin: Origin, now: datetime, **outcome: object
) -> None:
    StatementRecord.objects.create(
        id=statement_id,
        organisation_id=required_tenant(),
        connection=origin.connection,
        fetch=origin.fetch,
        file_id=origin.file,
        digest=origin.digest,
        as_of=statement.as_of,
        first=statement.period.first if statement.period else None,
        last=statement.period.last if statement.period else None,
        complete=statement.complete,
        opening=statement.opening,
        closing=statement.closing,
        channel=statement.source.channel,
        rows=len(statement.transactions),
        delivered_at=now,
        **outcome,
    )
