"""A cloud that runs on either database, with an owner at its pages and a PC that delivers.

Beside it a plain way into the same database, as its owner: the floor that a cloud stands on.
"""

import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import psycopg
from psycopg import sql

from demo.household import OWNER_PASSWORD, Cloud
from demo.person import Person
from hikae.agent.cloud import Cloud as AgentsCloud
from hikae.agent.dialing import dial_cloud
from hikae.agent.safe import FileSafe
from hikae.agent.settings import Settings
from hikae.link.messages import Connections
from hikae.model.clock import system_clock
from tests.benchmarks.ledger import Row, Value
from tests.cloud_agent import TestAgent
from tests.fixtures_cloud import make_two_roles
from tests.fixtures_postgres import SUPERUSER, running_postgres

BANK = """
code = "9901"
name = "北町銀行"
kana = "キタマチギンコウ"
family = "bizsol"
sign_in = "https://localhost:9/"
hosts = ["localhost:9"]
login = [{ name = "password", label = "ログインパスワード" }]
trial = { ca = "ca.pem" }
"""

FLOOR = "floor"
"""The plain table."""

_EMAIL = "owner@example.jp"


class Floor(Protocol):
    """A plain connection with a database."""

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        """Write rows as fast as the database takes them, and commit."""

    def copy_of(self, table: str, columns: Sequence[str]) -> str:
        """Name a new, empty table with these columns of another one."""

    def execute(self, statement: str) -> None:
        """Run one statement and commit."""

    def settle(self) -> None:
        """Let the database look at what was written, as it does by itself in time."""


@dataclass(frozen=True, slots=True)
class PostgresFloor:
    """COPY."""

    connection: "psycopg.Connection[tuple[object, ...]]"

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        copy = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
        with (
            self.connection.transaction(),
            self.connection.cursor() as cursor,
            cursor.copy(copy) as copying,
        ):
            for row in rows:
                copying.write_row(row)

    def copy_of(self, table: str, columns: Sequence[str]) -> str:
        self.execute(_shape(table, columns))
        return FLOOR

    def execute(self, statement: str) -> None:
        self.connection.execute(statement.encode())
        self.connection.commit()

    def settle(self) -> None:
        self.connection.autocommit = True
        self.connection.execute("VACUUM ANALYZE")
        self.connection.autocommit = False


@dataclass(frozen=True, slots=True)
class SqliteFloor:
    """executemany."""

    connection: sqlite3.Connection

    def insert(self, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        marks = ", ".join("?" * len(columns))
        insert = f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES ({marks})'  # noqa: S608
        with self.connection:
            self.connection.executemany(insert, rows)

    def copy_of(self, table: str, columns: Sequence[str]) -> str:
        self.execute(_shape(table, columns))
        return FLOOR

    def execute(self, statement: str) -> None:
        with self.connection:
            self.connection.execute(statement)

    def settle(self) -> None:
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@dataclass(frozen=True, slots=True)
class Running:
    """A cloud at work: who works for which organisation, and what lies below."""

    cloud: Cloud
    organisation: UUID
    person: Person
    agent: AgentsCloud
    connection: UUID
    floor: Floor
    is_postgresql: bool

    def plain(self, rows: Iterable[Row]) -> Iterable[Row]:
        """Rows as the database's driver takes them."""
        if self.is_postgresql:
            return rows
        return (tuple(map(_for_sqlite, row)) for row in rows)


@contextmanager
def on_postgresql() -> Iterator[dict[str, str]]:
    """A server of its own; what an operator sets for it."""
    with running_postgres("bench") as database:
        two = make_two_roles(database)
        yield {"HIKAE_DATABASE_URL": two.url, "HIKAE_DATABASE_OWNER_URL": two.owner_url}


@asynccontextmanager
async def at_work(folder: Path, environment: dict[str, str]) -> AsyncIterator[Running]:
    """A cloud with its first owner signed in, a confirmed PC, and a registration that it serves."""
    catalogue = folder / "catalogue"
    catalogue.mkdir(parents=True)
    (catalogue / "kitamachi.toml").write_text(BANK, encoding="utf-8")
    (catalogue / "ca.pem").touch()
    cloud = Cloud(folder, catalogue, environment=environment)
    try:
        organisation = cloud.add_owner(_EMAIL, "株式会社みほん商店")
        async with Person(cloud.origin) as person:
            await person.sign_in(_EMAIL, OWNER_PASSWORD)
            device = TestAgent(cloud.origin)
            state = device.enrol(await person.issue_key())
            await person.confirm_pc(state.fingerprint)
            await person.register("9901", "himitsu")
            view = device.ask(Connections, "GET", "/connections").connections[0]
            agent = _agent(folder, cloud.origin, device)
            with _floor(cloud, environment) as floor:
                postgresql = bool(environment)
                yield Running(cloud, organisation, person, agent, view.id, floor, postgresql)
            await agent.close()
    finally:
        cloud.program.stop()


def _agent(folder: Path, origin: str, device: TestAgent) -> AgentsCloud:
    return AgentsCloud(
        origin=origin,
        device=device.device,
        key=device.signing,
        transport=dial_cloud(origin, Settings(), FileSafe(folder / "keyring.json", "bench")),
        clock=system_clock,
        on_offset=lambda _: None,
    )


@contextmanager
def _floor(cloud: Cloud, environment: dict[str, str]) -> Iterator[Floor]:
    if environment:
        # Not even the owner of the tables may COPY into those behind the wall.
        url = environment["HIKAE_DATABASE_OWNER_URL"]
        with psycopg.connect(url, user=SUPERUSER) as connection:
            yield PostgresFloor(connection)
    else:
        with closing(sqlite3.connect(cloud.data / "hikae.sqlite3", timeout=30)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
            yield SqliteFloor(connection)


def _shape(table: str, columns: Sequence[str]) -> str:
    return f'CREATE TABLE {FLOOR} AS SELECT {", ".join(columns)} FROM "{table}" LIMIT 0'  # noqa: S608


def _for_sqlite(value: Value) -> Value:
    """A value as the cloud writes it where SQLite has no type for it."""
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
    return value
