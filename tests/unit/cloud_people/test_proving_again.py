"""What must not be done at a browser left open asks once more who it is."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponseBase
from django.test import Client
from pytest_django.fixtures import Settings

from hikae.cloud.connections.models import Connection
from hikae.cloud.devices.models import AuthKey, Device
from tests.office import PASSWORD, Office
from tests.unit.cloud_people.conftest import sign_in

AGAIN = "/accounts/again/"


def asked(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and urlsplit(answer.headers["Location"]).path == AGAIN


def type_again(browser: Client, answer: HttpResponseBase, password: str = PASSWORD) -> str:
    """Type the password; the text of the page that comes then."""
    after = parse_qs(urlsplit(answer.headers["Location"]).query)["next"][0]
    return browser.post(AGAIN, {"password": password, "next": after}).content.decode()


@pytest.fixture
def owner(office: Office) -> Client:
    """The owner's browser, signed in a moment ago."""
    return sign_in(office.owner)


def test_a_key_is_issued_only_after_the_password(owner: Client) -> None:
    answer = owner.post("/device/key")
    assert asked(answer)
    assert not AuthKey.objects.exists()
    assert "hk1." in type_again(owner, answer)


def test_a_wrong_password_does_nothing(owner: Client) -> None:
    answer = owner.post("/device/key")
    type_again(owner, answer, "chigau")
    assert not AuthKey.objects.exists()


def test_who_has_just_proven_it_is_not_asked_again_for_five_minutes(
    owner: Client, settings: Settings
) -> None:
    type_again(owner, owner.post("/device/key"))
    assert owner.post("/device/key").status_code == 200
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert asked(owner.post("/device/key"))


def test_a_pc_is_released_only_after_the_password(office: Office, owner: Client) -> None:
    device = office.enrol()
    there = f"/device/{device.id}/release"
    assert asked(owner.get(there))
    assert asked(owner.post(there))
    assert Device.objects.get().state == Device.State.CONFIRMED


def test_login_information_is_changed_only_after_the_password_and_never_waits_in_a_session(
    office: Office, owner: Client
) -> None:
    office.enrol()
    connection = office.register("0138")
    there = f"/connections/{connection.id}/edit"
    late = owner.post(there, {"login_password": "himitsu-no-kotoba"})
    assert (late.status_code, late["Location"]) == (302, there)
    assert asked(owner.get(there))
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert "himitsu" not in str(kept)
    with office.at_work():
        assert Connection.objects.get().login_version == connection.login_version


def test_somebody_without_a_password_is_not_asked(office: Office) -> None:
    office.owner.set_unusable_password()
    office.owner.save()
    browser = Client()
    browser.force_login(office.owner)
    assert browser.post("/device/key").status_code == 200
