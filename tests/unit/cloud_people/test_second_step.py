"""Two-step sign-in, recovery codes, and from where one is signed in."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from hikae.cloud.people.second_step import SecondStep, UnreadableSecretError
from tests.office import Office, prove
from tests.unit.cloud_people.conftest import is_in, sign_in

SECRET = re.compile(r"<code>([A-Z2-7]{16,})</code>")
CODES = re.compile(r"\b\d{8}\b")


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time() // 30))))


@pytest.fixture
def owner(office: Office) -> Client:
    """The owner's browser, where the password was typed again just now."""
    browser = sign_in(office.owner)
    prove(browser, office.owner)
    return browser


def add_app(browser: Client) -> tuple[str, list[str]]:
    """Add an authenticator app; its secret, and the recovery codes that are shown then."""
    found = SECRET.search(browser.get("/accounts/security/app/").content.decode())
    assert found
    shown = browser.post("/accounts/security/app/", {"code": code(found[1])}, follow=True)
    cache.clear()  # as if the time of this code were over
    return found[1], CODES.findall(shown.content.decode())


def test_with_an_app_the_password_alone_lets_nobody_in(office: Office, owner: Client) -> None:
    secret, _ = add_app(owner)
    browser = sign_in(office.owner)
    assert not is_in(browser)
    browser.post("/accounts/second/", {"code": "000000"})
    assert not is_in(browser)
    browser.post("/accounts/second/", {"code": code(secret)})
    assert is_in(browser)


def test_a_code_of_the_app_works_once(office: Office, owner: Client) -> None:
    secret, _ = add_app(owner)
    now = code(secret)
    for lets_in in (True, False):
        browser = sign_in(office.owner)
        browser.post("/accounts/second/", {"code": now})
        assert is_in(browser) is lets_in


def test_a_recovery_code_works_once_and_is_not_shown_again(office: Office, owner: Client) -> None:
    _, codes = add_app(owner)
    assert len(codes) == 10
    for lets_in in (True, False):
        browser = sign_in(office.owner)
        browser.post("/accounts/second/", {"code": codes[0]})
        assert is_in(browser) is lets_in
    assert codes[1] not in owner.get("/accounts/security/codes/").content.decode()


def test_the_secret_of_an_app_is_unreadable_in_the_database(owner: Client) -> None:
    secret, codes = add_app(owner)
    kept = str(list(Authenticator.objects.values()))
    assert secret not in kept
    assert not any(each in kept for each in codes)


def test_a_secret_kept_under_another_key_is_told_apart(settings: Settings) -> None:
    kept = SecondStep().encrypt("JBSWY3DPEHPK3PXP")
    assert SecondStep().decrypt(kept) == "JBSWY3DPEHPK3PXP"
    settings.SECRET_KEY = "another"
    with pytest.raises(UnreadableSecretError):
        SecondStep().decrypt(kept)


def test_codes_are_not_tried_without_end(office: Office, owner: Client) -> None:
    secret, _ = add_app(owner)
    browser = sign_in(office.owner)
    for _ in range(5):
        browser.post("/accounts/second/", {"code": "000000"})
    browser.post("/accounts/second/", {"code": code(secret)})
    assert not is_in(browser)


def test_adding_an_app_asks_for_the_password_again(office: Office) -> None:
    answer = sign_in(office.owner).get("/accounts/security/app/")
    assert answer.headers["Location"].startswith("/accounts/again/")


def test_sessions_are_listed_and_the_others_ended(office: Office) -> None:
    elsewhere = sign_in(office.owner, address="203.0.113.7")
    here = sign_in(office.owner)
    assert "203.0.113.7" in here.get("/accounts/security/sessions/").content.decode()
    here.post("/accounts/security/sessions/")
    assert not is_in(elsewhere)
    assert is_in(here)


def test_each_person_sees_their_own_sessions_only(office: Office) -> None:
    sign_in(office.owner, address="203.0.113.7")
    listed = sign_in(office.viewer).get("/accounts/security/sessions/").content.decode()
    assert "203.0.113.7" not in listed
