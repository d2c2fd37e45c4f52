"""A file is taken exactly as a delivery of what stands in it."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, pairwise
from random import Random
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hikae.cloud.connections.registering import register_for_files
from hikae.cloud.people.models import Membership
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements.imports.files import Received, keep
from hikae.cloud.statements.imports.importing import import_file
from hikae.cloud.statements.imports.reading import read_file
from hikae.cloud.statements.models import Account, AccountDay, Change, Transaction
from hikae.cloud.statements.taking import take
from tests.unit.cloud.conftest import NOW
from tests.zenginfile import Booking, zengin

FIRST = date(2026, 10, 1)
DAYS = 10
TODAY = date(2026, 11, 23)

rows = st.lists(
    st.builds(
        Booking,
        st.integers(0, DAYS - 1).map(lambda number: FIRST + timedelta(days=number)),
        st.sampled_from((100, 100, -100, 2_500)),
        st.sampled_from(("ｶ)ﾔﾏﾓﾄ", "ﾃﾞﾝｷﾘﾖｳ", "")),
    ),
    max_size=8,
).map(lambda made: sorted(made, key=lambda booking: booking.day))
cuts = st.lists(st.integers(1, DAYS - 1), max_size=3, unique=True).map(sorted)


def files_of(bookings: list[Booking], bounds: list[int], made_after: int) -> Iterator[bytes]:
    """The bank's book in files that follow each other, each with its true opening balance."""
    opening = 1_000
    edges = [0, *bounds, DAYS]
    for first, end in pairwise(edges):
        days = (FIRST + timedelta(days=first), FIRST + timedelta(days=end - 1))
        shown = [booking for booking in bookings if days[0] <= booking.day <= days[1]]
        yield zengin(shown, opening=opening, days=days, made_on=days[1] + timedelta(made_after))
        *_, opening = accumulate((booking.amount for booking in shown), initial=opening)


def kept() -> tuple[list[tuple[object, ...]], ...]:
    """All of the books but the identities that were made for them."""
    row = ("booked_on", "position", "amount", "balance", "description", "seen_at")
    day = ("day", "rows", "total", "closing", "as_of")
    return (
        list(Transaction.objects.order_by("booked_on", "position").values_list(*row)),
        list(AccountDay.objects.order_by("day").values_list(*day)),
        list(Change.objects.order_by("sequence").values_list("kind", "late", "before", "after")),
        list(Account.objects.values_list("balance", "balance_at")),
    )


@pytest.fixture
def database() -> str:
    """Both databases take both ways in the other tests."""
    return "sqlite"


@settings(
    max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(rows, cuts, st.integers(0, 2), st.booleans(), st.randoms(use_true_random=False))
def test_importing_files_and_delivering_what_stands_in_them_end_in_the_same_books(
    books: str,
    bookings: list[Booking],
    bounds: list[int],
    made_after: int,
    twice: bool,
    dice: Random,
) -> None:
    contents = list(files_of(bookings, bounds, made_after))
    dice.shuffle(contents)
    if twice:
        contents += contents
    imported, delivered = an_organisation(), an_organisation()
    with tenant(imported.organisation_id):
        for content in contents:
            file = keep(Received(content, "meisai.txt", TODAY), imported.user, NOW)
            import_file(file.id, imported.user, NOW)
        by_files = kept()
    with tenant(delivered.organisation_id), transaction.atomic():
        connection = register_for_files("0138", delivered.user, NOW)
        for content in contents:
            (statement,) = read_file(content, "meisai.txt", TODAY, NOW)
            take(connection, uuid4(), statement, NOW)
        assert kept() == by_files
    assert [row[2] for row in by_files[0]] == [booking.amount for booking in bookings]


def an_organisation() -> Membership:
    return create_owner(f"{uuid4()}@example.jp", "みなと商店")
