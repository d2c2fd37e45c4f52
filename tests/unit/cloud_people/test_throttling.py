"""Who tries passwords waits, and nobody is kept out by somebody else."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django.fixtures import Settings

from hikae.cloud.project.housekeeping import sweep
from tests.office import Office
from tests.unit.cloud_people.conftest import is_in, sign_in

TRIES = 5
ATTACKER = "203.0.113.7"
HOME = "198.51.100.20"


def attack(office: Office, address: str = ATTACKER) -> None:
    for _ in range(TRIES):
        sign_in(office.owner, "chigau", address=address)


def test_after_five_wrong_passwords_even_the_right_one_waits(office: Office) -> None:
    attack(office)
    browser = Client(REMOTE_ADDR=ATTACKER)
    answer = browser.post(
        "/accounts/login/", {"login": office.owner.email, "password": "koukyuu-na-kami-3"}
    )
    assert answer.status_code == 429
    assert "しばらくログインできません" in answer.content.decode()
    assert not is_in(browser)


def test_the_person_still_comes_in_from_another_address(office: Office) -> None:
    attack(office)
    assert is_in(sign_in(office.owner, address=HOME))


def test_others_still_come_in_from_the_same_address(office: Office) -> None:
    attack(office)
    assert is_in(sign_in(office.viewer, address=ATTACKER))


def test_another_way_to_write_the_address_is_no_way_around(office: Office) -> None:
    for name in ("HANAKO@example.jp", " hanako@example.jp", "Hanako@Example.JP") * 2:
        sign_in(name, "chigau", address=ATTACKER)
    assert not is_in(sign_in(office.owner, address=ATTACKER))


def test_the_wait_is_over_after_a_while(office: Office, settings: Settings) -> None:
    attack(office)
    for attempt in AccessAttempt.objects.all():
        attempt.attempt_time -= settings.AXES_COOLOFF_TIME
        attempt.save()
    assert is_in(sign_in(office.owner, address=ATTACKER))


def test_tries_and_sessions_that_are_over_are_forgotten(office: Office) -> None:
    sign_in(office.owner, "chigau", address=ATTACKER)
    sign_in(office.owner, address=HOME)
    sweep(office.now)
    assert (AccessAttempt.objects.count(), Session.objects.count()) == (1, 1)
    sweep(office.now + timedelta(days=30))
    assert (AccessAttempt.objects.count(), Session.objects.count()) == (0, 0)


def test_the_right_password_ends_the_count(office: Office) -> None:
    for _ in range(2):
        for _ in range(TRIES - 1):
            sign_in(office.owner, "chigau", address=HOME)
        assert is_in(sign_in(office.owner, address=HOME))


def test_what_was_tried_is_not_kept(office: Office) -> None:
    sign_in(office.owner, "chigau-kotoba", address=ATTACKER)
    (kept,) = AccessAttempt.objects.values()
    assert "chigau-kotoba" not in str(kept)


@pytest.mark.parametrize(
    ("proxies", "counted"), [(0, "127.0.0.1"), (1, "198.51.100.20"), (2, "203.0.113.7")]
)
def test_an_address_is_believed_from_ones_own_proxies_only(
    office: Office, settings: Settings, proxies: int, counted: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    browser = Client(headers={"x-forwarded-for": "192.0.2.1, 203.0.113.7, 198.51.100.20"})
    browser.post("/accounts/login/", {"login": office.owner.email, "password": "chigau"})
    assert AccessAttempt.objects.get().ip_address == counted
