"""What a link reads and writes, each call on a thread, behind the wall of its organisation."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings

from hikae.cloud.agent_api.boundary import claimed, require_serving
from hikae.cloud.devices import commands, presence
from hikae.cloud.devices.proofs import use
from hikae.cloud.devices.switchboard import nudge
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


def opened(device: LinkedDevice, link: UUID, after: int) -> None:
    """A link is open: it takes the place of any other, wherever that is."""
    with tenant(device.organisation):
        presence.link_opened(device.id, link, system_clock())
        commands.acknowledge(device.id, after)
        nudge(device.id)


def news(device: LinkedDevice, link: UUID, after: int) -> News:
    """What has been written for the device since command `after`."""
    with tenant(device.organisation):
        replaced = not presence.link_lives(device.id, link, system_clock())
        return News(commands.after(device.id, after), replaced)


def acknowledged(device: LinkedDevice, sequence: int) -> None:
    """The agent keeps all commands up to `sequence`."""
    with tenant(device.organisation):
        commands.acknowledge(device.id, sequence)


def closed(device: LinkedDevice, link: UUID) -> None:
    """A link is over."""
    with tenant(device.organisation):
        presence.link_closed(device.id, link, system_clock())
