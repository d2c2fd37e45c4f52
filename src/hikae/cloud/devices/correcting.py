"""Correcting a database that was restored from a backup by the journal of endings.

Each device is looked at when it proves itself, and all of them when the cloud starts.
"""

import logging
from datetime import datetime

from django.db import transaction

from hikae.cloud.devices.endings import journal
from hikae.cloud.devices.models import Device
from hikae.cloud.devices.release import end_device
from hikae.cloud.devices.renewal import put_keys
from hikae.cloud.people.tenancy import tenant

_AT_ONCE = 500
"""Devices that are looked up by one query."""

_log = logging.getLogger("hikae.endings")


def correct(device: Device, now: datetime) -> bool:
    """Do again what the journal says of a device and the database has forgotten; whether it had.

    The device's organisation and person may have been read with it; they stay as they are.
    """
    known = journal()
    ended = None if device.over else known.ended(device.id)
    renewed = known.renewed(device.id) if known.revoked(bytes(device.signing)) else None
    if ended is None and renewed is None:
        return False
    with tenant(device.organisation_id), transaction.atomic():
        if renewed is not None:
            put_keys(device, renewed)
        if ended is not None:
            end_device(ended, now)
    device.refresh_from_db(fields=_CORRECTED)
    _log.warning("device %s is as the journal of endings knows it again", device.id)
    return True


def correct_all(now: datetime) -> int:
    """The same for every device that the journal knows; returns how many were corrected."""
    wanted = list(journal().devices())
    corrected = 0
    for start in range(0, len(wanted), _AT_ONCE):
        known = Device.objects.filter(pk__in=wanted[start : start + _AT_ONCE])
        corrected += sum(correct(device, now) for device in known)
    return corrected


_CORRECTED = ("state", "ended_at", "ended_by", "ended_for", "signing", "sealing")
