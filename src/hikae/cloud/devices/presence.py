"""Whether a PC is on: a link is open, or it has asked for commands lately."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from hikae.cloud.devices.lookup import presence_of
from hikae.cloud.devices.models import Device, DevicePresence
from hikae.cloud.devices.switchboard import nudge

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


def those_on(now: datetime) -> QuerySet[DevicePresence]:
    """Every presence that shows its PC on."""
    open_or_asking = Q(link__isnull=False) | Q(left_at=None) | Q(last_seen__gt=F("left_at"))
    return DevicePresence.objects.filter(open_or_asking, last_seen__gte=now - FRESH)


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


@transaction.atomic
def links_opened(links: Mapping[UUID, UUID], now: datetime) -> None:
    """Links have opened, by device; each takes the place of any other, which is told so."""
    if not links:
        return
    # In order and locked, so that two processes which open links of a device see each other's.
    before = DevicePresence.objects.filter(device__in=links).order_by("device")
    linked = [each.device_id for each in before.select_for_update() if each.link is not None]
    DevicePresence.objects.bulk_create(
        [
            DevicePresence(device_id=device, link=link, last_seen=now, left_at=None)
            for device, link in links.items()
        ],
        update_conflicts=True,
        unique_fields=["device"],
        update_fields=["last_seen", "link", "left_at"],
    )
    for device in linked:
        nudge(device)


def links_alive(links: Mapping[UUID, UUID], now: datetime) -> frozenset[UUID]:
    """Note that links, each of a device, are alive; those that no newer one has replaced."""
    mine = _of(links)
    mine.update(last_seen=now)
    return frozenset(link for link in mine.values_list("link", flat=True) if link is not None)


def links_closed(links: Mapping[UUID, UUID], now: datetime) -> None:
    """Links, each of a device, have closed; a device is off unless a newer one is open."""
    if links:
        _of(links).update(link=None, left_at=now, last_seen=now)


def _of(links: Mapping[UUID, UUID]) -> QuerySet[DevicePresence]:
    return DevicePresence.objects.filter(device__in=list(links.values()), link__in=list(links))
