"""What holds for every page: it fits a phone, breaks no rule of the browser, speaks English."""

import re

import pytest
from playwright.sync_api import Page, expect

from hikae.catalogue.catalogue import load_catalogue
from hikae.catalogue.directory import load_directory
from hikae.cloud.people.models import Membership
from hikae.cloud.statements.models import Account
from hikae.model.fetch import FetchState
from tests.office import ORDINARY, Office, daily
from tests.system.pages.conftest import SignIn

_JAPANESE = re.compile("[ぁ-んァ-ヶー一-龠]+")
_BOOKS = (
    "本店営業部 ソウキン サクラショウジ カ フリコミ アオバデザイン デンワリョウ カード ミナトカード"
    " ヤマト物産 スイドウリョウ テスウリョウ ヤマテシヨウカイ ヤマテショウカイ 山田 花子"
    " 鈴木 次郎 佐藤 税理士事務所"
)


@pytest.fixture
def addresses(office: Office) -> list[str]:
    """Every page of an office where much happens."""
    office.enrol()
    connection = office.register("0138")
    office.enable(connection, days_left=20)
    office.deliver(connection, daily(ORDINARY, office.now, days=9))
    office.ask(connection, office.fetch(connection, FetchState.WAITING), "Enter six digits.")
    office.close_and_correct(connection)
    file = office.bring("meisai.txt")
    exports = (office.export("excel"), office.look("zengin"), office.look("freee-deals"))
    with office.at_work():
        account = Account.objects.get()
    member = Membership.objects.get(user=office.viewer)
    here = f"/connections/{connection.id}"
    return [
        *(
            "/connections/",
            "/institutions/",
            "/institutions/?words=0562",
            "/institutions/?words=qx",
            "/connections/new/0138",
        ),
        *(f"{here}/edit", f"{here}/delete", f"{here}/challenge", "/device/"),
        *(f"/device/{office.pc.id}/release", "/statements/", "/statements/transactions"),
        *(f"/statements/accounts/{account.id}", "/statements/closing"),
        *("/accounts/security/", "/accounts/security/sessions/", "/accounts/password/"),
        *("/people/members", f"/people/members/{member.id}/remove", "/people/closing"),
        *("/files/", f"/files/{file.id}"),
        *("/exports/", "/exports/new?way=in", *(f"/exports/{each.id}" for each in exports)),
    ]


def test_no_page_scrolls_sideways_on_a_phone_or_breaks_the_content_policy(
    office: Office, sign_in: SignIn, addresses: list[str], complaints: list[str]
) -> None:
    page = sign_in(office.owner, width=360)
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    assert complaints == []


def test_every_control_has_a_name(office: Office, sign_in: SignIn, addresses: list[str]) -> None:
    page = sign_in(office.owner)
    for address in addresses:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert _nameless(page) == [], address


def test_an_english_page_has_no_japanese_but_names_and_what_a_bank_calls_things(
    office: Office, sign_in: SignIn, addresses: list[str]
) -> None:
    page = sign_in(office.owner)
    page.locator("details.person summary").click()
    page.get_by_role("button", name="English").click()
    names = _names()
    for address in addresses:
        page.goto(address)
        for said in _JAPANESE.findall(page.locator("main").inner_text()):
            assert said in names, f"{address}: {said}"


def _names() -> set[str]:
    """What stays Japanese: institutions, their fields, what the bank wrote in the books."""
    texts = [_BOOKS]
    texts += [text for bank in load_directory() for text in (bank.name, bank.kana)]
    for each in load_catalogue().institutions:
        texts += [each.name, each.kana, each.title]
        texts += [text for field in each.login for text in (field.label, field.hint, field.where)]
    return set(_JAPANESE.findall(" ".join(texts)))


def _nameless(page: Page) -> list[str]:
    """Fields, buttons and links that a screen reader could only call by their kind."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('a, button, summary, input, select, textarea')]
            .filter(e => e.type !== 'hidden' && !e.labels?.length && !e.textContent.trim()
                && !e.getAttribute('aria-label'))
            .map(e => e.outerHTML)"""
    )
    return found
