"""How a PC is enrolled: with a key, then confirmed by the person who issued it."""

import base64
import binascii
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from django.db import transaction

from hikae.cloud.connections import logins
from hikae.cloud.devices import auth_keys, commands
from hikae.cloud.devices.endings import Ended, journal
from hikae.cloud.devices.models import Assignment, AuthKey, Device
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import tenant
from hikae.link.messages import Enrol, Refresh
from hikae.model.problems import Problem, ProblemCode, ProblemError


class EnrolmentRefusedError(ProblemError):
    """device_exists, or cloud_rejected for keys that are none."""


@transaction.atomic
def enrol(wish: Enrol, now: datetime) -> Device:
    """Make the device that `wish` describes, waiting for its confirmation, and use the key up.

    The same device with the same keys again gets the same answer. Raises AuthKeyRefusedError,
    AuthKeyError or EnrolmentRefusedError; then nothing is used up.
    """
    signing, sealing = read_key(wish.signing), read_key(wish.sealing)
    again = Device.objects.select_related("auth_key").filter(pk=wish.device).first()
    if again is not None:
        same = bytes(again.signing) == signing and bytes(again.sealing) == sealing
        if not same or auth_keys.find(wish.key) != again.auth_key:
            raise EnrolmentRefusedError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "device"}))
        return again
    key = auth_keys.consume(wish.key, now)
    _make_room(key.issuer, now)
    device = _create(wish, key, now)
    with tenant(device.organisation_id):
        audit.record(
            "device.enrolled",
            actor=key.issuer.email,
            subject=device.name,
            now=now,
            details={"device": str(device.id), "fingerprint": device.fingerprint},
        )
    return device


@transaction.atomic
def confirm_device(device_id: UUID, by: User, now: datetime) -> Device:
    """Let a waiting device serve the organisation being worked for.

    by: the person who issued its key; their connections without a PC become its own, and the
    logins that waited for it are sealed to it. Raises Device.DoesNotExist unless it waits.
    """
    device = _waiting(device_id, by)
    device.state = Device.State.CONFIRMED
    device.confirmed_at = now
    device.save(update_fields=["state", "confirmed_at"])
    Assignment.objects.create(organisation=device.organisation, device=device, created_at=now)
    logins.hand_over(device, by, now)
    commands.send(device.id, lambda seq: Refresh(seq=seq), now)
    audit.record("device.confirmed", actor=by.email, subject=device.name, now=now)
    return device


@transaction.atomic
def refuse_device(device_id: UUID, by: User, now: datetime) -> Device:
    """Turn a waiting device away; raises Device.DoesNotExist unless it waits."""
    device = _waiting(device_id, by)
    device.state = Device.State.REFUSED
    device.ended_at, device.ended_by = now, by.email
    device.save(update_fields=["state", "ended_at", "ended_by"])
    audit.record("device.refused", actor=by.email, subject=device.name, now=now)
    journal().add(Ended(device.id, now, by=by.email))
    return device


def read_key(text: str) -> bytes:
    """A raw public key of 32 bytes from base64url; raises EnrolmentRefusedError."""
    try:
        raw = base64.b64decode(text + "=", altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(raw)
        X25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error):
        raise EnrolmentRefusedError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "key"})) from None
    return raw


def _waiting(device_id: UUID, by: User) -> Device:
    waiting = Device.objects.select_for_update(no_key=True).filter(state=Device.State.PENDING)
    return waiting.get(pk=device_id, auth_key__issuer=by)


def _make_room(person: User, now: datetime) -> None:
    """One account, one PC: a confirmed one stays, one that nobody confirmed gives way."""
    devices = Device.objects.select_for_update(no_key=True).filter(person=person)
    confirmed = devices.filter(state=Device.State.CONFIRMED).first()
    if confirmed is not None:
        details = {"device": confirmed.name}
        raise EnrolmentRefusedError(Problem(ProblemCode.DEVICE_EXISTS, details))
    waiting = devices.filter(state=Device.State.PENDING)
    waiting.update(state=Device.State.REFUSED, ended_at=now)


def _create(wish: Enrol, key: AuthKey, now: datetime) -> Device:
    return Device.objects.create(
        id=wish.device,
        organisation=key.organisation,
        person=key.issuer,
        auth_key=key,
        signing=read_key(wish.signing),
        sealing=read_key(wish.sealing),
        name=wish.name,
        system=wish.system,
        agent=wish.agent,
        protocol=wish.protocol,
        enrolled_at=now,
    )
