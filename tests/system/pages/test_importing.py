"""ファイル取込 and 締め at a real browser: looking first, then taking; nothing changes unasked."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hikae.model.clock import japan_day
from tests.office import ORDINARY, Office, daily
from tests.system.pages.conftest import SignIn
from tests.zenginfile import Booking, zengin


@pytest.fixture
def file(office: Office, tmp_path: Path) -> Path:
    """A file of last week, made today."""
    today = japan_day(office.now)
    bookings = [Booking(today - timedelta(days=back), 1_500 + back, "ｶ)ﾔﾏﾃ") for back in (7, 6, 5)]
    days = (today - timedelta(days=8), today - timedelta(days=2))
    made = tmp_path / "meisai.txt"
    made.write_bytes(zengin(bookings, opening=100_000, days=days, made_on=today))
    return made


def bring(page: Page, file: Path) -> None:
    page.goto("/files/")
    page.get_by_label("ファイル", exact=True).set_input_files(file)
    page.get_by_role("button", name="内容を確かめる").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_file_is_looked_at_then_taken_then_there_with_and_without_scripts(
    office: Office, sign_in: SignIn, file: Path, *, scripts: bool
) -> None:
    page = sign_in(office.owner, scripts=scripts)
    bring(page, file)
    expect(page.get_by_text("期間のすべての明細がそろっています。")).to_be_visible()
    expect(page.locator(".figures div").first).to_have_text("新しい明細3")
    page.get_by_role("button", name="取り込む", exact=True).click()
    expect(page.get_by_text("取り込みました。新しい明細3件")).to_be_visible()
    expect(page.get_by_text("途中の残高3件が合っています")).to_be_visible()
    page.goto("/connections/")
    expect(page.locator(".card")).to_contain_text("ファイル取込のみ")
    page.goto("/statements/transactions")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_the_same_file_again_says_that_nothing_was_added(
    office: Office, sign_in: SignIn, file: Path
) -> None:
    page = sign_in(office.owner)
    bring(page, file)
    page.get_by_role("button", name="取り込む", exact=True).click()
    bring(page, file)
    expect(page.get_by_text("同じファイルは取り込み済みです。")).to_be_visible()
    expect(page.get_by_role("button", name="取り込む", exact=True)).to_have_count(0)


def test_a_file_comes_back_byte_for_byte(office: Office, sign_in: SignIn, file: Path) -> None:
    page = sign_in(office.owner)
    bring(page, file)
    with page.expect_download() as started:
        page.get_by_role("link", name="ダウンロード").click()
    assert started.value.suggested_filename == "meisai.txt"
    assert started.value.path().read_bytes() == file.read_bytes()


def test_a_damaged_file_says_where_what_was_expected_and_what_was_found(
    office: Office, sign_in: SignIn, file: Path
) -> None:
    content = bytearray(file.read_bytes())
    content[202 + 35] = ord("9")  # the last figure of the first amount
    file.write_bytes(content)
    page = sign_in(office.owner)
    bring(page, file)
    note = page.get_by_role("alert")
    for words in ("meisai.txt", "レコード", "必要な内容", "実際の内容", "unreadable_file"):
        expect(note).to_contain_text(words)
    expect(page.get_by_text("まだありません。")).to_be_visible()


def test_a_file_that_is_too_large_is_not_received(
    office: Office, sign_in: SignIn, tmp_path: Path
) -> None:
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(33 * 2**20)
    page = sign_in(office.owner)
    bring(page, large)
    expect(page.get_by_text("32 MBを超えるファイルは受け取れません。")).to_be_visible()


def test_what_comes_late_for_a_closed_month_is_listed_and_joins_when_accepted(
    office: Office, sign_in: SignIn
) -> None:
    office.enrol()
    connection = office.register("0138")
    office.close_and_correct(connection)
    page = sign_in(office.owner)
    page.goto("/statements/")
    page.get_by_role("link", name="変更を見る").click()
    rows = page.locator("table.plain tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("−550円")
    expect(rows.nth(1)).to_contain_text("242,000円")
    page.get_by_role("button", name="締めた月に反映する").click()
    expect(page.get_by_text("締めた月に反映しました。")).to_be_visible()
    expect(page.get_by_text("承認を待つ変更はありません。")).to_be_visible()
    page.goto("/statements/transactions")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_an_account_shows_its_days_its_holes_and_what_was_proven(
    office: Office, sign_in: SignIn
) -> None:
    office.enrol()
    connection = office.register("0138")
    office.deliver(connection, daily(ORDINARY, office.now, days=3, back=6))
    office.deliver(connection, daily(ORDINARY, office.now, days=3))
    page = sign_in(office.viewer)
    page.goto("/statements/")
    page.get_by_role("link", name="取得の確かめ").click()
    expect(page.locator(".coverage tbody .strip .covered")).to_have_count(6)
    expect(page.locator(".coverage tbody .strip .hole")).to_have_count(2)
    expect(page.locator(".coverage tbody")).to_contain_text("から")
    expect(page.locator(".proofs > li")).to_have_count(2)
    expect(page.locator(".proofs > li").first).to_contain_text("途中の残高3件が合っています")
