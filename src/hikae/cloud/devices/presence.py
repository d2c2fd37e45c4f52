"""Whether a PC is on: a link is open, or it has asked for commands lately."""

from datetime import datetime, timedelta
from uuid import UUID

from hikae.cloud.devices.lookup import presence_of
from hikae.cloud.devices.models import Device, DevicePresence

FRESH = timedelta(seconds=150)
"""An agent without a link asks every 60 seconds; one that is silent for this long is off."""

_OFTEN = timedelta(seconds=20)


def is_on(device: Device, now: datetime) -> bool:
    """Whether the agent on this PC can be asked something now."""
    presence = DevicePresence.objects.filter(device=device).first()
    return presence is not None and shows_on(presence, now)


def shows_on(presence: DevicePresence, now: datetime) -> bool:
    """The same for a presence already read."""
    if now - presence.last_seen > FRESH:
        return False
    left = presence.left_at
    return presence.link is not None or left is None or presence.last_seen > left


def seen(device_id: UUID, now: datetime) -> None:
    """The device has sent a request; written at most every 20 seconds."""
    presence = presence_of(device_id)
    if presence is None:
        DevicePresence.objects.get_or_create(device_id=device_id, defaults={"last_seen": now})
    elif _stale(presence, now):
        DevicePresence.objects.filter(device=device_id).update(last_seen=now, left_at=None)


def _stale(presence: DevicePresence, now: datetime) -> bool:
    left = presence.link is None and presence.left_at is not None
    return left or presence.last_seen < now - _OFTEN


def link_opened(device_id: UUID, link: UUID, now: datetime) -> None:
    """A link has opened; it takes the place of any other."""
    DevicePresence.objects.update_or_create(
        device_id=device_id, defaults={"last_seen": now, "link": link, "left_at": None}
    )


def link_lives(device_id: UUID, link: UUID, now: datetime) -> bool:
    """Note that a link is alive; False when a newer one has taken its place."""
    mine = DevicePresence.objects.filter(device=device_id, link=link)
    return bool(mine.update(last_seen=now))


def link_closed(device_id: UUID, link: UUID, now: datetime) -> None:
    """A link has closed; the device is off unless a newer one is open."""
    mine = DevicePresence.objects.filter(device=device_id, link=link)
    mine.update(link=None, left_at=now, last_seen=now)
