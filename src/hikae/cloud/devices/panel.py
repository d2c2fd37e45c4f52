"""What the page 電子証明書連携 shows of PCs: one's own, and those of the others."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from hikae.cloud.connections.expiry import ShownCertificate, shown_certificate
from hikae.cloud.connections.models import Connection
from hikae.cloud.devices.models import Device, DevicePresence
from hikae.cloud.devices.presence import shows_on
from hikae.cloud.institutions.offer import title_of
from hikae.cloud.pages.live import print_of
from hikae.cloud.people.models import Organisation, User
from hikae.link.messages import CertificateShown

REMEMBERED = timedelta(days=30)
"""How long the page says why a PC is no longer enrolled."""


@dataclass(frozen=True, slots=True)
class ChosenCertificate:
    """A certificate that was chosen on the PC, and the institution it is for."""

    title: str
    shown: ShownCertificate


@dataclass(frozen=True, slots=True)
class ShownDevice:
    """A PC as the page shows it; waits: nobody has compared the fingerprint yet."""

    id: UUID
    name: str
    system: str
    agent: str
    person: str
    fingerprint: str
    waits: bool
    enrolled_at: datetime
    on: bool
    last_seen: datetime | None
    certificates: tuple[ChosenCertificate, ...]


@dataclass(frozen=True, slots=True)
class ShownEnding:
    """A PC that one had here until lately, and why no longer.

    by: who released it. owner: who owns the organisation now, where that is the reason.
    """

    name: str
    at: datetime
    by: str
    owner: str


@dataclass(frozen=True, slots=True)
class Panel:
    """pc: one's own. ended: the one before, until there is another. others: PCs of others here."""

    pc: ShownDevice | None
    ended: ShownEnding | None
    others: tuple[ShownDevice, ...]

    @property
    def shown(self) -> str:
        """The print of what changes by itself; the others' PCs wait for a reload."""
        return print_of((self.pc, self.ended))


def panel(organisation: Organisation, person: User, now: datetime) -> Panel:
    """The PCs enrolled for an organisation, one's own apart."""
    enrolled = Device.objects.filter(organisation=organisation).select_related("person", "presence")
    waiting, confirmed = Device.State.PENDING, Device.State.CONFIRMED
    own = enrolled.filter(person=person, state__in=[waiting, confirmed]).first()
    others = enrolled.exclude(person=person).filter(state=confirmed).order_by("name")
    return Panel(
        _shown(own, now) if own else None,
        None if own else _ended(organisation, person, now),
        tuple(_shown(device, now) for device in others),
    )


def _ended(organisation: Organisation, person: User, now: datetime) -> ShownEnding | None:
    released = Device.objects.filter(organisation=organisation, person=person)
    lately = released.filter(state=Device.State.RELEASED, ended_at__gt=now - REMEMBERED)
    device = lately.order_by("-ended_at").first()
    if device is None or device.ended_at is None:
        return None
    return ShownEnding(device.name, device.ended_at, device.ended_by, device.ended_for)


def _shown(device: Device, now: datetime) -> ShownDevice:
    presence: DevicePresence | None = getattr(device, "presence", None)
    return ShownDevice(
        id=device.id,
        name=device.name,
        system=device.system,
        agent=device.agent,
        person=str(device.person),
        fingerprint=device.fingerprint,
        waits=device.state == Device.State.PENDING,
        enrolled_at=device.enrolled_at,
        on=presence is not None and shows_on(presence, now),
        last_seen=presence.last_seen.replace(second=0, microsecond=0) if presence else None,
        certificates=tuple(_certificates(device, now)),
    )


def _certificates(device: Device, now: datetime) -> Iterator[ChosenCertificate]:
    for connection in Connection.objects.filter(device=device).exclude(certificate=None):
        certificate = msgspec.convert(connection.certificate, CertificateShown)
        yield ChosenCertificate(
            title_of(connection.institution), shown_certificate(certificate, now)
        )
