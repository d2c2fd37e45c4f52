"""An owner hands over to a member who accepts; the PC of the one before ends with it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps

from hikae.catalogue.catalogue import Catalogue
from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.connections.registering import register_connection
from hikae.cloud.connections.serving import served_by
from hikae.cloud.devices import commands
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.correcting import correct_all
from hikae.cloud.devices.enrolment import confirm_device, enrol
from hikae.cloud.devices.models import Device
from hikae.cloud.institutions.offer import Offer
from hikae.cloud.people import audit
from hikae.cloud.people.models import Membership, OwnershipOffer, Role, User
from hikae.cloud.people.ownership import (
    LIFETIME,
    OwnershipError,
    accept_ownership,
    end_offer,
    forget_expired,
    offer_by,
    offer_ownership,
    offer_to,
)
from hikae.link.messages import Release
from tests.unit.cloud.conftest import NOW, new_computer
from tests.unit.cloud.test_connections import BANK, WISH


@pytest.fixture(autouse=True)
def bank(monkeypatch: pytest.MonkeyPatch) -> None:
    """A catalogue of one bank."""
    monkeypatch.setattr(apps.get_app_config("institutions"), "offer", Offer(Catalogue((BANK,))))


@pytest.fixture
def heir(membership: Membership) -> User:
    """Somebody on the staff."""
    user = User.objects.create_user("heir@example.jp", name="鈴木 次郎")
    Membership.objects.create(organisation=membership.organisation, user=user, role=Role.STAFF)
    return user


def roles() -> dict[str, str]:
    return dict(Membership.objects.values_list("user__email", "role"))


def test_a_member_who_accepts_is_the_owner_and_the_owner_before_is_staff(
    owner: User, heir: User
) -> None:
    offer = offer_ownership(heir.id, owner, NOW)
    assert roles() == {"owner@example.jp": "owner", "heir@example.jp": "staff"}
    assert offer_to(heir, NOW) == offer_by(owner, NOW) == offer
    accept_ownership(offer.id, heir, NOW)
    assert roles() == {"owner@example.jp": "staff", "heir@example.jp": "owner"}
    assert not OwnershipOffer.objects.exists()
    assert audit.first_broken() is None


def test_the_pc_of_the_owner_before_ends_and_is_told_why(
    owner: User, heir: User, device: Device
) -> None:
    register_connection(WISH, owner, NOW)
    accept_ownership(offer_ownership(heir.id, owner, NOW).id, heir, NOW)
    device.refresh_from_db()
    assert (device.state, device.ended_for) == ("released", "鈴木 次郎")
    last = commands.after(device.id, 2)
    assert last == (Release(seq=3, by=heir.email, owner="鈴木 次郎"),)
    assert served_by(device).connections == ()
    assert not SealedLogin.objects.exists()


def test_the_new_owners_pc_serves_what_was_registered_and_asks_for_the_logins(
    owner: User, heir: User, device: Device
) -> None:
    earlier = enrol(new_computer().wish(issue_auth_key(heir, NOW).text()), NOW)
    own = confirm_device(earlier.id, heir, NOW)
    connection = register_connection(WISH, owner, NOW)
    accept_ownership(offer_ownership(heir.id, owner, NOW).id, heir, NOW)
    (view,) = served_by(own).connections
    assert (view.id, view.login) == (connection.id, None)
    assert Connection.objects.get().registered_by == heir


def test_a_pc_that_is_enrolled_afterwards_serves_it_too(
    owner: User, heir: User, device: Device
) -> None:
    connection = register_connection(WISH, owner, NOW)
    accept_ownership(offer_ownership(heir.id, owner, NOW).id, heir, NOW)
    later = enrol(new_computer().wish(issue_auth_key(heir, NOW).text()), NOW)
    own = confirm_device(later.id, heir, NOW)
    assert [view.id for view in served_by(own).connections] == [connection.id]


def test_the_pc_stays_ended_in_a_database_of_before_the_change(
    owner: User, heir: User, device: Device
) -> None:
    accept_ownership(offer_ownership(heir.id, owner, NOW).id, heir, NOW)
    Device.objects.update(state=Device.State.CONFIRMED, ended_at=None, ended_for="")
    assert correct_all(NOW + timedelta(days=1)) == 1
    assert Device.objects.get().ended_for == "鈴木 次郎"


def test_only_an_owner_offers_and_only_to_another_member(owner: User, heir: User) -> None:
    stranger = User.objects.create_user("stranger@example.jp")
    for to, by in ((owner, owner), (stranger, owner), (owner, heir), (heir, stranger)):
        with pytest.raises(OwnershipError):
            offer_ownership(to.id, by, NOW)


def test_only_who_was_asked_accepts_and_only_in_time(owner: User, heir: User) -> None:
    offer = offer_ownership(heir.id, owner, NOW)
    with pytest.raises(OwnershipError):
        accept_ownership(offer.id, owner, NOW)
    with pytest.raises(OwnershipError):
        accept_ownership(uuid4(), heir, NOW)
    with pytest.raises(OwnershipError):
        accept_ownership(offer.id, heir, NOW + LIFETIME)
    forget_expired(NOW + LIFETIME)
    assert not OwnershipOffer.objects.exists()


def test_an_offer_of_somebody_who_owns_no_longer_counts_for_nothing(
    owner: User, heir: User
) -> None:
    offer = offer_ownership(heir.id, owner, NOW)
    Membership.objects.filter(user=owner).update(role=Role.STAFF)
    with pytest.raises(OwnershipError):
        accept_ownership(offer.id, heir, NOW)
    assert roles()["heir@example.jp"] == "staff"


def test_an_offer_is_withdrawn_or_declined_by_the_two_and_nobody_else(
    owner: User, heir: User
) -> None:
    stranger = User.objects.create_user("stranger@example.jp")
    for person in (owner, heir):
        offer = offer_ownership(heir.id, owner, NOW)
        with pytest.raises(OwnershipError):
            end_offer(offer.id, stranger, NOW)
        end_offer(offer.id, person, NOW)
        with pytest.raises(OwnershipError):
            accept_ownership(offer.id, heir, NOW)
