"""Writing many values at once, and when the disk is waited for."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import repeat
from uuid import UUID, uuid4

import pytest
from django.db import DataError, connection, transaction

from hikae.cloud.people.models import Membership
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements import bulk
from hikae.cloud.statements.models import AccountDay

NORMAL, FULL = 1, 2
KEY = ("organisation_id", "account_id", "day")
JAPAN = timezone(timedelta(hours=9))

DAYS = [date(1, 1, 1), date(1999, 12, 31), date(2000, 1, 1), date(9999, 12, 31)]
MOMENTS = [
    None,
    datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2026, 11, 23, 10, 0, tzinfo=JAPAN),
    datetime(2026, 11, 23, 1, 0, 0, 1, tzinfo=UTC),
]


@pytest.fixture
def organisation(membership: Membership) -> UUID:
    return membership.organisation_id


def columns(organisation: UUID, account: UUID, **more: bulk.Column) -> Mapping[str, bulk.Column]:
    said: dict[str, bulk.Column] = {
        "organisation_id": repeat(organisation),
        "account_id": repeat(account),
        "day": DAYS,
        "rows": [0, 1, 2, 2**31 - 1],
        "total": [0, -1, 10**15, -(10**15)],
        "closing": [None, None, None, 5],
        "digest": [bytes(32), b"", bytes(range(32)), b"\xff"],
        "as_of": MOMENTS,
    }
    return said | more


def synchronous() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        (level,) = cursor.fetchone()
    return int(level)


def test_what_was_written_in_columns_is_read_as_it_was(organisation: UUID) -> None:
    account = uuid4()
    with tenant(organisation), transaction.atomic():
        bulk.upsert(AccountDay, columns(organisation, account))
        kept = list(AccountDay.objects.order_by("day"))
    assert {day.account_id for day in kept} == {account}
    assert [day.day for day in kept] == DAYS
    assert [day.as_of for day in kept] == MOMENTS
    assert [day.closing for day in kept] == [None, None, None, 5]
    assert [bytes(day.digest) for day in kept] == [bytes(32), b"", bytes(range(32)), b"\xff"]


def test_a_row_that_is_there_takes_the_new_values(organisation: UUID) -> None:
    account = uuid4()
    with tenant(organisation), transaction.atomic():
        bulk.upsert(AccountDay, columns(organisation, account), KEY)
        bulk.upsert(AccountDay, columns(organisation, account, total=repeat(7)), KEY)
        kept = list(AccountDay.objects.values_list("total", flat=True))
    assert kept == [7, 7, 7, 7]


def test_no_rows_write_nothing(organisation: UUID) -> None:
    nothing: dict[str, bulk.Column] = {name: [] for name in columns(organisation, uuid4())}
    with tenant(organisation), transaction.atomic():
        bulk.upsert(AccountDay, nothing | {"organisation_id": repeat(organisation)})
        assert not AccountDay.objects.exists()


def test_sqlite_waits_for_the_disk_again_after_what_need_not(books: str) -> None:
    if books != "sqlite":
        pytest.skip("a setting of SQLite")
    with bulk.ahead_of_the_disk():
        assert synchronous() == NORMAL
    with suppress(ArithmeticError), bulk.ahead_of_the_disk():
        raise ArithmeticError
    assert synchronous() == FULL


def test_a_transaction_waits_for_the_disk_whatever_is_written_in_it(books: str) -> None:
    if books != "sqlite":
        pytest.skip("a setting of SQLite")
    with transaction.atomic(), bulk.ahead_of_the_disk():
        assert synchronous() == FULL


def test_a_figure_that_no_column_holds_is_an_error_of_django_on_each_database(books: str) -> None:
    with pytest.raises((DataError, OverflowError)):
        bulk.execute(
            "DELETE FROM statements_statementpart WHERE number = CAST(%s AS integer)", (2**70,)
        )
