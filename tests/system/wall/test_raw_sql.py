"""SQL of whatever kind, said as the role that the cloud works as, goes through no wall."""

from collections.abc import Iterator
from contextlib import suppress
from typing import LiteralString

import psycopg
import pytest
from django.db import models
from psycopg import errors, sql
from psycopg.types.json import Jsonb

from hikae.cloud.people.tenancy import TenantModel
from tests.fixtures_cloud import TwoRoles
from tests.neighbours import Neighbours, table_of, tenant_models
from tests.system.wall.conftest import Overseer, Row

Worker = psycopg.Connection[tuple[object, ...]]

REFUSED: tuple[LiteralString, ...] = (
    "TRUNCATE {table}",
    "DROP TABLE {table}",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP POLICY tenant ON {table}",
    "CREATE POLICY everybody ON {table} USING (true)",
    "CREATE INDEX everything ON {table} (organisation_id)",
    "CREATE TRIGGER spy AFTER INSERT ON {table} EXECUTE FUNCTION people_auditentry_refuse()",
    "CREATE RULE spy AS ON INSERT TO {table} DO ALSO NOTHING",
    "CREATE TABLE public.beside (organisation_id uuid)",
    "CREATE VIEW public.beside AS SELECT * FROM {table}",
    "CREATE FUNCTION public.beside() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
    "CREATE SCHEMA beside",
    "CREATE EXTENSION dblink",
    "SET ROLE {owner}",
    "SET SESSION AUTHORIZATION {owner}",
    "SET session_replication_role = replica",
    "GRANT {owner} TO CURRENT_USER",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "COPY {table} TO '/tmp/beside'",
    "COPY {table} TO PROGRAM 'cat'",
    "COPY {table} FROM '/tmp/beside'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename <> current_user",
)

TWISTS: tuple[LiteralString, ...] = (
    "SET row_security = off",
    "RESET ROLE",
    "RESET SESSION AUTHORIZATION",
    "RESET ALL",
    "DISCARD ALL",
    "SET hikae.organisation = ''",
    "SET hikae.organisation TO DEFAULT",
    "SELECT set_config('hikae.organisation', NULL, false)",
)
"""What may be said, and shows nothing."""


@pytest.fixture(scope="module")
def database() -> str:
    """SQLite has no row-level security."""
    return "postgresql"


@pytest.fixture
def worker(neighbours: Neighbours, two_roles: TwoRoles) -> Iterator[Worker]:
    """A connection as the role that the cloud works as; for nobody yet."""
    with psycopg.connect(two_roles.url, autocommit=True) as connection:
        yield connection


def work_for(worker: Worker, organisation: object) -> None:
    worker.execute("SELECT set_config('hikae.organisation', %s, false)", [str(organisation)])


def phrase(words: LiteralString, model: type[models.Model], **names: str) -> sql.Composed:
    named = {name: sql.Identifier(value) for name, value in names.items()}
    return sql.SQL(words).format(table=sql.Identifier(table_of(model)), **named)


def copied(model: type[models.Model], row: Row, words: LiteralString = "") -> sql.Composed:
    """An INSERT of a row as it is, then `words`."""
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    marks = sql.SQL(", ").join(map(sql.Placeholder, row))
    return phrase("INSERT INTO {table} ", model) + sql.SQL("({}) VALUES ({}) {}").format(
        columns, marks, sql.SQL(words)
    )


def values(row: Row) -> Row:
    return {
        name: Jsonb(value) if isinstance(value, dict | list) else value
        for name, value in row.items()
    }


def test_the_role_can_do_nothing_but_work(worker: Worker, overseer: Overseer) -> None:
    (role,) = overseer.ask(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication,"
        " EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid) AS belongs,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) AS owns"
        " FROM pg_roles WHERE rolname = %s",
        worker.info.user,
    )
    assert not any(role.values())


def test_without_an_organisation_no_row_is_seen_or_written(
    worker: Worker, neighbours: Neighbours, overseer: Overseer
) -> None:
    before = overseer.everything(neighbours.them)
    for model in tenant_models():
        untouched(worker, model)
        for row in overseer.rows(model, neighbours.them)[:1]:
            with pytest.raises(errors.InsufficientPrivilege):
                worker.execute(copied(model, row), values(row))
    assert overseer.everything(neighbours.them) == before


def untouched(worker: Worker, model: type[TenantModel]) -> None:
    """Whatever is asked of a whole table finds nothing."""
    assert worker.execute(phrase("SELECT FROM {table}", model)).rowcount == 0, model
    for words in (
        "SELECT FROM {table} FOR SHARE",
        "UPDATE {table} SET organisation_id = organisation_id",
        "DELETE FROM {table}",
    ):
        with suppress(errors.InsufficientPrivilege):
            assert worker.execute(phrase(words, model)).rowcount == 0, model
    with worker.cursor().copy(phrase("COPY {table} TO STDOUT", model)) as copy:
        assert not list(copy), model


