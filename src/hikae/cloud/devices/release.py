"""Ending a PC's enrolment: from the page, from the PC itself, or because the owner changed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from hikae.cloud.connections.fetching import end_fetches
from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.devices import commands
from hikae.cloud.devices.endings import Ended, journal
from hikae.cloud.devices.models import Assignment, Command, Device
from hikae.cloud.people import audit
from hikae.killpoint import killpoint
from hikae.link.messages import Release
from hikae.model.problems import Problem, ProblemCode


@transaction.atomic
def release_device(device: Device, *, actor: str, now: datetime, owner: str = "") -> None:
    """End `device` at once and for good; its connections stay, their logins are forgotten.

    actor: e-mail of the person, or the device's own name when the PC asks. owner: who owns the
    organisation now, where that is the reason. Nothing happens when it has ended already.
    """
    entry = Ended(device.id, now, by=actor[:200], owner=owner[:200])
    if end_device(entry, now):
        journal().add(entry)
        killpoint("endings.noted")


def end_device(entry: Ended, now: datetime) -> bool:
    """Do in the database what an entry of the journal says; False where it is done already.

    Works for the device's organisation, inside a transaction.
    """
    # Connections before their device, as everybody does who locks both.
    served = Connection.objects.select_for_update(no_key=True).filter(device=entry.device)
    connections = [connection.id for connection in served.order_by("id")]
    held = Device.objects.select_for_update(no_key=True).get(pk=entry.device)
    if held.over:
        return False
    held.state = Device.State.RELEASED
    held.ended_at, held.ended_by, held.ended_for = entry.at, entry.by, entry.owner
    held.save(update_fields=["state", "ended_at", "ended_by", "ended_for"])
    Assignment.objects.filter(device=held, ended_at=None).update(ended_at=entry.at)
    _let_go(connections)
    details = {"device": held.name, "by": entry.by, "owner": entry.owner}
    end_fetches(connections, Problem(ProblemCode.DEVICE_RELEASED, details), now)
    Command.objects.filter(device=held).delete()
    commands.send(held.id, lambda seq: Release(seq=seq, by=entry.by, owner=entry.owner), now)
    reason = {"owner": entry.owner} if entry.owner else None
    audit.record("device.released", actor=entry.by, subject=held.name, now=now, details=reason)
    return True


def _let_go(connections: list[UUID]) -> None:
    SealedLogin.objects.filter(connection__in=connections).delete()
    Connection.objects.filter(id__in=connections).update(
        device=None, enabled=False, certificate=None, next_fetch_at=None, problem=None
    )
