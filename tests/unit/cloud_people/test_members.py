"""Inviting, roles, removing: who may, and what ends with it."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.models import AuthKey
from hikae.cloud.people import audit, invitations
from hikae.cloud.people.models import Invitation, Membership, Role, User
from tests.fixtures_mail import Mailbox
from tests.office import PASSWORD, Office
from tests.unit.cloud_people.conftest import is_in, sign_in

NEW = {"name": "佐藤 三郎", "password": "atarashii-kami-8"}


def roles(office: Office) -> dict[str, str]:
    members = Membership.objects.filter(organisation=office.organisation)
    return dict(members.values_list("user__email", "role"))


def invite(office: Office, email: str, role: str = "staff") -> None:
    sign_in(office.owner).post("/people/members/invite", {"email": email, "role": role})


def member(office: Office, person: User) -> Membership:
    return Membership.objects.get(organisation=office.organisation, user=person)


def test_somebody_new_is_invited_by_mail_and_comes_in_through_the_link(
    office: Office, mailbox: Mailbox
) -> None:
    invite(office, "saburo@example.jp")
    assert mailbox.last["To"] == "saburo@example.jp"
    assert "株式会社みほん商店" in mailbox.text()
    browser = Client()
    assert browser.get(mailbox.link()).status_code == 200
    assert roles(office).get("saburo@example.jp") is None
    browser.post(mailbox.link(), NEW)
    assert roles(office)["saburo@example.jp"] == "staff"
    assert is_in(browser)
    assert is_in(sign_in("saburo@example.jp", NEW["password"]))
    with office.at_work():
        assert audit.first_broken() is None


def test_an_invitation_works_once_and_for_seven_days(office: Office, mailbox: Mailbox) -> None:
    invite(office, "saburo@example.jp")
    Client().post(mailbox.link(), NEW)
    assert Client().get(mailbox.link()).status_code == 404
    token = invite_directly(office, "shiro@example.jp")
    assert invitations.find(token, office.now + timedelta(days=6)) is not None
    assert invitations.find(token, office.now + invitations.LIFETIME) is None
    assert token not in str(list(Invitation.objects.values()))


def invite_directly(office: Office, email: str) -> str:
    with office.at_work():
        return invitations.invite(email, Role.STAFF, member(office, office.owner), office.now)


def test_who_is_registered_signs_in_first_and_then_joins(office: Office, mailbox: Mailbox) -> None:
    invite(office, office.outsider.email, "viewer")
    stranger = Client()
    stranger.post(mailbox.link(), NEW)
    assert office.outsider.email not in roles(office)
    sign_in(office.outsider).post(mailbox.link())
    assert roles(office)[office.outsider.email] == "viewer"
    assert office.outsider.memberships.count() == 2


def test_without_a_mail_server_the_link_is_shown_once(office: Office) -> None:
    owner = sign_in(office.owner)
    wish = {"email": "saburo@example.jp", "role": "staff"}
    page = owner.post("/people/members/invite", wish).content.decode()
    found = re.search(r"/people/join/[\w-]+", page)
    assert found
    assert Client().get(found[0]).status_code == 200
    assert found[0] not in owner.get("/people/members").content.decode()


def test_a_withdrawn_invitation_works_no_more(office: Office, mailbox: Mailbox) -> None:
    invite(office, "saburo@example.jp")
    waiting = Invitation.objects.get()
    sign_in(office.owner).post(f"/people/invitations/{waiting.id}/withdraw")
    assert Client().get(mailbox.link()).status_code == 404


def test_an_accountants_client_owns_new_books_in_which_the_accountant_is_one_too(
    office: Office, mailbox: Mailbox
) -> None:
    accountant = sign_in(office.accountant)
    accountant.post("/people/members/invite-client", {"email": "komon@example.jp"})
    client = Client()
    answer = client.post(mailbox.link(), {**NEW, "books": "顧問先商店"})
    assert answer["Location"] == "/device/"
    books = Membership.objects.get(user__email="komon@example.jp").organisation
    assert books.name == "顧問先商店"
    assert dict(books.memberships.values_list("user__email", "role")) == {
        "komon@example.jp": "owner",
        office.accountant.email: "accountant",
    }


def test_only_owners_invite_change_and_remove(office: Office) -> None:
    viewer, accountant = (member(office, each) for each in (office.viewer, office.accountant))
    for person in (office.viewer, office.accountant):
        browser = sign_in(person)
        wish = {"email": "saburo@example.jp", "role": "staff"}
        assert browser.post("/people/members/invite", wish).status_code == 403
        there = f"/people/members/{accountant.id}"
        assert browser.post(f"{there}/role", {"role": "owner"}).status_code == 404
        assert browser.post(f"{there}/remove").status_code == 404
        assert browser.get("/people/closing").status_code == 403
    outsider = sign_in(office.outsider)
    assert outsider.post(f"/people/members/{viewer.id}/role", {"role": "staff"}).status_code == 404
    assert outsider.post(f"/people/members/{viewer.id}/remove").status_code == 404
    assert not Invitation.objects.exists()
    assert len(roles(office)) == 3


def test_a_role_is_changed_and_two_owners_may_exist_who_cannot_remove_each_other(
    office: Office,
) -> None:
    owner, other = sign_in(office.owner), member(office, office.viewer)
    owner.post(f"/people/members/{other.id}/role", {"role": "owner"})
    assert roles(office)[office.viewer.email] == "owner"
    assert owner.post(f"/people/members/{other.id}/remove").status_code == 404
    assert owner.post(f"/people/members/{other.id}/role", {"role": "viewer"}).status_code == 404


@pytest.fixture
def colleague(office: Office) -> User:
    """Somebody on the staff with a PC that serves a bank."""
    office.enrol()
    office.register("0138")
    person, owner = office.owner, office.viewer
    members = Membership.objects.filter(organisation=office.organisation)
    members.filter(user=person).update(role=Role.STAFF)
    members.filter(user=owner).update(role=Role.OWNER)
    return person


def test_who_is_removed_is_out_the_same_moment_and_the_banks_to_see_to_are_named(
    office: Office, colleague: User
) -> None:
    theirs = sign_in(colleague)
    with office.at_work():
        issue_auth_key(colleague, office.now)
    there = f"/people/members/{member(office, colleague).id}/remove"
    owner = sign_in(office.viewer)
    assert colleague.email in roles(office)
    told = owner.post(there).content.decode()
    assert "横浜銀行" in told
    assert colleague.email not in roles(office)
    assert not is_in(theirs)
    office.pc.refresh_from_db()
    assert office.pc.state == "released"
    assert AuthKey.objects.filter(used_at=None).get().withdrawn_at is not None
    with office.at_work():
        office.connections[0].refresh_from_db()
        assert office.connections[0].registered_by == office.viewer
        assert office.connections[0].device is None


def test_who_may_not_fetch_any_more_has_no_pc_either(office: Office, colleague: User) -> None:
    there = f"/people/members/{member(office, colleague).id}/role"
    sign_in(office.viewer).post(there, {"role": "viewer"})
    office.pc.refresh_from_db()
    assert office.pc.state == "released"


def test_a_weak_password_is_refused_and_the_invitation_stays(
    office: Office, mailbox: Mailbox
) -> None:
    invite(office, "saburo@example.jp")
    page = Client().post(mailbox.link(), NEW | {"password": "12345678"})
    assert "errorlist" in page.content.decode()
    assert Invitation.objects.exists()
    assert PASSWORD not in page.content.decode()
