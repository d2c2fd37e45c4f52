"""What a PC may know of the connections it serves, and what it says of them."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Prefetch

from hikae.cloud.connections.models import Connection, ConnectionAccount, SealedLogin
from hikae.cloud.connections.problem_record import keep_problem
from hikae.cloud.devices.models import Device
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.plans.holding import may_link
from hikae.cloud.statements.labels import account_label
from hikae.link.messages import ConnectionReport, Connections, ConnectionView


def served_by(device: Device) -> Connections:
    """All connections that a device serves, with the logins sealed to it."""
    left_out = ConnectionAccount.objects.filter(taken=False).select_related("account")
    served = device.connections.select_related("login").order_by("registered_at", "id")
    rows = served.prefetch_related(Prefetch("accounts", left_out, "left_out"))
    allowed = may_link()
    views = tuple(_view(row, device, plan_allows=allowed) for row in rows)
    return Connections(required_tenant(), device.id, views)


def report_connection(
    device: Device, connection_id: UUID, report: ConnectionReport, now: datetime
) -> None:
    """Keep what was decided on the PC; raises Connection.DoesNotExist for another's."""
    connection = device.connections.get(pk=connection_id)
    connection.enabled = report.enabled
    connection.certificate = msgspec.to_builtins(report.certificate) if report.certificate else None
    connection.next_fetch_at = report.next_fetch_at
    connection.problem = keep_problem(report.problem)
    connection.reported_at = now
    connection.save(
        update_fields=["enabled", "certificate", "next_fetch_at", "problem", "reported_at"]
    )


def _view(connection: Connection, device: Device, *, plan_allows: bool) -> ConnectionView:
    login: SealedLogin | None = getattr(connection, "login", None)
    sealed_here = login is not None and login.holder == device.holder
    left_out: list[ConnectionAccount] = getattr(connection, "left_out", [])
    return ConnectionView(
        id=connection.id,
        institution=connection.institution,
        login=login.sealed if login is not None and sealed_here else None,
        login_version=connection.login_version,
        stopped=connection.stopped,
        user_id=connection.user_id,
        start_on=connection.start_on,
        accounts_left_out=tuple(account_label(row.account) for row in left_out),
        plan_allows=plan_allows,
    )
