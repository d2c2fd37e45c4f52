"""The cloud's process dies inside the merge; the agent delivers again, and nothing is doubled."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from demo.household import Bank, Cloud
from hikae.killpoint import VARIABLE
from hikae.model.fetch import Trigger
from tests.fixtures_cloud import TwoRoles
from tests.fixtures_postgres import PostgresDatabase
from tests.system.survival.offices import (
    PATIENCE,
    Office,
    ReadBooks,
    done,
    ended,
    opened,
    postgresql_books,
    sqlite_books,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def cloud_and_books(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bank: Bank
) -> Iterator[tuple[Cloud, ReadBooks]]:
    """A cloud on each database, and a way to read its books past it."""
    folder = tmp_path_factory.mktemp("cloud")
    if request.param == "sqlite":
        cloud = Cloud(folder, bank.catalogue)
        read = sqlite_books(cloud)
    else:
        two: TwoRoles = request.getfixturevalue("two_roles")
        server: PostgresDatabase = request.getfixturevalue("postgres")
        roles = {"HIKAE_DATABASE_URL": two.url, "HIKAE_DATABASE_OWNER_URL": two.owner_url}
        cloud = Cloud(folder, bank.catalogue, environment=roles)
        path = urlsplit(two.url).path
        read = postgresql_books(urlunsplit(urlsplit(server.url)._replace(path=path)))
    yield cloud, read
    cloud.program.stop()


@pytest.fixture
async def office(
    bank: Bank, cloud_and_books: tuple[Cloud, ReadBooks], tmp_path: Path
) -> AsyncIterator[Office]:
    """A PC with one connection at the bank that keeps nobody out."""
    customer = bank.customer("9902", "ok")
    async with opened(bank, cloud_and_books[0], tmp_path, customer) as office:
        yield office


async def test_a_cloud_that_is_killed_inside_the_merge_loses_and_doubles_nothing(
    office: Office, cloud_and_books: tuple[Cloud, ReadBooks]
) -> None:
    cloud, read = cloud_and_books
    async with office.agent.engine() as engine:
        events = engine.events()
        cloud.program.stop()
        cloud.start(cloud.port, {VARIABLE: "merge.applied"})
        (fetch_id,) = await engine.fetch([], Trigger.COMMAND)
        assert await asyncio.to_thread(cloud.program.wait, PATIENCE) == -signal.SIGKILL
        assert read(office.organisation) == {}
        cloud.start(cloud.port)
        assert done(fetch := await ended(engine, events, fetch_id)), fetch.problem
    assert read(office.organisation) == office.bank.books(office.customer)
    assert done(once_more := await office.fetch())
    assert once_more.counts.added == 0
