"""期末残高一覧: what accounts held at the end of a day, and how sure that is; and its PDF."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.utils import translation
from pypdf import PdfReader

from hikae.cloud.statements.balances.held import Held, Total, held_on, totals
from hikae.cloud.statements.balances.sheet import sheet
from hikae.cloud.statements.books import ShownAccount
from hikae.model.account import AccountKind
from hikae.model.language import Language
from hikae.model.statement import Period
from tests.office import CURRENT, ORDINARY, Office, daily, open_office

NOW = datetime(2026, 11, 23, 5, tzinfo=UTC)
LAST = date(2026, 11, 22)
"""The last day of what `daily` delivers; its rows are of 20, 21 and 22 November."""

DAY = timedelta(days=1)


@pytest.fixture
def office(books: str) -> Office:
    """An office with three days of one account."""
    office = open_office(NOW)
    office.enrol()
    office.deliver(office.register("0138"), daily(ORDINARY, NOW, days=3))
    return office


def on(office: Office, day: date) -> list[Held]:
    with office.at_work():
        return held_on(day)


def test_an_account_held_what_the_bank_and_the_rows_since_tell(office: Office) -> None:
    amounts = {day: on(office, day)[0].amount for day in (LAST - 2 * DAY, LAST - DAY, LAST)}
    assert amounts == {
        LAST - 2 * DAY: 1_217_000,
        LAST - DAY: 1_345_400,
        LAST: 1_342_925,
    }
    assert on(office, LAST)[0].is_proven


def test_before_the_first_statement_nothing_is_known(office: Office) -> None:
    (held,) = on(office, LAST - 5 * DAY)
    assert (held.amount, held.at, held.is_sure) == (None, None, False)


def test_after_the_last_statement_the_last_known_balance_stands_with_its_day(
    office: Office,
) -> None:
    (held,) = on(office, LAST + 8 * DAY)
    assert (held.amount, held.at, held.is_sure) == (1_342_925, LAST, False)


def test_days_without_rows_before_that_day_are_told(office: Office) -> None:
    older = daily(ORDINARY, NOW, days=2, back=10, opening=1_000_000)
    office.deliver(office.connections[0], older)
    (held,) = on(office, LAST)
    assert held.is_sure
    assert not held.is_proven
    assert held.holes == (Period(date(2026, 11, 14), date(2026, 11, 19)),)
    assert on(office, date(2026, 11, 13))[0].holes == ()


def test_only_sure_accounts_are_added_up_and_each_currency_by_itself(office: Office) -> None:
    office.deliver(office.connections[0], daily(CURRENT, NOW, days=3, back=3, opening=0))
    held = on(office, LAST)
    assert totals(held) == [Total("JPY", 1_342_925, whole=False)]
    dollars = Held(replace(held[0].account, currency="USD"), LAST, 1_250, LAST, ())
    assert totals([held[0], dollars]) == [
        Total("JPY", 1_342_925, whole=True),
        Total("USD", 1_250, whole=True),
    ]


def test_another_organisation_has_its_own_list(office: Office) -> None:
    strangers = replace(office, organisation=office.outsider.memberships.get().organisation)
    assert on(strangers, LAST) == []


def account(title: str, *, holder: str = "") -> ShownAccount:
    return ShownAccount(
        id=uuid4(),
        institution="9901",
        title=title,
        branch_name="本店営業部",
        branch_code="001",
        kind=AccountKind.ORDINARY,
        number="1234567",
        holder=holder,
        currency="JPY",
        balance=None,
        balance_at=None,
        updated_at=None,
        covered=None,
        holes=(),
        pending=(),
        pending_at=None,
    )


def paper(*held: Held, language: Language = Language.JAPANESE) -> PdfReader:
    with translation.override(language.value):
        made = sheet("株式会社みほん商店", LAST, held, NOW, language)
        assert made == sheet("株式会社みほん商店", LAST, held, NOW, language)
    return PdfReader(BytesIO(made))


def text(reader: PdfReader) -> str:
    return "".join("".join(page.extract_text() for page in reader.pages).split())


def test_the_paper_says_what_the_page_says() -> None:
    reader = paper(
        Held(account("北町銀行"), LAST, 1_342_925, LAST, ()),
        Held(account("南町銀行"), LAST, -500, LAST - DAY, ()),
        Held(account("東町銀行"), LAST, None, None, ()),
    )
    said = text(reader)
    assert "株式会社みほん商店期末残高一覧2026年11月22日(日)" in said
    for words in ("北町銀行本店営業部", "1,342,925円", "確かめ済み", "−500円"):
        assert words in said
    for words in (
        "2026年11月21日(土)の残高",
        "残高の記録なし",
        "残高を確かめた口座の合計1,342,925円",
    ):
        assert words in said


def test_the_paper_comes_in_english_too() -> None:
    said = text(paper(Held(account("Kitamachi"), LAST, 5, LAST, ()), language=Language.ENGLISH))
    assert "Sun22November2026" in said
    assert "¥5" in said
    assert not any("ぁ" <= each <= "ヿ" for each in said.replace("株式会社みほん商店", ""))


def test_many_accounts_take_many_pages_each_with_its_headings() -> None:
    reader = paper(*(Held(account(f"第{n}銀行"), LAST, n, LAST, ()) for n in range(120)))
    assert len(reader.pages) > 2
    assert all("金融機関" in "".join(page.extract_text().split()) for page in reader.pages)
    assert all(f"第{n}銀行" in text(reader) for n in range(120))


def test_texts_of_banks_stay_texts_and_what_the_font_lacks_is_marked() -> None:
    hostile = '<b>&amp;</b><img src="file:///etc/passwd"/>\x00\u202e😀' + "長" * 500
    said = text(paper(Held(account(hostile, holder="</para>"), LAST, 5, LAST, ())))
    assert '<b>&amp;</b><imgsrc="file:///etc/passwd"/>' in said
    assert "〓" in said
    assert "</para>" in said
    assert said.count("長") == 500
