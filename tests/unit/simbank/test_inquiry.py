import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from hikae.simbank import INSTITUTIONS, SimBank
from tests.unit.simbank.person import Person

Browser = Callable[..., Person]
CODES = [institution.code for institution in INSTITUTIONS]


def condition(person: Person) -> None:
    person.sign_in()
    person.press("明細照会")
    person.press("入出金明細照会")


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("cp932"))))[1:]


@pytest.mark.parametrize("code", CODES)
def test_the_file_holds_what_the_books_hold(bank: SimBank, browser: Browser, code: str) -> None:
    person = browser(bank.customer("ok", code))
    person.sign_in()
    person.ask_statements("2026/10/01", "2026/11/25")
    rows = rows_of(person.press("ファイル取得(ANSER形式)").body)
    truth = person.customer.truth(date(2026, 10, 1), date(2026, 11, 25))
    expected = [
        (account.label, f"{row.posting.booked_on:%Y年%m月%d日}", f"{row.balance:,}")
        for account, extract in truth
        for row in extract.rows
    ]
    assert [(row[0], row[2], row[7]) for row in rows] == expected


@pytest.mark.parametrize("code", CODES)
def test_the_pages_of_the_list_hold_the_same_rows_as_the_file(
    bank: SimBank, browser: Browser, code: str
) -> None:
    person = browser(bank.customer("ok", code))
    person.sign_in()
    page = person.ask_statements("2026/10/01", "2026/11/25")
    listed = [row for row in page.rows if len(row) == 13]
    while page.has_button("次ページ"):
        page = person.press("次ページ")
        listed += [row for row in page.rows if len(row) == 13]
    filed = rows_of(person.press("ファイル取得(ANSER形式)").body)
    assert [[cell.replace("\xa0", "") for cell in row] for row in listed] == filed
    assert len(listed) > bank.houses[code].institution.page_rows


def test_the_list_can_be_turned_back(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok", "9902"))
    person.sign_in()
    first = person.ask_statements("2026/10/01", "2026/11/25")
    person.press("次ページ")
    assert person.press("前ページ").rows == first.rows


def test_a_download_leaves_the_page_usable(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    person.sign_in()
    person.ask_statements("2026/11/01", "2026/11/25")
    content = person.press("ファイル取得(全銀形式)").body
    assert content[:4] == b"1030"
    assert person.press("ファイル取得(全銀形式)").body == content
    assert "[BTOP001]" in person.press("ホームへ").text


def test_days_are_asked_for_in_one_field_or_in_three(bank: SimBank, browser: Browser) -> None:
    names = {}
    for code in CODES:
        person = browser(bank.customer("ok", code))
        condition(person)
        fields = person.page.form_with("照会").fields
        names[code] = sorted(name for name in fields if name.startswith("txtFrom"))
    assert names == {
        "9901": ["txtFrom"],
        "9902": ["txtFrom"],
        "9903": ["txtFromD", "txtFromM", "txtFromY"],
    }


def test_one_account_alone_can_be_asked_for(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    person.sign_in()
    person.ask_statements("2026/11/01", "2026/11/25", accounts=1)
    rows = rows_of(person.press("ファイル取得(ANSER形式)").body)
    assert {row[0] for row in rows} == {person.customer.accounts[0].label}


def test_the_window_counts_today_and_refuses_what_is_older(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok", "9902"))  # 62 days before and with 2026-11-25
    condition(person)
    asked = {"chkAccount": "0", "rdoMethod": "range", "txtTo": "2026/11/25"}
    refused = person.press("照会", txtFrom="2026/09/24", **asked)
    assert "2026年09月25日以降の日付" in refused.text
    assert "結果" in person.press("照会", txtFrom="2026/09/25", **asked).text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"rdoMethod": "range"}, "口座を選択"),
        ({"chkAccount": "0", "rdoMethod": "range", "txtFrom": "2026-11-01"}, "日付の指定"),
        (
            {
                "chkAccount": "0",
                "rdoMethod": "range",
                "txtFrom": "2026/11/01",
                "txtTo": "2026/11/26",
            },
            "照会終了日",
        ),
        ({"chkAccount": "0", "rdoMethod": "never"}, "照会方法"),
    ],
)
def test_a_condition_that_makes_no_sense_is_asked_again(
    bank: SimBank, browser: Browser, values: dict[str, str], words: str
) -> None:
    person = browser(bank.customer("ok"))
    condition(person)
    page = person.press("照会", **values)
    assert words in page.text
    assert page.has_button("照会")


def test_plain_inquiry_shows_unread_rows_of_15_days_once_and_marks_them(
    bank: SimBank, browser: Browser
) -> None:
    person = browser(bank.customer("ok"))
    condition(person)
    book = person.customer.accounts[0].ledger
    person.press("照会", chkAccount="0", rdoMethod="unread")
    shown = rows_of(person.press("ファイル取得(ANSER形式)").body)
    assert len(shown) == len(book.inquired) > 5
    assert min(row[2] for row in shown) >= "2026年11月11日"
    person.press("ホームへ")
    person.press("明細照会")
    person.press("入出金明細照会")
    again = person.press("照会", chkAccount="0", rdoMethod="unread")
    assert "該当する明細はありません" in again.text


@pytest.mark.parametrize("method", ["range", "this_month", "last_month"])
def test_the_other_inquiries_mark_nothing(bank: SimBank, browser: Browser, method: str) -> None:
    person = browser(bank.customer("ok"))
    condition(person)
    days = {"txtFrom": "2026/11/01", "txtTo": "2026/11/25"}
    page = person.press("照会", chkAccount="0", rdoMethod=method, **days)
    assert page.has_button("ファイル取得(ANSER形式)")
    assert person.customer.accounts[0].ledger.inquired == set()


def test_last_month_is_the_calendar_month_before(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    condition(person)
    person.press("照会", chkAccount="0", rdoMethod="last_month")
    rows = rows_of(person.press("ファイル取得(ANSER形式)").body)
    assert {row[2][:8] for row in rows} == {"2026年10月"}


def test_balances_are_those_of_the_books(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    person.sign_in()
    person.press("明細照会")
    page = person.press("残高照会")
    for account, extract in person.customer.truth():
        assert [account.label, f"{extract.closing:,}"] in page.rows


def test_rows_booked_since_the_last_inquiry_are_there_at_the_next(
    bank: SimBank, browser: Browser
) -> None:
    customer = bank.customer("ok")
    person = browser(customer)
    person.sign_in()
    before = person.ask_statements("2026/11/01", "2026/11/25", accounts=1).text
    person.press("ログアウト")
    bank.clock.advance(timedelta(days=5))
    person = browser(customer)
    person.sign_in()
    after = person.ask_statements("2026/11/01", "2026/11/30", accounts=1).text
    assert "2026年11月27日" in after
    assert "2026年11月27日" not in before


def test_a_transfer_that_is_carried_out_is_remembered(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    person.sign_in()
    person.press("資金移動(振込振替)")
    page = person.press("振込振替")
    assert "取引パスワード" in page.text
    assert "確認用パスワード" in page.text
    assert person.customer.transfers == []
    person.press("実行", txtAmount="1")
    assert len(person.customer.transfers) == 1
