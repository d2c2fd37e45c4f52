"""People, an organisation each, and a PC, in both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device, enrol
from hikae.cloud.devices.models import Device
from hikae.cloud.people.models import Membership, User
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.link.messages import Enrol
from tests.cloud_agent import public

NOW = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Computer:
    """A PC's own keys."""

    id: UUID
    signing: Ed25519PrivateKey
    sealing: X25519PrivateKey

    def wish(self, key: str) -> Enrol:
        """What the PC says to be enrolled."""
        return Enrol(
            device=self.id,
            key=key,
            signing=public(self.signing),
            sealing=public(self.sealing),
            name="KEIRI-01",
            system="Windows 11",
            agent="0.1.0",
            protocol=1,
        )


@pytest.fixture
def computer() -> Computer:
    """A PC that nobody has enrolled."""
    return new_computer()


def new_computer() -> Computer:
    """Another PC."""
    return Computer(uuid4(), Ed25519PrivateKey.generate(), X25519PrivateKey.generate())


@pytest.fixture
def membership(books: str) -> Membership:
    """An owner and their organisation."""
    return create_owner("owner@example.jp", "みなと商店")


@pytest.fixture
def owner(membership: Membership) -> Iterator[User]:
    """The owner, whose organisation is being worked for."""
    with tenant(membership.organisation_id):
        yield membership.user


@pytest.fixture
def device(owner: User, computer: Computer) -> Device:
    """The owner's PC, confirmed."""
    enrolled = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    return confirm_device(enrolled.id, owner, NOW)
