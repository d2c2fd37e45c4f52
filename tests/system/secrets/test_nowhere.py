"""After the whole life of a PC no secret stands anywhere but sealed or in a keyring."""

import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from demo.household import Bank, Cloud
from tests.fixtures_cloud import make_two_roles
from tests.fixtures_postgres import PostgresDatabase, running_postgres
from tests.system.secrets.chain import chain, loud
from tests.system.secrets.search import Place, files, find
from tests.unit.transport.proxies import ConnectProxy, gateway

_BREAK = "ALTER TABLE connections_connection RENAME TO gone"
_MEND = "ALTER TABLE gone RENAME TO connections_connection"


@dataclass(frozen=True, slots=True)
class Kept:
    """A cloud, its database as bytes, and a way to break it."""

    cloud: Cloud
    database: Callable[[], Sequence[Place]]
    broken: Callable[[], AbstractContextManager[None]]


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    """Return banks that log all they can."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in loud(tmp_path).items():
            patch.setenv(name, value)
        bank = Bank(tmp_path, transactions=30)
    yield bank
    bank.program.stop()


@pytest.fixture
def own_postgres() -> Iterator[PostgresDatabase]:
    """Return a database on a server that nobody else fills."""
    with running_postgres("secrets") as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, bank: Bank, tmp_path: Path) -> Iterator[Kept]:
    """Return a cloud on each database that logs all it can."""
    environment = loud(tmp_path)
    if request.param == "postgresql":
        server: PostgresDatabase = request.getfixturevalue("own_postgres")
        two = make_two_roles(server)
        url = urlunsplit(urlsplit(server.url)._replace(path=urlsplit(two.url).path))
        environment |= {"HIKAE_DATABASE_URL": two.url, "HIKAE_DATABASE_OWNER_URL": two.owner_url}
    cloud = Cloud(tmp_path, bank.catalogue, environment=environment)
    try:
        if request.param == "postgresql":
            yield Kept(cloud, lambda: cluster(url), lambda: broken_postgresql(two.owner_url))
        else:
            file = cloud.data / "hikae.sqlite3"
            yield Kept(cloud, list, lambda: broken_sqlite(file))
    finally:
        cloud.program.stop()


@contextmanager
def broken_sqlite(file: Path) -> Iterator[None]:
    """Take a table away, and bring it back."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(_BREAK)
        yield
        database.execute(_MEND)


@contextmanager
def broken_postgresql(url: str) -> Iterator[None]:
    """Take a table away, and bring it back."""
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(_BREAK)
        yield
        database.execute(_MEND)


def cluster(url: str) -> Sequence[Place]:
    """A database as it is dumped, and all files of its server: tables, indexes, log, WAL."""
    with psycopg.connect(url, autocommit=True) as database:
        database.execute("CHECKPOINT")
        row = database.execute(
            "SELECT current_setting('data_directory'), oid FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    data = Path(row[0])
    others = [each for each in (data / "base").iterdir() if each.name != str(row[1])]
    dump = subprocess.run(
        ["pg_dump", "--inserts", url], capture_output=True, check=True, cwd="/"
    ).stdout
    assert b"connections_sealedlogin" in dump
    return [Place("dump", dump), *files(data.parent, but=others)]


async def test_no_secret_stands_anywhere_but_sealed_or_in_a_keyring(
    kept: Kept, bank: Bank, tmp_path: Path
) -> None:
    with gateway(ConnectProxy, "basic") as proxy:
        async with chain(bank, kept.cloud, tmp_path, proxy.port) as (life, person):
            await life.live(person, kept.broken)
            assert proxy.passed
            places, database = list(life.places()), kept.database()
    assert find([*places, *database], life.secrets) == []
    # Django keeps a session in the database under the very key that is in the cookie.
    beside = [each for each in places if not Path(each.name).name.startswith("hikae.sqlite3")]
    assert find(beside, {"session cookie": life.session}) == []
    assert find([*places, *database], {"session cookie": life.session}) != []
    places += database
    # What is searched is what was written, by all three of them and by their databases.
    connection = life.connections[1]
    known = {"connection": str(connection), "in SQLite": connection.hex, "page": "/agent/v1/link"}
    found = {Path(each.place).name.removesuffix("-wal") for each in find(places, known)}
    assert found >= {"agent.sqlite", "agent.log", "cloud.log"}
    assert found & {"hikae.sqlite3", "dump"}
    crash = next(each.content for each in places if each.name.endswith("agent.log"))
    assert b"Fatal Python error: Aborted" in crash
    assert b"DEBUG" in crash
