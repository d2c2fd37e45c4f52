"""Identities of new rows."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from hikae.cloud.statements.identities import growing_ids

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_each_identity_is_larger_than_the_one_before() -> None:
    source = growing_ids(NOW)
    made = [source() for _ in range(1_000)]
    assert all(before < after for before, after in pairwise(made))


def test_an_identity_is_a_uuid_of_version_7_that_carries_its_moment() -> None:
    made = growing_ids(NOW)()
    assert (made.version, made.variant) == (7, "specified in RFC 4122")
    assert made.int >> 80 == int(NOW.timestamp() * 1000)


def test_two_sources_of_one_moment_share_no_identity() -> None:
    first, second = (set(islice(iter(growing_ids(NOW), None), 1_000)) for _ in range(2))
    assert not first & second


def test_a_later_source_makes_larger_identities() -> None:
    assert growing_ids(NOW)() < growing_ids(NOW + timedelta(milliseconds=1))()
