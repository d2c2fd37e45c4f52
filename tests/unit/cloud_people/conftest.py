"""A cloud that anybody may sign up for, an office in it, and browsers."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from hikae.cloud.people.models import User
from hikae.model.clock import system_clock
from tests.fixtures_mail import Mailbox
from tests.office import PASSWORD, Office, open_office


@pytest.fixture
def database() -> str:
    """The wall in the database itself is tested elsewhere."""
    return "sqlite"


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Passwords that cost nothing to try: what they cost an attacker is not asked here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def office(books: str) -> Office:
    """People of two organisations."""
    cache.clear()
    return open_office(system_clock())


@pytest.fixture
def open_cloud(settings: Settings, mailbox: Mailbox, books: str) -> Mailbox:
    """A cloud as a service, with its mails."""
    settings.HIKAE_SIGN_UP = True
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    settings.ACCOUNT_EMAIL_NOTIFICATIONS = True
    settings.MFA_ALLOW_UNVERIFIED_EMAIL = False
    return mailbox


def sign_in(person: User | str, password: str = PASSWORD, *, address: str = "127.0.0.1") -> Client:
    """A browser at an address, in which somebody has typed e-mail and password."""
    browser = Client(REMOTE_ADDR=address)
    email = person if isinstance(person, str) else person.email
    browser.post("/accounts/login/", {"login": email, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    """Whether somebody is signed in."""
    return browser.get("/accounts/security/").status_code == 200
