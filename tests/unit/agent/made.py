"""Values that the agent's tests are made of."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hikae.link.messages import ConnectionView
from hikae.model.account import Account, AccountKind
from hikae.model.certificate import Certificate
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode
from hikae.model.statement import Channel, Period, Source, Statement, Transaction

NOW = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
CONNECTION = UUID(int=1)
ACCOUNT = Account("001", AccountKind.ORDINARY, "1234567")
CERTIFICATE = Certificate(
    thumbprint="ab" * 20,
    subject="CN=ok_9901",
    issuer="CN=CA",
    user_id="ok_9901",
    serial="1",
    not_before=NOW - timedelta(days=1),
    not_after=NOW + timedelta(days=1),
    has_key=True,
    store="folder",
)


def view(*, stopped: bool = False, version: int = 1, of: UUID = CONNECTION) -> ConnectionView:
    return ConnectionView(of, "9901", "sealed", version, stopped)


def fetch(
    number: int,
    *,
    ago: timedelta = timedelta(),
    state: FetchState = FetchState.DONE,
    code: ProblemCode | None = None,
    trigger: Trigger = Trigger.CLOUD,
    begun: bool = True,
) -> Fetch:
    """A fetch that was queued, and perhaps began, `ago` before NOW."""
    at = NOW - ago
    problem = None if code is None else Problem(code)
    started = at if begun else None
    return Fetch(UUID(int=number), CONNECTION, trigger, state, at, started, problem=problem)


def statement(rows: int = 2) -> Statement:
    """A November statement of so many rows."""
    day = date(2026, 11, 10)
    transactions = tuple(Transaction(day, 100, 1000 + 100 * (n + 1)) for n in range(rows))
    period = Period(date(2026, 11, 1), date(2026, 11, 24))
    source = Source(Channel.ANSER_CSV)
    return Statement(ACCOUNT, period, NOW, True, 1000, 1000 + 100 * rows, transactions, source)
