"""What PostgreSQL itself knows of the wall, read from its own catalogue."""

import pytest

from tests.neighbours import Neighbours, table_of, tenant_models
from tests.system.wall.conftest import Overseer


@pytest.fixture(scope="module")
def database() -> str:
    """Only here does the database know of the wall."""
    return "postgresql"


def test_every_table_of_organisations_is_walled_for_all_roles_and_all_they_do(
    books: str, overseer: Overseer
) -> None:
    walled = overseer.ask(
        "SELECT relname, pg_get_expr(polqual, polrelid) AS reads,"
        " pg_get_expr(polwithcheck, polrelid) AS writes"
        " FROM pg_class JOIN pg_policy ON polrelid = pg_class.oid"
        " WHERE relrowsecurity AND relforcerowsecurity AND polcmd = '*' AND polpermissive"
    )
    own = "(organisation_id = (NULLIF(current_setting('hikae.organisation'::text, true)"
    own += ", ''::text))::uuid)"
    assert {each["relname"] for each in walled} == set(map(table_of, tenant_models()))
    assert {each["reads"] for each in walled} | {each["writes"] for each in walled} == {own}
    assert len(walled) == len(tenant_models())


def test_the_rows_of_both_are_in_every_table(neighbours: Neighbours, overseer: Overseer) -> None:
    for model in tenant_models():
        assert overseer.rows(model, neighbours.us), model
        assert overseer.rows(model, neighbours.them), model


def test_every_reference_between_walled_tables_holds_the_organisation_too(
    books: str, overseer: Overseer
) -> None:
    walled = list(map(table_of, tenant_models()))
    references = overseer.ask(
        "SELECT conrelid::regclass::text AS table, conname, attname FROM pg_constraint"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]"
        " WHERE contype = 'f' AND conrelid::regclass::text = ANY (%s)"
        " AND confrelid::regclass::text = ANY (%s)",
        walled,
        walled,
    )
    assert references
    astray = [each for each in references if each["attname"] != "organisation_id"]
    assert astray == []


def test_nothing_in_the_database_works_with_the_rights_of_its_owner(
    books: str, overseer: Overseer
) -> None:
    schema = "'public'::regnamespace"
    assert not overseer.ask(
        f"SELECT FROM pg_class WHERE relkind IN ('v', 'm') AND relnamespace = {schema}"
    )
    assert not overseer.ask(f"SELECT FROM pg_proc WHERE prosecdef AND pronamespace = {schema}")


def test_no_sequence_tells_how_many_rows_others_have(books: str, overseer: Overseer) -> None:
    counted = overseer.ask(
        "SELECT refobjid::regclass::text AS table FROM pg_depend"
        " JOIN pg_class ON pg_class.oid = objid AND relkind = 'S' WHERE refobjsubid > 0"
    )
    walled = set(map(table_of, tenant_models()))
    assert {each["table"] for each in counted} & walled == set()
