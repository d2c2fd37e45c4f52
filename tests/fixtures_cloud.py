"""Databases for the cloud's tests, SQLite and PostgreSQL, with the wall between organisations.

PostgreSQL has the two roles of an installation: one that owns the tables and one to work as.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from psycopg import sql
from pytest_django import DjangoDbBlocker

from hikae.cloud.project import roles
from hikae.cloud.project.configuration import postgresql, sqlite
from tests.fixtures_postgres import PostgresDatabase


@dataclass(frozen=True, slots=True)
class TwoRoles:
    """A database of PostgreSQL by its two roles; empty."""

    url: str
    owner_url: str


@pytest.fixture(scope="session")
def two_roles(postgres: PostgresDatabase) -> TwoRoles:
    """Lend a database that one role owns and another works in."""
    return make_two_roles(postgres)


def make_two_roles(postgres: PostgresDatabase) -> TwoRoles:
    """Make an empty database that one role owns and another works in."""
    name = f"{postgres.name}_cloud"
    owner, worker = f"{name}_owner", f"{name}_worker"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        for role in (owner, worker):
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(*map(sql.Identifier, (name, owner)))
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET client_min_messages = warning").format(
                sql.Identifier(name)
            )
        )
    where = f"{postgres.host}:{postgres.port}/{name}"
    return TwoRoles(f"postgresql://{worker}@{where}", f"postgresql://{owner}@{where}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Name each database in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_template(
    tmp_path_factory: pytest.TempPathFactory, django_db_blocker: DjangoDbBlocker
) -> Path:
    """Migrate a SQLite database once, for tests to copy."""
    file = tmp_path_factory.mktemp("cloud") / "template.sqlite3"
    _migrate({"default": sqlite(file)}, django_db_blocker)
    return file


@pytest.fixture(scope="session")
def two_roles_migrated(two_roles: TwoRoles, django_db_blocker: DjangoDbBlocker) -> TwoRoles:
    """Migrate a database of PostgreSQL once, for tests to empty."""
    _migrate(_postgresql(two_roles), django_db_blocker)
    return two_roles


@pytest.fixture
def books(
    database: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """Let a test work in an empty, migrated database of each kind, in this process."""
    with empty_books(database, request, tmp_path, django_db_blocker):
        yield database


@contextmanager
def empty_books(
    database: str, request: pytest.FixtureRequest, folder: Path, blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Work in an empty, migrated database of a kind, for as long as whoever asks wants it."""
    if database == "postgresql":
        databases = _postgresql(request.getfixturevalue("two_roles_migrated"))
    else:
        template: Path = request.getfixturevalue("sqlite_template")
        databases = {"default": sqlite(shutil.copy(template, folder / "hikae.sqlite3"))}
    with working_in(databases, folder, blocker):
        if database == "postgresql":
            _empty()
        yield


@contextmanager
def working_in(
    databases: dict[str, dict[str, Any]], data: Path, blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Let this process work in a database, with the keys of a data folder."""
    with pytest.MonkeyPatch.context() as patch, blocker.unblock(), _connected(databases):
        patch.setattr(settings, "HIKAE_KEYS", data / "keys")
        yield


def _postgresql(two: TwoRoles) -> dict[str, dict[str, Any]]:
    return {"default": postgresql(two.url), "owner": postgresql(two.owner_url)}


def _migrate(databases: dict[str, dict[str, Any]], blocker: DjangoDbBlocker) -> None:
    with pytest.MonkeyPatch.context() as patch, blocker.unblock(), _connected(databases):
        patch.setattr(settings, "DATABASES", databases)
        roles.migrate()


@contextmanager
def _connected(databases: dict[str, dict[str, Any]]) -> Iterator[None]:
    before = connections.settings
    _reconnect(connections.configure_settings(databases))
    try:
        yield
    finally:
        _reconnect(before)


def _reconnect(databases: dict[str, dict[str, Any]]) -> None:
    connections.close_all()
    for alias in list(connections):
        with suppress(AttributeError):  # none was open in this thread
            del connections[alias]
    connections.settings = databases


def _empty() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'django_migrations'"
        )
        (tables,) = cursor.fetchone()
        cursor.execute(f"TRUNCATE {tables} CASCADE")


@dataclass(frozen=True, slots=True)
class Server:
    """A cloud that runs as a process of its own; address: where this process listens."""

    origin: str
    address: str
    process: subprocess.Popen[str]
    environment: dict[str, str]


@contextmanager
def running_cloud(environment: dict[str, str], *, port: int = 0) -> Iterator[Server]:
    """Start `hikae cloud`, wait for its line, stop it in the end."""
    command = [sys.executable, "-m", "hikae.cli", "cloud", "--port", str(port)]
    whole = {**os.environ, **environment}
    with subprocess.Popen(
        command, env=whole, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, "the cloud did not start"
        try:
            ready = json.loads(line)
            address = f"http://127.0.0.1:{ready['port']}"
            yield Server(ready["origin"], address, process, environment)
        finally:
            process.terminate()
            process.wait(timeout=30)
