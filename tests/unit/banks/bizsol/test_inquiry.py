"""Inquiries by dates, on screens that differ from bank to bank."""

from contextlib import aclosing
from datetime import UTC, date, datetime
from urllib.parse import parse_qs

import pytest

from hikae.banks.bizsol.connector import BizsolConnector
from hikae.banks.bizsol.inquiry import months
from hikae.banks.rehearsal import Scripted, page
from hikae.banks.session import open_session
from hikae.catalogue.institution import Institution, LoginField
from hikae.model.account import AccountKind
from hikae.model.challenge import Answer, Challenge
from hikae.model.problems import ProblemCode, ProblemError
from hikae.model.statement import Channel, Period, Statement
from hikae.transport.exchange import Response

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
SINCE = date(2026, 11, 2)
SIGN_IN = "https://localhost:1/9901c/rblgi01/I1RBLGI01-S01.do"
BANK = Institution(
    "9901",
    "北町銀行",
    "キタマチ",
    "bizsol",
    SIGN_IN,
    ("localhost:1",),
    (LoginField("password", "p"),),
)
BOXES = (
    "<table><tr><th>選択<th>口座</tr>"
    "<tr><td><input type=checkbox name=k1><td>本店(001) 普通 0000001</tr>"
    "<tr><td><input type=checkbox name=k2><td>本店(001) 当座 0000002</tr></table>"
)
MODES = (
    "<tr><th>照会方法<td><input type=radio name=m value=0 checked>照会 (未照会明細)"
    "<input type=radio name=m value=1>当月分<input type=radio name=m value=3>日付範囲指定</tr>"
)
ONE_FIELD_EACH = "<tr><th>期間<td><input name=f maxlength=8>～<input name=t maxlength=8></tr>"
HEADINGS = [
    *("照会口座", "番号", "勘定日", "(起算日)", "出金金額(円)", "入金金額(円)", "小切手区分"),
    *("残高(円)", "取引区分", "明細区分", "金融機関名", "支店名", "摘要"),
]
ROWS = [
    "本店(001) 普通 0000001,001,2026年11月02日,,100,,,900,振込,,,,ｶ)ﾔﾏ",
    "本店(001) 普通 0000001,002,2026年11月24日,,,50,,950,振替,,,,ﾘｿｸ",
    "本店(001) 当座 0000002,001,2026年11月05日,,,7,,7,現金,,,,",
]


def conditions(dates: str = ONE_FIELD_EACH, accounts: str = BOXES, modes: str = MODES) -> Response:
    inside = f"{accounts}<table>{modes}{dates}</table>"
    return page(
        "<h1>入出金明細照会</h1><form method=post action=/9901c/rbmsk01/BMSK001-BMSK001Inquire.do>"
        f"{inside}<input type=submit value=照会></form>"
    )


def csv(rows: list[str]) -> Response:
    lines = [HEADINGS, *(row.split(",") for row in rows)]
    text = "".join(",".join(f'"{cell}"' for cell in line) + "\r\n" for line in lines)
    headers = {"content-type": "text/csv", "content-disposition": "attachment; filename=a.csv"}
    return Response(200, "", headers, text.encode("cp932"))


def result(inside: str = "", *buttons: str) -> Response:
    pressed = "".join(f"<input type=submit name=b value='{label}'>" for label in buttons)
    form = f"<form method=post action=/9901c/rbmsk01/BMSK003-BMSK003Download.do>{pressed}</form>"
    return page(f"<h1>入出金明細照会結果</h1>{inside}{form}")


def rows_table(rows: list[str]) -> str:
    head = "".join(f"<th>{heading}" for heading in HEADINGS)
    body = "".join("<tr>" + "".join(f"<td>{c}" for c in row.split(",")) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


async def nobody(_challenge: Challenge) -> Answer:
    raise AssertionError


async def inquire(transport: Scripted) -> list[Statement]:
    connector = BizsolConnector()
    session = open_session(
        connector,
        BANK,
        {},
        transport,
        clock=lambda: NOON,
        ask=nobody,
        on_step=lambda _words, _count: None,
    )
    await session.open()
    accounts = await connector.accounts(session)
    async with aclosing(connector.statements(session, accounts, SINCE)) as taken:
        return [statement async for reading in taken for statement in reading()]


def sent(transport: Scripted, place: int = 1) -> dict[str, list[str]]:
    body = transport.sent[place].body
    assert body is not None
    return parse_qs(body.decode())


SEPARATED = "<tr><th>照会期間<td><input name=f maxlength=10>から<input name=t maxlength=10></tr>"
TWO_LABELS = (
    "<tr><th>開始日<td><input type=date name=f></tr><tr><th>終了日<td><input type=date name=t></tr>"
)
THREE_PARTS = (
    "<tr><th>期間<td><input name=y1>年<input name=m1>月<input name=d1>日～"
    "<select name=y2><option>2025<option>2026</select>年"
    "<select name=m2><option>10<option>11</select>月<input name=d2>日</tr>"
)
ONLY_MONTHS = "<tr><th>期間<td><select name=a><option>11月</select>～<input name=b></tr>"


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (ONE_FIELD_EACH, "f=20261102 t=20261124"),
        (SEPARATED, "f=2026/11/02 t=2026/11/24"),
        (TWO_LABELS, "f=2026-11-02 t=2026-11-24"),
        (THREE_PARTS, "y1=2026 m1=11 d1=02 y2=2026 m2=11 d2=24"),
    ],
)
async def test_dates_are_given_as_the_fields_take_them(dates: str, expected: str) -> None:
    transport = Scripted(conditions(dates), result("", "ファイル取得(ANSER形式)"), csv(ROWS))
    await inquire(transport)
    given = sent(transport)
    assert {f"{key}={values[0]}" for key, values in given.items()} >= set(expected.split())
    assert given["m"] == ["3"]
    assert {"k1", "k2"} <= given.keys()


