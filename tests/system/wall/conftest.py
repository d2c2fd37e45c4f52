"""Two organisations side by side, with rows in every table, and who may look at all of them."""

from collections.abc import Iterator
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from django.db import models
from psycopg import sql
from psycopg.rows import dict_row
from pytest_django import DjangoDbBlocker

from hikae.model.clock import system_clock
from tests.fixtures_cloud import TwoRoles, empty_books
from tests.fixtures_postgres import PostgresDatabase
from tests.neighbours import Neighbours, furnish, table_of, tenant_models
from tests.office import Office, open_office

Row = dict[str, Any]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Name each database in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def books(
    database: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[str]:
    """Let the tests of a file work in one database: what they try leaves no trace in it."""
    folder = tmp_path_factory.mktemp("wall")
    with empty_books(database, request, folder, django_db_blocker):
        yield database


@pytest.fixture(scope="module")
def neighbours(books: str) -> Neighbours:
    """Two organisations in which everything has happened."""
    theirs = open_office(system_clock())
    outsider = theirs.outsider
    ours = Office(
        theirs.now,
        outsider.memberships.get().organisation,
        owner=outsider,
        viewer=outsider,
        accountant=outsider,
        outsider=theirs.owner,
    )
    for office in (theirs, ours):
        furnish(office)
    return Neighbours(ours, theirs)


class Overseer:
    """A superuser, whom no wall stops: what the tables really hold."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def rows(self, model: type[models.Model], organisation: UUID) -> list[Row]:
        """The rows of an organisation, in an order of their own."""
        query = sql.SQL("SELECT * FROM {} WHERE organisation_id = %s").format(
            sql.Identifier(table_of(model))
        )
        return sorted(self._connection.execute(query, [organisation]).fetchall(), key=str)

    def everything(self, organisation: UUID) -> dict[str, list[Row]]:
        """All rows of an organisation, by table."""
        return {table_of(model): self.rows(model, organisation) for model in tenant_models()}

    def ask(self, query: LiteralString, *values: object) -> list[Row]:
        """What the catalogue of the database says."""
        return self._connection.execute(query, values).fetchall()


@pytest.fixture
def overseer(two_roles: TwoRoles, postgres: PostgresDatabase) -> Iterator[Overseer]:
    """Look over the wall in PostgreSQL."""
    database = two_roles.url.rpartition("/")[2]
    where = f"postgresql://{postgres.user}@{postgres.host}:{postgres.port}/{database}"
    with psycopg.connect(where, autocommit=True, row_factory=dict_row) as connection:
        yield Overseer(connection)
