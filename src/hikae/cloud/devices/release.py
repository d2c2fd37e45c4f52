"""Ending a PC's enrolment, from the page or from the PC itself."""

from datetime import datetime

from django.db import transaction

from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.devices import commands
from hikae.cloud.devices.models import Assignment, Command, Device
from hikae.cloud.people import audit
from hikae.link.messages import Release


@transaction.atomic
def release_device(device: Device, *, actor: str, now: datetime, words: str = "") -> None:
    """End `device` at once; its connections stay, their logins are forgotten.

    actor: e-mail of the person, or the device's own name when the PC asks. Nothing happens when
    it has ended already.
    """
    # Connections before their device, as everybody does who locks both.
    served = Connection.objects.select_for_update(no_key=True).filter(device=device)
    connections = [connection.id for connection in served.order_by("id")]
    held = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    if held.state in {Device.State.RELEASED, Device.State.REFUSED}:
        return
    held.state = Device.State.RELEASED
    held.ended_at = now
    held.save(update_fields=["state", "ended_at"])
    Assignment.objects.filter(device=held, ended_at=None).update(ended_at=now)
    SealedLogin.objects.filter(connection__in=connections).delete()
    Connection.objects.filter(id__in=connections).update(
        device=None, enabled=False, certificate=None, next_fetch_at=None, problem=None
    )
    Command.objects.filter(device=held).delete()
    commands.send(held.id, lambda seq: Release(seq=seq, words=words), now)
    audit.record("device.released", actor=actor, subject=held.name, now=now)
