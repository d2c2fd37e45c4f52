"""登録済一覧: every registration with all that pages show of it, in a handful of queries."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from hikae.cloud.connections.models import (
    Challenge,
    Connection,
    ConnectionAccount,
    Fetch,
    SealedLogin,
)
from hikae.cloud.connections.problem_record import read_problem
from hikae.cloud.devices.models import Device, DevicePresence
from hikae.cloud.devices.presence import shows_on
from hikae.cloud.plans.holding import may_link
from hikae.cloud.statements.models import AccountDay
from hikae.link.messages import CertificateShown
from hikae.model.account import AccountKind
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem


@dataclass(frozen=True, slots=True)
class RegisteredAccount:
    """An account that the bank showed; taken: not left out.

    covered_until: the newest day that a complete statement showed.
    """

    id: UUID
    branch: str
    kind: AccountKind
    number: str
    taken: bool
    covered_until: date | None = None


@dataclass(frozen=True, slots=True)
class NewestFetch:
    """The newest fetch; at: when it ended, or was asked for while it has not."""

    id: UUID
    state: FetchState
    at: datetime
    step: str
    rows: int
    added: int
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class ServingDevice:
    """The PC that serves a registration."""

    id: UUID
    name: str
    on: bool


@dataclass(frozen=True, slots=True)
class Registered:
    """One registration. challenge_ends: until when a dialog waits for an answer, if one does.

    has_login: login information is kept for whoever serves it. problem: what the PC reported
    apart from fetches, such as a certificate that is missing. by_file: nobody ever gave login
    information, so only imported files fill it. bank_name: as a bank's file says it. plan_allows:
    the organisation's plan includes fetching. user_id, start_on: as in Connection.
    """

    id: UUID
    institution: str
    accounts: tuple[RegisteredAccount, ...]
    device: ServingDevice | None
    has_login: bool
    enabled: bool
    stopped: bool
    certificate: CertificateShown | None
    next_fetch_at: datetime | None
    fetch: NewestFetch | None
    last_success: datetime | None
    challenge_ends: datetime | None
    problem: Problem | None
    by_file: bool = False
    bank_name: str = ""
    plan_allows: bool = True
    user_id: str = ""
    start_on: date | None = None

    @property
    def covered_until(self) -> date | None:
        """The newest day up to which all accounts that are taken are known."""
        days = (each.covered_until for each in self.accounts if each.taken)
        return min((day for day in days if day is not None), default=None)

    @property
    def ready(self) -> bool:
        """Whether a fetch can be asked for."""
        served = self.device is not None and self.enabled and self.has_login
        return served and not self.stopped and self.plan_allows


def registered(now: datetime) -> list[Registered]:
    """All registrations of the organisation being worked for, in the order of registering."""
    return _read(Connection.objects.order_by("registered_at", "id"), now)


def registered_as(connection_id: UUID, now: datetime) -> Registered:
    """One registration; raises Connection.DoesNotExist."""
    found = _read(Connection.objects.filter(pk=connection_id), now)
    if not found:
        raise Connection.DoesNotExist
    return found[0]


def waiting_challenge(connection_id: UUID, now: datetime) -> Challenge | None:
    """The question of the bank that waits for an answer now."""
    return _waiting(now).filter(connection=connection_id).first()


def _read(wanted: QuerySet[Connection], now: datetime) -> list[Registered]:
    of_this = OuterRef("pk")
    newest = Fetch.objects.filter(connection=of_this).order_by("-queued_at")
    successes = newest.filter(state=FetchState.DONE).order_by("-ended_at")
    covered = AccountDay.objects.filter(account=OuterRef("account"), as_of__isnull=False)
    newest_day = Subquery(covered.order_by("-day").values("day")[:1])
    shown = ConnectionAccount.objects.select_related("account").annotate(covered_until=newest_day)
    in_order = shown.order_by("account__branch_code", "account__kind", "account__number")
    connections = wanted.select_related("device__presence", "login").prefetch_related(
        Prefetch("accounts", in_order)
    )
    facts = connections.annotate(
        newest_fetch=Subquery(newest.values("pk")[:1]),
        last_success=Subquery(successes.values("ended_at")[:1]),
        challenge_ends=Subquery(_waiting(now).filter(connection=of_this).values("expires_at")[:1]),
    )
    rows = list(facts)
    fetches = Fetch.objects.in_bulk([row.newest_fetch for row in rows if row.newest_fetch])
    plan_allows = may_link()
    found = (
        _registered(row, fetches.get(row.newest_fetch), row.last_success, row.challenge_ends, now)
        for row in rows
    )
    return [replace(each, plan_allows=plan_allows) for each in found]


def _waiting(now: datetime) -> QuerySet[Challenge]:
    open_states = [Challenge.State.WAITING, Challenge.State.WRONG]
    waiting = Challenge.objects.filter(state__in=open_states, expires_at__gt=now)
    return waiting.order_by("-asked_at")


def _registered(
    connection: Connection,
    fetch: Fetch | None,
    last_success: datetime | None,
    challenge_ends: datetime | None,
    now: datetime,
) -> Registered:
    certificate = connection.certificate
    return Registered(
        id=connection.id,
        institution=connection.institution,
        accounts=tuple(_account(each) for each in connection.accounts.all()),
        device=_device(connection.device, now) if connection.device else None,
        has_login=_has_login(connection),
        enabled=connection.enabled,
        stopped=connection.stopped,
        certificate=msgspec.convert(certificate, CertificateShown) if certificate else None,
        next_fetch_at=connection.next_fetch_at,
        fetch=_fetch(fetch) if fetch else None,
        last_success=last_success,
        challenge_ends=challenge_ends,
        problem=read_problem(connection.problem),
        by_file=connection.login_version == 0,
        user_id=connection.user_id,
        start_on=connection.start_on,
        bank_name=next((each.account.bank_name for each in connection.accounts.all()), ""),
    )


def _account(shown: ConnectionAccount) -> RegisteredAccount:
    account = shown.account
    branch = account.branch_name or account.branch_code
    covered_until: date | None = getattr(shown, "covered_until", None)
    kind = AccountKind(account.kind)
    return RegisteredAccount(account.id, branch, kind, account.number, shown.taken, covered_until)


def _device(device: Device, now: datetime) -> ServingDevice:
    presence: DevicePresence | None = getattr(device, "presence", None)
    return ServingDevice(device.id, device.name, presence is not None and shows_on(presence, now))


def _has_login(connection: Connection) -> bool:
    login: SealedLogin | None = getattr(connection, "login", None)
    if login is None or connection.device is None:
        return login is not None
    return login.holder == connection.device.holder


def _fetch(fetch: Fetch) -> NewestFetch:
    return NewestFetch(
        id=fetch.id,
        state=FetchState(fetch.state),
        at=fetch.ended_at or fetch.queued_at,
        step=fetch.step,
        rows=fetch.rows,
        added=fetch.added,
        problem=read_problem(fetch.problem),
    )
