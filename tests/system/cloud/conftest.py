"""A cloud that runs, on each database in turn; an owner and an enrolled PC for each test.

The tests' own process works on the same database as the cloud's, so that they can act as pages.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.conf import settings
from pytest_django import DjangoDbBlocker

from hikae.catalogue.catalogue import load_catalogue
from hikae.cloud.connections.models import Connection
from hikae.cloud.connections.registering import Registration, register_connection
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device
from hikae.cloud.institutions.offer import Offer
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.project.configuration import Configuration
from hikae.model.clock import system_clock
from hikae.model.secret import Secret
from tests.cloud_agent import TestAgent
from tests.fixtures_cloud import Server, make_two_roles, running_cloud, working_in
from tests.fixtures_postgres import PostgresDatabase

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


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def environment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What an operator sets for a cloud on each database."""
    data = tmp_path_factory.mktemp("cloud")
    folder = data / "catalogue"
    folder.mkdir()
    (folder / "kitamachi.toml").write_text(BANK, encoding="utf-8")
    (folder / "ca.pem").touch()
    found = {"HIKAE_DATA": str(data), "HIKAE_CATALOGUE": str(folder)}
    if request.param == "postgresql":
        server: PostgresDatabase = request.getfixturevalue("postgres")
        two = make_two_roles(server.make_another(f"{server.name}_{uuid4().hex[:8]}"))
        found |= {"HIKAE_DATABASE_URL": two.url, "HIKAE_DATABASE_OWNER_URL": two.owner_url}
    return found


@pytest.fixture(scope="module")
def cloud(environment: dict[str, str], django_db_blocker: DjangoDbBlocker) -> Iterator[Server]:
    """A cloud that runs for the tests of a file; this process works on the same database."""
    configuration = Configuration.read(environment)
    data = Path(environment["HIKAE_DATA"])
    with (
        running_cloud(environment) as server,
        working_in(configuration.databases(), data, django_db_blocker),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(settings, "HIKAE_ORIGIN", server.origin)
        config = apps.get_app_config("institutions")
        patch.setattr(config, "offer", Offer(load_catalogue(configuration.catalogue)))
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
    membership = create_owner(f"owner-{uuid4()}@example.jp", "みなと商店")
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
