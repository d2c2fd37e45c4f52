"""Two organisations side by side, with rows in every table, and who may look at all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import models
from psycopg import sql
from psycopg.rows import dict_row
from pytest_django import DjangoDbBlocker

from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import TenantModel
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState
from tests.fixtures_cloud import TwoRoles, empty_books
from tests.fixtures_postgres import PostgresDatabase
from tests.office import ORDINARY, Office, daily, open_office

BANK = "0138"

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """ours: whose people and PC try; theirs: whose rows nobody of ours may touch."""

    ours: Office
    theirs: Office

    @property
    def us(self) -> UUID:
        """Our organisation."""
        return self.ours.organisation.id

    @property
    def them(self) -> UUID:
        """The other one."""
        return self.theirs.organisation.id


def tenant_models() -> list[type[TenantModel]]:
    """Every model whose rows belong to organisations."""
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def table_of(model: type[models.Model]) -> str:
    """The name of its table."""
    return model._meta.db_table  # noqa: SLF001 - public


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


def furnish(office: Office) -> None:
    """Let everything happen in an organisation, then put a row where nothing did."""
    office.enrol()
    connection = office.register(BANK)
    office.enable(connection)
    office.deliver(connection, daily(ORDINARY, office.now, days=3))
    office.ask(connection, office.fetch(connection, FetchState.WAITING), "?")
    office.close_and_correct(connection)
    office.bring("meisai.txt")
    with office.at_work():
        for model in tenant_models():
            if not model.objects.exists():
                specimen(model, office).save(force_insert=True)


def specimen(model: type[TenantModel], office: Office) -> TenantModel:
    """Any row of a model, in the organisation being worked for."""
    values: dict[str, object] = {}
    for field in model._meta.concrete_fields:  # noqa: SLF001 - public
        if field.has_default() or field.null:
            continue
        values[field.attname] = _any_value(field, office)
    return model(**values)


def _any_value(field: "models.Field[Any, Any]", office: Office) -> object:
    if isinstance(field, models.ForeignKey):
        referred = field.remote_field.model
        known: dict[type[models.Model], UUID] = {
            type(office.organisation): office.organisation.id,
            User: office.owner.id,
            type(office.pc): office.pc.id,
        }
        if issubclass(referred, TenantModel):
            return referred.objects.values_list("pk", flat=True)[0]
        return known[referred]
    by_kind: dict[type[models.Field[Any, Any]], object] = {
        models.DateTimeField: office.now,
        models.DateField: date(2026, 11, 2),
        models.UUIDField: uuid4(),
        models.BinaryField: b"[]",
        models.BooleanField: False,
    }
    kinds = (kind for kind in by_kind if isinstance(field, kind))
    kind = next(kinds, None)
    if kind is not None:
        return by_kind[kind]
    return 1 if isinstance(field, models.IntegerField) else "x"


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
