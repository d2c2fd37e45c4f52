"""A database connection that is kept from one request to the next, and what it must not keep."""

from collections.abc import Callable
from contextlib import closing, suppress
from uuid import UUID

import pytest
from django.core.signals import request_started
from django.db import DatabaseError, connection, transaction

from hikae.cloud.people.models import Membership
from hikae.cloud.people.tenancy import SETTING, tenant


@pytest.fixture
def organisation(books: str, membership: Membership) -> UUID:
    if books != "postgresql":
        pytest.skip("SQLite has no settings of a connection")
    return membership.organisation_id


def worked_for() -> str:
    """The organisation that the database believes to work for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [SETTING])
        (found,) = cursor.fetchone()
    return str(found or "")


def fail() -> None:
    """Have the database refuse something."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


def ends_well(organisation: UUID) -> None:
    with tenant(organisation), transaction.atomic():
        worked_for()


def breaks_off(organisation: UUID) -> None:
    with tenant(organisation), transaction.atomic():
        raise DatabaseError


def fails_in_a_transaction(organisation: UUID) -> None:
    with tenant(organisation), transaction.atomic():
        fail()


def fails_inside_of_a_transaction_around_it(organisation: UUID) -> None:
    with transaction.atomic(), tenant(organisation):
        fail()


def fails_for_another_inside(organisation: UUID) -> None:
    with tenant(organisation), transaction.atomic(), tenant(UUID(int=1)):
        fail()


@pytest.mark.parametrize(
    "work",
    [
        ends_well,
        breaks_off,
        fails_in_a_transaction,
        fails_inside_of_a_transaction_around_it,
        fails_for_another_inside,
    ],
)
def test_nothing_of_an_organisation_stays_however_its_request_ends(
    organisation: UUID, work: Callable[[UUID], None]
) -> None:
    raw = connection.connection
    with suppress(DatabaseError):
        work(organisation)
    assert worked_for() == ""
    assert connection.connection is raw


def test_a_request_begins_for_nobody_whatever_was_left_on_its_connection(
    organisation: UUID,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, str(organisation)])
    request_started.send(None)
    assert worked_for() == ""


def test_a_connection_that_died_between_two_requests_is_replaced(organisation: UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (number,) = cursor.fetchone()
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 60000)", [number])
    request_started.send(None)
    with tenant(organisation):
        assert worked_for() == str(organisation)
