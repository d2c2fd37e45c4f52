"""明細: accounts, rows, holes where they lie, the way to what one looks for."""

import pytest
from playwright.sync_api import Page, expect

from tests.office import CURRENT, ORDINARY, Office, daily
from tests.system.pages.conftest import SignIn


@pytest.fixture
def books_page(office: Office, sign_in: SignIn) -> Page:
    """The accounts of an office: one with a hole of three days, one with many rows."""
    office.enrol()
    connection = office.register("0138")
    office.deliver(connection, daily(ORDINARY, office.now, days=20, back=24))
    office.deliver(connection, daily(ORDINARY, office.now, days=20, opening=5_000_000))
    office.deliver(connection, daily(CURRENT, office.now, days=60))
    page = sign_in(office.viewer)
    page.get_by_role("link", name="明細", exact=True).click()
    return page


def test_accounts_show_balance_coverage_and_holes(books_page: Page) -> None:
    expect(books_page.locator(".account")).to_have_count(2)
    expect(books_page.locator(".account").first).to_contain_text("7,186,900円")
    expect(books_page.locator(".account").first).to_contain_text("明細のない期間が1つあります")


def test_a_hole_stands_between_the_rows_around_it(books_page: Page) -> None:
    books_page.locator(".account a").first.click()
    rows = books_page.locator("tbody tr")
    expect(rows).to_have_count(41)
    expect(rows.nth(20)).to_contain_text("までの明細がありません。")


def test_rows_are_found_by_any_kana_and_direction(books_page: Page) -> None:
    books_page.get_by_role("link", name="すべての口座の明細").click()
    books_page.get_by_label("言葉").fill("さくらｼｮｳｼﾞ")
    books_page.get_by_label("入出金").select_option(label="出金")
    books_page.get_by_role("button", name="絞り込む").click()
    expect(books_page.locator("tbody tr")).to_have_count(20)
    expect(books_page.locator("tbody tr").first).to_contain_text("−33,000円")
    books_page.get_by_label("入出金").select_option(label="入金")
    books_page.get_by_role("button", name="絞り込む").click()
    expect(books_page.get_by_role("heading", name="条件に合う明細がありません")).to_be_visible()


def test_pages_follow_one_another_without_losing_or_repeating_a_row(books_page: Page) -> None:
    books_page.goto("/statements/transactions")
    seen = _addresses(books_page)
    books_page.get_by_role("link", name="さらに古い明細").click()
    expect(books_page.get_by_role("link", name="いちばん新しい明細へ")).to_be_visible()
    seen += _addresses(books_page)
    assert len(seen) == len(set(seen)) == 100
    expect(books_page.get_by_role("link", name="さらに古い明細")).to_have_count(0)


def test_the_details_of_a_row_tell_its_history(books_page: Page) -> None:
    books_page.goto("/statements/transactions")
    books_page.locator(".words a").first.click()
    expect(books_page.get_by_text("追加されました。")).to_be_visible()
    expect(books_page.locator(".facts")).to_contain_text("残高")


def _addresses(page: Page) -> list[str]:
    hrefs: list[str] = page.locator(".words a").evaluate_all("links => links.map(l => l.href)")
    return hrefs
