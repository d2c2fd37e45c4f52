"""The wall between organisations, in the managers and in the database itself."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError, ProgrammingError

from hikae.cloud.people import audit
from hikae.cloud.people.models import AuditEntry, Membership
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.project.roles import require_wall
from tests.unit.cloud.conftest import NOW


@pytest.fixture
def neighbour(books: str) -> Membership:
    other = create_owner("neighbour@example.jp", "となり商店")
    with tenant(other.organisation_id), transaction.atomic():
        audit.record("something.done", actor="neighbour", subject="thing", now=NOW)
    return other


def count() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM people_auditentry")
        return int(cursor.fetchone()[0])


def test_rows_show_to_their_own_organisation_only(
    membership: Membership, neighbour: Membership
) -> None:
    with tenant(membership.organisation_id):
        assert AuditEntry.objects.count() == 0
        with tenant(neighbour.organisation_id):
            assert AuditEntry.objects.count() == 1
        assert AuditEntry.objects.count() == 0


def test_postgresql_hides_rows_from_raw_sql_too(
    books: str, membership: Membership, neighbour: Membership
) -> None:
    if books != "postgresql":
        pytest.skip("SQLite has no row-level security")
    assert count() == 0
    with tenant(membership.organisation_id):
        assert count() == 0
    with tenant(neighbour.organisation_id):
        assert count() == 1
    assert count() == 0


def test_postgresql_refuses_rows_for_another_organisation(
    books: str, membership: Membership, neighbour: Membership
) -> None:
    if books != "postgresql":
        pytest.skip("SQLite has no row-level security")
    with (
        tenant(membership.organisation_id),
        pytest.raises(ProgrammingError, match="row-level security"),
    ):
        AuditEntry.objects.create(
            organisation_id=neighbour.organisation_id,
            sequence=2,
            at=NOW,
            actor="a",
            action="b",
            subject="c",
            previous="",
            hash="",
        )


def test_the_wall_stands_again_after_a_transaction_that_failed(
    membership: Membership, neighbour: Membership
) -> None:
    with (
        tenant(membership.organisation_id),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        tenant(neighbour.organisation_id),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT nothing FROM nowhere")
    with pytest.raises(LookupError):
        AuditEntry.objects.count()
    assert connection.vendor != "postgresql" or count() == 0


def test_the_role_that_the_cloud_works_as_is_bound_by_the_wall(books: str) -> None:
    require_wall()


def test_the_audit_log_is_only_ever_added_to(neighbour: Membership) -> None:
    with tenant(neighbour.organisation_id):
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.update(actor="somebody else")
        with pytest.raises(DatabaseError), transaction.atomic():
            AuditEntry.objects.all().delete()
        assert AuditEntry.objects.get().actor == "neighbour"


def test_the_audit_log_shows_where_its_chain_is_broken(neighbour: Membership) -> None:
    with tenant(neighbour.organisation_id), transaction.atomic():
        audit.record("second.thing", actor="neighbour", subject="thing", now=NOW)
        assert audit.first_broken() is None
        last = AuditEntry.objects.get(sequence=2)
        last.pk, last.sequence, last.actor = None, 3, "somebody else"
        last.save(force_insert=True)
        assert audit.first_broken() == 3


def test_the_migrations_make_the_tables_that_the_models_describe(books: str) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
