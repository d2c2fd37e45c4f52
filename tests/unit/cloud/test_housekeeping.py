"""What must not be kept is deleted; a link signs in once and for an hour."""

from datetime import timedelta
from uuid import uuid4

from hikae.cloud.connections.server_keys import ServerKeys
from hikae.cloud.people.models import Membership, SignInLink, User
from hikae.cloud.people.sign_in_link import LIFETIME, make_link, use_link
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.project.housekeeping import PARTS, sweep
from hikae.cloud.statements.models import StatementPart
from tests.unit.cloud.conftest import NOW


def part(membership: Membership, age: timedelta) -> None:
    StatementPart.objects.create(
        organisation=membership.organisation,
        statement=uuid4(),
        connection=uuid4(),
        number=0,
        transactions=b"[]",
        delivered_at=NOW - age,
    )


def test_parts_that_wait_for_the_rest_too_long_are_deleted(membership: Membership) -> None:
    with tenant(membership.organisation_id):
        part(membership, timedelta(days=1))
        part(membership, PARTS + timedelta(hours=1))
    sweep(NOW)
    with tenant(membership.organisation_id):
        assert StatementPart.objects.get().delivered_at == NOW - timedelta(days=1)


def test_keys_of_the_server_are_deleted_after_seven_days(books: str) -> None:
    keys = ServerKeys.of_settings()
    keys.of_today(NOW - timedelta(days=7))
    today = keys.of_today(NOW)
    sweep(NOW)
    assert [file.stem for file in keys.folder.iterdir()] == [today.holder.removeprefix("server:")]


def test_a_sign_in_link_works_once(membership: Membership) -> None:
    token = make_link(membership.user, NOW)
    assert use_link(token, NOW) == membership.user
    assert use_link(token, NOW) is None


def test_a_sign_in_link_works_for_an_hour_and_only_its_hash_is_kept(
    membership: Membership,
) -> None:
    token = make_link(membership.user, NOW)
    assert token not in str(list(SignInLink.objects.values()))
    assert use_link(token, NOW + LIFETIME) is None
    sweep(NOW + timedelta(hours=2))
    assert not SignInLink.objects.exists()
    assert User.objects.count() == 1