def test_working_for_one_no_row_of_the_other_is_read_changed_deleted_added_or_moved(
    worker: Worker, neighbours: Neighbours, overseer: Overseer
) -> None:
    before = overseer.everything(neighbours.them)
    work_for(worker, neighbours.us)
    them, us = [neighbours.them], [neighbours.us]
    for model in tenant_models():
        mine = len(overseer.rows(model, neighbours.us))
        assert worker.execute(phrase("SELECT FROM {table}", model)).rowcount == mine, model
        with worker.cursor().copy(phrase("COPY {table} TO STDOUT", model)) as copy:
            sent = b"".join(bytes(piece) for piece in copy)
        assert str(neighbours.them).encode() not in sent
        for words, to in (
            ("UPDATE {table} SET organisation_id = %s WHERE organisation_id <> %s", us + us),
            ("DELETE FROM {table} WHERE organisation_id = %s", them),
        ):
            with suppress(errors.InsufficientPrivilege):
                assert worker.execute(phrase(words, model), to).rowcount == 0, model
        with pytest.raises(errors.InsufficientPrivilege):  # ours, moved away
            worker.execute(phrase("UPDATE {table} SET organisation_id = %s", model), them)
    assert overseer.everything(neighbours.them) == before


def test_no_row_is_added_to_the_other_one_nor_taken_over_by_its_key(
    worker: Worker, neighbours: Neighbours, overseer: Overseer
) -> None:
    before = overseer.everything(neighbours.them)
    work_for(worker, neighbours.us)
    for model in tenant_models():
        row = overseer.rows(model, neighbours.them)[0]
        with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
            worker.execute(copied(model, row), values(row))
        with (
            pytest.raises(errors.FeatureNotSupported, match="row-level security"),
            worker.cursor().copy(phrase("COPY {table} FROM STDIN", model)) as copy,
        ):
            copy.write_row(["x"])
        if "id" in row and "sequence" not in row:
            taken = values({**row, "organisation_id": neighbours.us})
            conflict = "ON CONFLICT (id) DO UPDATE SET organisation_id = excluded.organisation_id"
            with pytest.raises(psycopg.Error):
                worker.execute(copied(model, row, conflict), taken)
    assert overseer.everything(neighbours.them) == before


def test_a_reference_to_a_row_of_the_other_is_refused_as_one_to_no_row_at_all(
    worker: Worker, neighbours: Neighbours, overseer: Overseer
) -> None:
    work_for(worker, neighbours.us)
    tried = 0
    for model in tenant_models():
        for field in model._meta.concrete_fields:  # noqa: SLF001 - public
            target = field.related_model
            if not (isinstance(target, type) and issubclass(target, TenantModel)):
                continue
            if not getattr(field, "db_constraint", False):
                continue
            theirs = overseer.rows(target, neighbours.them)[-1]["id"]
            point = phrase("UPDATE {table} SET {column} = %s", model, column=str(field.column))
            told = [refusal(worker, point, to) for to in (theirs, neighbours.them)]
            # A key of one column tells that it is taken; who knows the id knows that already.
            assert field.unique or told[0] == told[1], field
            tried += 1
    assert tried >= 8


def refusal(worker: Worker, point: sql.Composed, to: object) -> str:
    """What the database says of a reference, without the id itself."""
    with pytest.raises((errors.ForeignKeyViolation, errors.UniqueViolation)) as refused:
        refer(worker, point, to)
    return str(refused.value).replace(str(to), "…")


def refer(worker: Worker, point: sql.Composed, to: object) -> None:
    with worker.transaction():
        worker.execute(point, [to])
        worker.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_wall_itself_is_not_touched_and_nobody_else_is_become(
    worker: Worker, neighbours: Neighbours, overseer: Overseer, two_roles: TwoRoles
) -> None:
    before = overseer.everything(neighbours.them)
    owner = two_roles.owner_url.partition("//")[2].partition("@")[0]
    work_for(worker, neighbours.us)
    for model in tenant_models():
        for words in REFUSED:
            with pytest.raises(errors.ProgrammingError) as refused:
                worker.execute(
                    sql.SQL(words).format(
                        table=sql.Identifier(table_of(model)), owner=sql.Identifier(owner)
                    )
                )
            assert isinstance(refused.value, errors.InsufficientPrivilege), words
    assert overseer.everything(neighbours.them) == before


def test_no_setting_opens_the_wall(worker: Worker, neighbours: Neighbours) -> None:
    for twist in TWISTS:
        work_for(worker, neighbours.us)
        worker.execute(twist)
        for model in tenant_models():
            try:
                seen = worker.execute(phrase("SELECT FROM {table}", model)).rowcount
            except errors.InsufficientPrivilege as refused:
                assert "row-level security" in str(refused)  # noqa: PT017
            else:
                assert seen == 0, (twist, model)


def test_not_even_the_owner_of_the_tables_sees_a_row_without_an_organisation(
    neighbours: Neighbours, two_roles: TwoRoles
) -> None:
    with psycopg.connect(two_roles.owner_url, autocommit=True) as owner:
        for model in tenant_models():
            assert owner.execute(phrase("SELECT FROM {table}", model)).rowcount == 0, model
