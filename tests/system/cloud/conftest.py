"""A cloud that runs, on each database in turn, with an owner and an enrolled PC.

The tests' own process works on the same database as the cloud's, so that they can act as pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings

from hikae.catalogue.catalogue import load_catalogue
from hikae.cloud.connections.models import Connection
from hikae.cloud.connections.registering import Registration, register_connection
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.model.clock import system_clock
from hikae.model.secret import Secret
from tests.cloud_agent import TestAgent
from tests.fixtures_cloud import Server, running_cloud

BANK = """
code = "9901"
name = "北町銀行"
kana = "キタマチギンコウ"
family = "bizsol"
sign_in = "https://localhost:9/"
hosts = ["localhost:9"]
login = [{ name = "login_id", label = "ログインID" }]
trial = { ca = "ca.pem" }
"""


@pytest.fixture
def environment(
    books: str, tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """What an operator sets for the cloud of this test; this process reads the same."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    (folder / "kitamachi.toml").write_text(BANK, encoding="utf-8")
    (folder / "ca.pem").touch()
    config = apps.get_app_config("institutions")
    monkeypatch.setattr(config, "catalogue", load_catalogue(folder))
    found = {"HIKAE_DATA": str(tmp_path), "HIKAE_CATALOGUE": str(folder)}
    if books == "postgresql":
        two = request.getfixturevalue("two_roles_migrated")
        found |= {"HIKAE_DATABASE_URL": two.url, "HIKAE_DATABASE_OWNER_URL": two.owner_url}
    return found


@pytest.fixture
def cloud(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A running cloud."""
    with running_cloud(environment) as server:
        monkeypatch.setattr(settings, "HIKAE_ORIGIN", server.origin)
        yield server


@dataclass(frozen=True, slots=True)
class Office:
    """An owner and their organisation."""

    owner: User
    organisation: UUID

    def key(self) -> str:
        """A new 認証キー as the page shows it."""
        with tenant(self.organisation):
            return issue_auth_key(self.owner, system_clock()).text()

    def confirm(self, agent: TestAgent) -> None:
        """What the person does when the fingerprints are the same."""
        with tenant(self.organisation):
            confirm_device(agent.device, self.owner, system_clock())

    def register(self) -> Connection:
        """A connection with the bank of the catalogue."""
        wish = Registration("9901", {"login_id": Secret("kitamachi-01")})
        with tenant(self.organisation):
            return register_connection(wish, self.owner, system_clock())


@pytest.fixture
def office(cloud: Server) -> Office:
    """Somebody to work for."""
    membership = create_owner("owner@example.jp", "みなと商店")
    return Office(membership.user, membership.organisation_id)


@pytest.fixture
def agent(cloud: Server, office: Office) -> TestAgent:
    """A confirmed PC."""
    enrolled = TestAgent(cloud.origin)
    enrolled.enrol(office.key())
    office.confirm(enrolled)
    return enrolled


@pytest.fixture
def connection(office: Office, agent: TestAgent) -> Connection:
    """A connection that the PC serves."""
    return office.register()
