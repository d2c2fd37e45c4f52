"""Texts that mean harm, in a real browser: nothing runs, nothing is fetched, no page grows wide."""

import pytest
from django.test import Client

from tests.addresses import crawled, starts
from tests.hostile_texts import HOSTILE, furnish_to_be_told, say_everywhere
from tests.office import Office
from tests.system.pages.conftest import SignIn

PAGES = 80


@pytest.fixture
def pages(office: Office) -> list[str]:
    """The address of every page that an owner can open; what goes into one is not a page."""
    furnish_to_be_told(office)
    owner = Client()
    owner.force_login(office.owner)
    found = crawled(owner, starts(office), PAGES)
    return [path for path, page in found.items() if "<html" in page]


@pytest.mark.parametrize("kind", ["markup", "attribute", "long"])
def test_a_browser_runs_nothing_of_a_text_and_a_phone_shows_all_of_it(
    office: Office, pages: list[str], sign_in: SignIn, complaints: list[str], kind: str
) -> None:
    page = sign_in(office.owner, width=360)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    origin = page.evaluate("location.origin")
    say_everywhere(office, HOSTILE[kind])
    for address in pages:
        page.goto(address)
        assert page.title() != "run", address
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert complaints == [], address
    assert {url for url in asked if not url.startswith((origin, "data:"))} == set()