async def test_fields_that_do_not_take_a_date_are_not_filled_by_guessing() -> None:
    transport = Scripted(conditions(ONLY_MONTHS))
    with pytest.raises(ProblemError) as caught:
        await inquire(transport)
    assert caught.value.problem.code is ProblemCode.SITE_CHANGED
    assert len(transport.sent) == 1


async def test_the_file_is_split_into_complete_statements_of_the_accounts_asked_for() -> None:
    transport = Scripted(conditions(), result("全3件", "ファイル取得(ANSER形式)"), csv(ROWS))
    ordinary, current = await inquire(transport)
    assert (ordinary.account.kind, current.account.kind) == (
        AccountKind.ORDINARY,
        AccountKind.CURRENT,
    )
    assert [each.amount for each in ordinary.transactions] == [-100, 50]
    assert (ordinary.opening, ordinary.closing) == (1000, 950)
    assert ordinary.period == Period(SINCE, date(2026, 11, 24))
    assert ordinary.complete
    assert ordinary.account.bank_name == "北町銀行"
    assert ordinary.source.channel is Channel.ANSER_CSV


async def test_an_account_without_rows_is_a_complete_empty_statement() -> None:
    transport = Scripted(conditions(), result("", "ファイル取得"), csv(ROWS[:2]))
    _, current = await inquire(transport)
    assert current.complete
    assert current.transactions == ()


async def test_no_rows_at_all_is_what_the_bank_says() -> None:
    transport = Scripted(conditions(), result("<p>該当する明細はありません。</p>"))
    assert [each.transactions for each in await inquire(transport)] == [(), ()]


async def test_without_a_file_the_rows_are_read_from_all_pages() -> None:
    transport = Scripted(
        conditions(),
        result(rows_table(ROWS[:2]), "次ページ"),
        result(rows_table(ROWS[2:]), "前ページ"),
    )
    ordinary, current = await inquire(transport)
    assert [each.amount for each in ordinary.transactions] == [-100, 50]
    assert [each.amount for each in current.transactions] == [7]
    assert ordinary.source.channel is Channel.PAGE


async def test_accounts_of_a_list_are_inquired_one_by_one() -> None:
    options = "<option>本店(001) 普通 0000001<option>本店(001) 当座 0000002"
    accounts = f"口座<select name=k>{options}</select>"
    transport = Scripted(
        conditions(accounts=accounts),
        result("", "ファイル取得", "照会条件へ戻る"),
        csv(ROWS[:2]),
        conditions(accounts=accounts),
        result("", "ファイル取得"),
        csv(ROWS[2:]),
    )
    ordinary, current = await inquire(transport)
    assert sent(transport, 1)["k"] == ["本店(001) 普通 0000001"]
    assert sent(transport, 4)["k"] == ["本店(001) 当座 0000002"]
    assert (len(ordinary.transactions), len(current.transactions)) == (2, 1)


async def test_where_only_the_inquiry_of_unread_rows_is_offered_nothing_is_asked() -> None:
    only_plain = "<tr><th>照会方法<td>未照会の明細を表示します。</tr>"
    transport = Scripted(conditions(modes=only_plain))
    with pytest.raises(ProblemError) as caught:
        await inquire(transport)
    assert caught.value.problem.code is ProblemCode.SITE_CHANGED
    assert len(transport.sent) == 1


@pytest.mark.parametrize(
    ("shown", "rows"),
    [
        ("全4件 1/1ページ", ROWS),
        ("4件中 1～3件", ROWS),
        ("", [*ROWS[:1], ROWS[1].replace(",950,", ",951,"), ROWS[2]]),
        ("", [ROWS[0].replace("11月02日", "10月02日"), *ROWS[1:]]),
        ("", [row.replace(",7,", ",seven,") for row in ROWS]),
    ],
)
async def test_rows_that_do_not_fit_are_refused(shown: str, rows: list[str]) -> None:
    transport = Scripted(conditions(), result(shown, "ファイル取得"), csv(rows))
    with pytest.raises(ProblemError) as caught:
        await inquire(transport)
    assert caught.value.problem.code is ProblemCode.STATEMENT_INCONSISTENT


async def test_a_page_in_place_of_the_file_is_what_the_bank_says_on_it() -> None:
    error = page("<h1>エラー</h1><p>セッションがタイムアウトしました。</p>")
    transport = Scripted(conditions(), result("", "ファイル取得"), error)
    with pytest.raises(ProblemError) as caught:
        await inquire(transport)
    assert caught.value.problem.code is ProblemCode.BANK_UNREACHABLE


def test_a_period_is_cut_at_the_ends_of_months() -> None:
    assert list(months(date(2027, 12, 30), date(2028, 3, 1))) == [
        Period(date(2027, 12, 30), date(2027, 12, 31)),
        Period(date(2028, 1, 1), date(2028, 1, 31)),
        Period(date(2028, 2, 1), date(2028, 2, 29)),
        Period(date(2028, 3, 1), date(2028, 3, 1)),
    ]
    assert list(months(date(2026, 11, 25), date(2026, 11, 24))) == []
