"""What links read and write, each call on a thread, behind the wall of its organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from hikae.cloud.agent_api.boundary import claimed, require_serving
from hikae.cloud.devices import commands, presence
from hikae.cloud.devices.lookup import numbers_of
from hikae.cloud.devices.proofs import use
from hikae.cloud.people.tenancy import tenant
from hikae.link import proof
from hikae.link.messages import AnyCommand
from hikae.model.clock import system_clock


@dataclass(frozen=True, slots=True)
class LinkedDevice:
    """Whose link it is, and for whom it works."""

    id: UUID
    organisation: UUID


@dataclass(frozen=True, slots=True)
class News:
    """What there is to say; replaced: a newer link has taken this one's place."""

    commands: tuple[AnyCommand, ...]
    replaced: bool


@dataclass(frozen=True, slots=True)
class Attended:
    """A link of a device has opened, or else closed."""

    device: UUID
    link: UUID
    is_open: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """The agent keeps all commands up to `sequence`."""

    device: LinkedDevice
    sequence: int


def verified(scope: dict[str, Any]) -> LinkedDevice:
    """The confirmed device that proves the upgrade, once; raises ProblemError."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    claim, now = proof.read(headers), system_clock()
    device = claimed(claim)
    query = scope["query_string"].decode("latin-1")
    proof.verify(
        claim,
        Ed25519PublicKey.from_public_bytes(bytes(device.signing)),
        method="GET",
        url=settings.HIKAE_ORIGIN + scope["path"] + (f"?{query}" if query else ""),
        headers=headers,
        body=b"",
        now=now,
    )
    require_serving(device)
    with tenant(device.organisation_id):
        use(claim, now)
    return LinkedDevice(device.id, device.organisation_id)


def attended(changes: Sequence[Attended]) -> Mapping[UUID, int]:
    """Note which links have opened and closed; the last to open is the one that counts.

    Returns the number of the last command of each device with a new link.
    """
    now = system_clock()
    opened = {each.device: each.link for each in changes if each.is_open}
    presence.links_opened(opened, now)
    presence.links_closed({each.link: each.device for each in changes if not each.is_open}, now)
    return numbers_of(opened)


def news(device: LinkedDevice, link: UUID, after: int) -> News:
    """What has been written for the device since command `after`."""
    with tenant(device.organisation):
        replaced = not presence.links_alive({link: device.id}, system_clock())
        return News(commands.after(device.id, after), replaced)


def kept(notes: Sequence[Kept]) -> None:
    """Forget the commands that agents keep."""
    newest = {note.device: note.sequence for note in sorted(notes, key=lambda each: each.sequence)}
    for device, sequence in newest.items():
        with tenant(device.organisation):
            commands.acknowledge(device.id, sequence)


def to_be_looked_after(links: Mapping[UUID, tuple[UUID, int]]) -> frozenset[UUID]:
    """Note that links are alive; which of them were replaced, or have not told all there is.

    links: for each its device, and the number of the last command that it has told.
    """
    devices = {link: device for link, (device, _) in links.items()}
    alive = presence.links_alive(devices, system_clock())
    numbers = numbers_of(devices.values())
    return frozenset(
        link
        for link, (device, told) in links.items()
        if link not in alive or numbers.get(device, 0) > told
    )
