"""出力 at a real browser: chosen, looked at, made, downloaded, told of when rows change, undone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hikae.model.statement import Transaction
from tests.office import ORDINARY, Office, daily, statement
from tests.system.pages.conftest import SignIn


@pytest.fixture
def furnished(office: Office) -> Office:
    """An office with nine rows."""
    office.enrol()
    office.deliver(office.register("0138"), daily(ORDINARY, office.now, days=9))
    return office


def choose(page: Page, form: str, asked: str = "") -> None:
    """Go from the rows to what a file of them would be."""
    page.goto(f"/statements/transactions?{asked}")
    page.get_by_role("link", name="この明細を出力する").click()
    page.get_by_label("出力先と形式").select_option(form)
    page.get_by_role("button", name="内容を確かめる").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_rows_are_looked_at_made_and_downloaded_with_and_without_scripts(
    furnished: Office, sign_in: SignIn, complaints: list[str], *, scripts: bool
) -> None:
    page = sign_in(furnished.owner, scripts=scripts)
    choose(page, "csv", "way=out")
    expect(page.get_by_role("heading", name="明細6件")).to_be_visible()
    expect(page.get_by_text("すべての言葉をそのまま書けます。")).to_be_visible()
    page.get_by_role("button", name="出力する", exact=True).click()
    expect(page.get_by_text("6件を出力済にしました。")).to_be_visible()
    expect(page.get_by_text("入出金: 出金")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("link", name="ダウンロード").click()
    assert started.value.suggested_filename.startswith("hikae-csv-")
    assert len(started.value.path().read_bytes().splitlines()) == 7
    assert complaints == []


def test_rows_that_a_program_has_are_filtered_for_that_program(
    furnished: Office, sign_in: SignIn
) -> None:
    page = sign_in(furnished.owner)
    choose(page, "freee-lines", "way=out")
    page.get_by_role("button", name="出力する", exact=True).click()
    page.goto("/statements/transactions")
    page.get_by_label("出力", exact=True).select_option(label="freee会計: 未出力")
    page.get_by_role("button", name="絞り込む").click()
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("link", name="出力の履歴").click()
    page.get_by_role("link", name="freee会計 明細CSV").click()
    page.get_by_role("button", name="出力を取り消す").click()
    expect(page.get_by_text("出力を取り消しました。")).to_be_visible()
    expect(page.get_by_text("取り消し済み")).to_be_visible()
    page.goto("/statements/transactions")
    expect(page.get_by_label("出力", exact=True)).to_have_count(0)


def test_names_of_accounts_are_asked_once_and_what_is_cut_is_shown_before(
    furnished: Office, sign_in: SignIn
) -> None:
    page = sign_in(furnished.accountant)
    choose(page, "yayoi-journal")
    expect(page.get_by_role("heading", name="弥生会計での勘定科目")).to_be_visible()
    page.get_by_label("補助科目").fill("横浜銀行の本店にある主に支払いに使う口座")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.get_by_role("heading", name="書き換わる言葉9件")).to_be_visible()
    expect(page.locator("tbody tr", has_text="横浜銀行の本店にある主に")).to_have_count(2)
    page.get_by_role("link", name="勘定科目を直す").click()
    page.get_by_label("補助科目").fill("横浜𠮷支店")
    page.get_by_role("button", name="内容を確かめる").click()
    expect(page.locator("tbody tr", has_text="横浜〓支店")).to_have_count(2)
    page.get_by_role("button", name="書き換えて出力する").click()
    expect(page.get_by_text("9件を出力済にしました。")).to_be_visible()
    choose(page, "yayoi-zengin")
    expect(page.get_by_role("alert")).to_contain_text("出力する明細がありません。")


def test_balances_that_would_be_untrue_are_refused_with_what_to_do(
    furnished: Office, sign_in: SignIn
) -> None:
    page = sign_in(furnished.owner)
    choose(page, "zengin", "way=out")
    expect(page.get_by_role("alert")).to_contain_text("残高を書けません。")
    expect(page.get_by_role("button", name="出力する")).to_have_count(0)
    page.get_by_role("button", name="出力しない").click()
    expect(page.locator("tbody tr")).to_have_count(6)
    choose(page, "zengin")
    expect(page.get_by_role("button", name="書き換えて出力する")).to_be_visible()
    page.get_by_role("button", name="出力しない").click()
    expect(page.get_by_role("heading", name="すべての口座の明細")).to_be_visible()


def test_rows_that_change_afterwards_are_listed_with_both_contents(
    office: Office, sign_in: SignIn
) -> None:
    office.enrol()
    connection = office.register("0138")
    day = office.now.date() - timedelta(days=3)
    row = Transaction(day, -8_800, description="スイドウリョウ")
    office.deliver(connection, statement(ORDINARY, day, day, [row], 100_000))
    page = sign_in(office.owner)
    choose(page, "excel")
    page.get_by_role("button", name="出力する", exact=True).click()
    right = Transaction(day, -9_900, description="スイドウリョウ")
    corrected = statement(ORDINARY, day, day, [right], 100_000)
    office.deliver(connection, replace(corrected, as_of=office.now))
    page.goto("/exports/")
    page.get_by_role("link", name="出力後に変わった明細 1件").click()
    changed = page.locator("tbody tr").last
    expect(changed).to_contain_text("−8,800円")
    expect(changed).to_contain_text("−9,900円")


def test_a_viewer_sees_the_history_but_takes_nothing_along(
    furnished: Office, sign_in: SignIn
) -> None:
    page = sign_in(furnished.owner)
    choose(page, "json")
    page.get_by_role("button", name="出力する", exact=True).click()
    expect(page.get_by_text("9件を出力済にしました。")).to_be_visible()
    viewer = sign_in(furnished.viewer)
    viewer.goto("/statements/transactions")
    expect(viewer.get_by_role("link", name="この明細を出力する")).to_have_count(0)
    viewer.get_by_role("link", name="出力の履歴").click()
    viewer.get_by_role("link", name="ほかのソフト JSON").click()
    expect(viewer.get_by_role("heading", name="明細9件")).to_be_visible()
    expect(viewer.get_by_role("link", name="ダウンロード")).to_have_count(0)
    expect(viewer.get_by_role("button", name="出力を取り消す")).to_have_count(0)
