"""New keys for a PC: proven by the old one, vouched for by the new one, the old refused from then.

The PC seals its logins anew by itself, since nobody else can open them.
"""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.db import transaction

from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.devices.endings import Renewed, journal
from hikae.cloud.devices.enrolment import EnrolmentRefusedError, read_key
from hikae.cloud.devices.models import Device, DevicePresence
from hikae.cloud.devices.switchboard import nudge
from hikae.cloud.people import audit
from hikae.killpoint import killpoint
from hikae.link.messages import NewKeys, ResealedLogin
from hikae.link.vouching import keys_vouched_for
from hikae.model.problems import Problem, ProblemCode


@transaction.atomic
def renew_keys(device: Device, wish: NewKeys, now: datetime) -> Device:
    """Take a device's new keys and logins; the request must be proven by its present key.

    The same keys again bring their logins again, so that a lost answer does no harm. Raises
    EnrolmentRefusedError for keys that are none, are not vouched for, or were given up before.
    """
    signing, sealing = read_key(wish.signing), read_key(wish.sealing)
    # Connections before their device, as everybody does who locks both.
    list(Connection.objects.select_for_update(no_key=True).filter(device=device).order_by("id"))
    held = Device.objects.select_for_update(no_key=True).get(pk=device.pk)
    before = bytes(held.signing)
    if before != bytes(device.signing):
        raise _refused("signature")
    if (before, bytes(held.sealing)) != (signing, sealing):
        _require_vouched(held, wish, signing, sealing, before)
        entry = Renewed(held.id, now, before, signing, sealing)
        put_keys(held, entry)
        journal().add(entry)
        audit.record("device.keys_renewed", actor=held.name, subject=held.name, now=now)
    _reseal(held, wish.logins)
    killpoint("keys.renewed")
    return held


def put_keys(device: Device, entry: Renewed) -> None:
    """Do in the database what an entry of the journal says, inside a transaction.

    What was sealed to the old key is gone, and a link that the old key opened is closed.
    """
    device.signing, device.sealing = entry.signing, entry.sealing
    device.save(update_fields=["signing", "sealing"])
    SealedLogin.objects.filter(connection__device=device).delete()
    DevicePresence.objects.filter(device=device).update(link=None)
    nudge(device.id)


def _require_vouched(
    device: Device, wish: NewKeys, signing: bytes, sealing: bytes, before: bytes
) -> None:
    vouched = keys_vouched_for(
        wish.vouched,
        signing=signing,
        sealing=sealing,
        before=before,
        device=device.id,
        origin=settings.HIKAE_ORIGIN,
    )
    if signing == before or not vouched or journal().revoked(signing):
        raise _refused("vouched")


def _reseal(device: Device, logins: Iterable[ResealedLogin]) -> None:
    """Keep what the PC has sealed to its new key; a login that was typed since stays out."""
    served = {row.id: row for row in Connection.objects.filter(device=device)}
    for login in logins:
        connection = served.get(login.connection)
        if connection is None or connection.login_version != login.version:
            continue
        SealedLogin.objects.update_or_create(
            connection=connection,
            defaults={
                "organisation_id": connection.organisation_id,
                "holder": device.holder,
                "version": login.version,
                "sealed": login.sealed,
                "expires_at": None,
            },
        )


def _refused(part: str) -> EnrolmentRefusedError:
    return EnrolmentRefusedError(Problem(ProblemCode.CLOUD_REJECTED, {"part": part}))
