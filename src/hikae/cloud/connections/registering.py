"""Registering with an institution, and what a person may change afterwards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from hikae.catalogue.institution import Institution
from hikae.cloud.connections.choosing import serving_here
from hikae.cloud.connections.fetching import cancel_fetch, end_fetches
from hikae.cloud.connections.logins import keep_login
from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.devices.commands import refresh
from hikae.cloud.devices.models import Device
from hikae.cloud.institutions.offer import catalogue
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.plans.holding import require_linking
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret


class RegistrationError(ValueError):
    """What was typed cannot be registered.

    fields: names of the login fields that are missing; empty where the institution itself is
    not one that the agent fetches.
    """

    def __init__(self, fields: tuple[str, ...] = ()) -> None:
        super().__init__(f"missing: {', '.join(fields)}" if fields else "no such institution")
        self.fields = fields


@dataclass(frozen=True, slots=True)
class Details:
    """user_id: as the bank shows it in the certificate. start_on: 開始日."""

    user_id: str = ""
    start_on: date | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """What a person types at 新規登録.

    institution: its code. login: by the names of the institution's login fields. device: the PC
    to serve it; one's own where None.
    """

    institution: str
    login: Mapping[str, Secret]
    user_id: str = ""
    start_on: date | None = None
    device: UUID | None = None


@transaction.atomic
def register_connection(wish: Registration, by: User, now: datetime) -> Connection:
    """A new connection of the organisation being worked for, its login sealed at once.

    One that only files filled so far becomes one that is fetched. Raises RegistrationError,
    PlanRequiredError, or Device.DoesNotExist for a PC that does not serve here.
    """
    require_linking()
    institution = _fetched(wish.institution)
    login = _complete(institution, wish.login)
    by_file = Connection.objects.filter(institution=institution.code, login_version=0).first()
    connection = by_file or Connection(
        organisation_id=required_tenant(), institution=institution.code
    )
    connection.device = _serving(wish.device, by)
    connection.user_id, connection.start_on = wish.user_id, wish.start_on
    connection.registered_by, connection.registered_at = by, now
    connection.save()
    keep_login(connection, login, now)
    refresh(connection.device_id, now)
    audit.record("connection.registered", actor=by.email, subject=connection.id, now=now)
    return connection


@transaction.atomic
def register_for_files(institution: str, by: User, now: datetime) -> Connection:
    """A connection without login information, which only imported files fill.

    institution: a bank's code, in the catalogue or not.
    """
    connection = Connection.objects.create(
        organisation_id=required_tenant(),
        institution=institution,
        registered_by=by,
        registered_at=now,
    )
    audit.record("connection.registered_for_files", actor=by.email, subject=connection.id, now=now)
    return connection


@transaction.atomic
def change_login(
    connection_id: UUID,
    login: Mapping[str, Secret],
    by: User,
    now: datetime,
    device: UUID | None = None,
) -> Connection:
    """Seal new login information, to another PC where one is given.

    One that no PC serves yet gets the person's own, if there is one. Raises RegistrationError,
    Connection.DoesNotExist or Device.DoesNotExist.
    """
    connection = _held(connection_id)
    if device is not None or connection.device is None:
        _move(connection, _serving(device, by), by, now)
    keep_login(connection, _complete(_fetched(connection.institution), login), now)
    refresh(connection.device_id, now)
    audit.record("connection.login_changed", actor=by.email, subject=connection.id, now=now)
    return connection


@transaction.atomic
def change_details(connection_id: UUID, details: Details, by: User, now: datetime) -> None:
    """Change what stands beside the login information; raises Connection.DoesNotExist."""
    connection = _held(connection_id)
    connection.user_id, connection.start_on = details.user_id, details.start_on
    connection.save(update_fields=["user_id", "start_on"])
    refresh(connection.device_id, now)
    audit.record("connection.details_changed", actor=by.email, subject=connection.id, now=now)


def stop_connection(connection_id: UUID, by: User, now: datetime) -> None:
    """停止: its PC fetches it no more; raises Connection.DoesNotExist."""
    _set_stopped(connection_id, by, now, stopped=True)


def resume_connection(connection_id: UUID, by: User, now: datetime) -> None:
    """再開: fetched again if the PC has it enabled; raises Connection.DoesNotExist."""
    _set_stopped(connection_id, by, now, stopped=False)


@transaction.atomic
def delete_connection(connection_id: UUID, by: User, now: datetime) -> None:
    """Forget a registration with its login; the books stay. Raises Connection.DoesNotExist."""
    connection = _held(connection_id)
    device_id = connection.device_id
    connection.delete()
    refresh(device_id, now)
    audit.record("connection.deleted", actor=by.email, subject=connection_id, now=now)


@transaction.atomic
def take_account(
    connection_id: UUID, account_id: UUID, by: User, now: datetime, *, taken: bool
) -> None:
    """Take an account of a connection, or leave it out from now on.

    Raises ConnectionAccount.DoesNotExist.
    """
    connection = _held(connection_id)
    shown = ConnectionAccount.objects.get(connection=connection, account=account_id)
    shown.taken = taken
    shown.save(update_fields=["taken"])
    refresh(connection.device_id, now)
    action = "connection.account_taken" if taken else "connection.account_left_out"
    audit.record(action, actor=by.email, subject=account_id, now=now)


@transaction.atomic
def _set_stopped(connection_id: UUID, by: User, now: datetime, *, stopped: bool) -> None:
    connection = _held(connection_id)
    connection.stopped = stopped
    connection.save(update_fields=["stopped"])
    refresh(connection.device_id, now)
    action = "connection.stopped" if stopped else "connection.resumed"
    audit.record(action, actor=by.email, subject=connection.id, now=now)


def _held(connection_id: UUID) -> Connection:
    locked = Connection.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("device").get(pk=connection_id)


def _fetched(code: str) -> Institution:
    institution = catalogue().find(code)
    if institution is None or not institution.certificate:
        raise RegistrationError
    return institution


def _complete(institution: Institution, login: Mapping[str, Secret]) -> dict[str, Secret]:
    """The login fields of the institution and no others."""
    names = [field.name for field in institution.login]
    missing = tuple(name for name in names if name not in login or not login[name].reveal())
    if missing:
        raise RegistrationError(missing)
    return {name: login[name] for name in names}


def _serving(device_id: UUID | None, by: User) -> Device | None:
    """The PC asked for, or the person's own where it serves this organisation."""
    here = serving_here()
    return here.get(pk=device_id) if device_id else here.filter(person=by).first()


def _move(connection: Connection, device: Device | None, by: User, now: datetime) -> None:
    """Let another PC serve a connection: certificate and switch are chosen there anew."""
    if device is None or device == connection.device:
        return
    for fetch in connection.fetches.exclude(state__in=[s for s in FetchState if s.final]):
        cancel_fetch(fetch.id, by, now)
    end_fetches([connection.id], Problem(ProblemCode.CANCELLED), now)
    before, connection.device = connection.device_id, device
    connection.enabled, connection.certificate = False, None
    connection.next_fetch_at, connection.problem = None, None
    connection.save()
    refresh(before, now)
    details = {"device": str(device.id)}
    audit.record(
        "connection.moved", actor=by.email, subject=connection.id, now=now, details=details
    )
