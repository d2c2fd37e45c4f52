"""CSV files of banks, as their users describe them: rows as each bank writes them."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from hikae.formats.bankcsvs import BANK_CSVS
from hikae.formats.detect import read
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, Period, Statement, TransactionKind

AS_OF = datetime(2026, 8, 1, 3, tzinfo=UTC)

BIZSTATION = (
    *("金融機関コード", "金融機関名", "支店コード", "支店名", "科目", "口座番号", "口座名"),
    *("取引日", "入払区分", "取引区分", "取引金額", "内他店券金額", "手形・小切手区分"),
    *("手形・小切手番号", "振込依頼人番号", "振込依頼人名", "仕向金融機関名", "仕向支店名"),
    *("摘要", "EDI情報"),
)
MUFG_DIRECT = (
    *("日付", "摘要", "摘要内容", "支払い金額", "預かり金額", "差引残高", "メモ"),
    *("未資金化区分", "入払区分"),
)
MIZUHO_DIRECT = ("明細通番", "日付", "お引出金額", "お預入金額", "残高", "お取引内容")
JAPAN_POST = (
    *("取引日", "入出金明細ＩＤ", "受入金額（円）", "払出金額（円）", "詳細１", "詳細２"),
    "現在（貸付）高",
)
PAYPAY = (
    *("操作日(年)", "操作日(月)", "操作日(日)", "操作時刻(時)", "操作時刻(分)", "操作時刻(秒)"),
    *("取引順番号", "摘要", "お支払金額", "お預り金額", "残高", "メモ"),
)
RAKUTEN = ("取引日", "入出金(円)", "取引後残高(円)", "入出金内容")


def csv_file(*rows: tuple[str, ...], encoding: str = "cp932") -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def one(data: bytes) -> Statement:
    [statement] = read(data, "meisai.csv", AS_OF)
    assert statement.source.channel is Channel.BANK_CSV
    assert statement.check() is None
    return statement


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(data, "meisai.csv", AS_OF)
    return str(caught.value)


def bizstation_row(
    day: str = "080702", side: str = "1", kind: str = "11", yen: int = 5_000
) -> tuple[str, ...]:
    return (
        *("0005", "ﾐﾂﾋﾞｼﾕｴﾌｼﾞｴｲ", "017", "ｻﾞｵｳ", "2", "0000036041", "ｶ)ﾐﾎﾝｼﾖｳｼﾞ"),
        *(day, side, kind, f"{yen:012}", "0" * 12, "", "", "", "ｶ)ﾔﾏﾀﾞ", "", "", "ﾌﾘｺﾐ", "A-1"),
    )


def test_a_file_of_bizstation_names_its_account_in_each_row_and_has_days_of_an_era() -> None:
    statement = one(csv_file(BIZSTATION, bizstation_row(), bizstation_row(side="2", yen=330)))
    account = statement.account
    assert (account.bank_code, account.bank_name) == ("0005", "ミツビシユエフジエイ")
    assert (account.branch_code, account.kind) == ("017", AccountKind.CURRENT)
    assert (account.number, account.holder) == ("0036041", "カ)ミホンシヨウジ")
    credit, debit = statement.transactions
    assert (credit.booked_on, credit.amount, debit.amount) == (date(2026, 7, 2), 5_000, -330)
    assert (credit.kind, credit.edi) == (TransactionKind.TRANSFER, "A-1")
    assert (credit.description, credit.counterparty) == ("フリコミ", "カ)ヤマダ")
    assert (credit.balance, statement.opening, statement.closing) == (None, None, None)


def test_a_cheque_that_is_not_yet_paid_is_counted_and_called_so() -> None:
    statement = one(
        csv_file(
            MUFG_DIRECT,
            ("2026/7/2", "振込1", "ｶ)ﾔﾏﾀﾞ", "", "1,000", "11,000", "", "", "入"),
            ("2026/7/13", "小切手", "", "", "500", "11,500", "", "1", "入"),
            ("2026/7/14", "手数料", "", "330", "", "11,170", "メモ", "", "出"),
        )
    )
    assert [each.amount for each in statement.transactions] == [1_000, 500, -330]
    assert [each.kind for each in statement.transactions] == [
        *(None, TransactionKind.CHEQUE_DEPOSIT, None),
    ]
    assert statement.transactions[0].description == "振込1 カ)ヤマダ"
    assert (statement.opening, statement.closing) == (10_000, 11_170)
    assert (statement.account.number, statement.account.kind) == ("", AccountKind.OTHER)


def test_a_marked_row_that_no_balance_counts_is_not_booked_yet() -> None:
    statement = one(
        csv_file(
            MUFG_DIRECT,
            ("2026/7/2", "振込1", "ｶ)ﾔﾏﾀﾞ", "", "1,000", "11,000", "", "", "入"),
            ("2026/7/13", "小切手", "", "", "500", "", "", "1", "入"),
            ("2026/7/14", "手数料", "", "330", "", "10,670", "", "", "出"),
        )
    )
    assert [each.amount for each in statement.transactions] == [1_000, -330]
    assert (statement.opening, statement.closing) == (10_000, 10_670)
    assert statement.pending is not None
    assert [(each.booked_on, each.amount) for each in statement.pending] == [
        (date(2026, 7, 13), 500)
    ]


def test_rows_of_which_none_is_booked_yet_are_no_transactions() -> None:
    row = ("2026/7/13", "小切手", "", "", "500", "", "", "1", "入")
    statement = one(csv_file(MUFG_DIRECT, row))
    assert (statement.transactions, statement.opening, statement.closing) == ((), None, None)
    assert statement.pending is not None
    assert [each.kind for each in statement.pending] == [TransactionKind.CHEQUE_DEPOSIT]


@pytest.mark.parametrize(
    "day", ["2026.04.01", "2026/4/1", "20260401", "R08.04.01", "令和8年4月1日"]
)
def test_lines_above_the_headings_are_passed_over_and_a_dash_is_nothing(day: str) -> None:
    preamble = [("照会結果",), *((f"項目{line}", "値") for line in range(8))]
    statement = one(
        csv_file(
            *preamble,
            MIZUHO_DIRECT,
            ("1", day, "-", "1,000", "1,000", "振込 ﾔﾏﾀﾞ"),
            ("2", day, "400", "-", "600", "ATM"),
            ("", "合計", "400", "1,000", "", ""),
        )
    )
    assert [(each.booked_on, each.amount) for each in statement.transactions] == [
        *((date(2026, 4, 1), 1_000), (date(2026, 4, 1), -400)),
    ]
    assert (statement.opening, statement.closing) == (0, 600)


def test_headings_in_full_width_are_the_same_and_an_identity_becomes_the_reference() -> None:
    row = ("20260701", "2026070100001", "", "300", "自払", "ﾃﾞﾝｷ", "-300")
    statement = one(csv_file(("お客さま口座情報",), JAPAN_POST, row))
    [transaction] = statement.transactions
    assert (transaction.amount, transaction.balance) == (-300, -300)
    assert transaction.description == "自払 デンキ"
    assert transaction.bank_reference == "2026070100001"


def test_a_day_may_stand_in_three_columns_and_the_newest_row_first() -> None:
    statement = one(
        csv_file(
            PAYPAY,
            ("2026", "7", "3", "9", "1", "2", "1", "出金", "200", "", "1300", ""),
            ("2026", "07", "02", "23", "59", "59", "2", "振込B", "", "400", "1500", ""),
            ("2026", "07", "02", "09", "00", "00", "1", "振込A", "", "100", "1100", ""),
        )
    )
    assert [each.description for each in statement.transactions] == ["振込A", "振込B", "出金"]
    assert (statement.opening, statement.closing) == (1_000, 1_300)


@pytest.mark.parametrize("minus", ["-", "△", "▲", "－"])
def test_one_signed_column_is_enough(minus: str) -> None:
    statement = one(
        csv_file(
            RAKUTEN,
            ("20260701", "1,000", "1,000", "入金"),
            ("20260702", f"{minus}400", "600", "出金"),
            encoding="utf-8-sig",
        )
    )
    assert [each.amount for each in statement.transactions] == [1_000, -400]


@pytest.mark.parametrize(
    "headings",
    [
        ("日付", "内容", "出金金額(円)", "入金金額(円)", "残高(円)", "メモ"),
        ("取引日", "内容", "出金金額(円)", "入金金額(円)", "残高(円)", "メモ"),
        ("日付", "摘要", "出金金額", "入金金額", "残高", "メモ"),
        ("取引日", "摘要", "出金金額", "入金金額", "残高", "メモ"),
    ],
)
def test_a_zero_in_the_other_column_is_nothing(headings: tuple[str, ...]) -> None:
    statement = one(csv_file(headings, ("20240401", "ﾌﾘｺﾐ", "0", "5", "5", "")))
    assert [each.amount for each in statement.transactions] == [5]
    assert statement.transactions[0].description == "フリコミ"


def test_files_without_balances_are_put_in_order_by_their_days() -> None:
    rows = [bizstation_row(day) for day in ("080703", "080702", "080702")]
    days = [each.booked_on.day for each in one(csv_file(BIZSTATION, *rows)).transactions]
    assert days == [2, 2, 3]


def test_every_known_file_is_told_from_the_others() -> None:
    for form in BANK_CSVS:
        others = [each for each in BANK_CSVS if set(form.headings) >= set(each.headings)]
        assert others == [form]


def test_every_description_reads_only_columns_that_are_there() -> None:
    for form in BANK_CSVS:
        assert set(form.description) | set(form.marks) <= set(form.headings)
        named = {form.balance, form.counterparty, form.reference, form.edi, form.kind} - {None}
        assert named <= set(form.headings)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("20260702", "400", "600", "x"), "row 3: expected 取引後残高(円) 1,400, found 600"),
        (("20260702", "4 00", "600", "x"), "row 3: expected 入出金(円) (数字), found 4 00"),
        (("20260702", "abc", "600", "x"), "row 3: expected 入出金(円) (数字), found abc"),
        (("20260702", "", "600", "x"), "row 3: expected 入出金(円) (数字), found (空白)"),
        (("26/7/2", "-400", "600", "x"), "row 3: expected 取引日 (年月日), found 26/7/2"),
        (("20260231", "-400", "600", "x"), "row 3: expected 取引日 (年月日), found 20260231"),
        (("R99999.1.1", "-400", "600", "x"), "row 3: expected 取引日 (年月日), found R99999.1.1"),
        (("20260702", "-400", "600"), "row 3: expected 4 columns, found 3 columns"),
        (("20260702", "-400", "600", "x", "y"), "row 3: expected 4 columns, found 5 columns"),
        (("20260702", "-400", "6.00", "x"), "row 3: expected 取引後残高(円) (数字), found 6.00"),
        (("20260702", "9" * 99, "6", "x"), f"row 3: expected 入出金(円) (数字), found {'9' * 80}…"),
    ],
)
def test_a_damaged_row_is_refused_with_its_place(row: tuple[str, ...], said: str) -> None:
    data = csv_file(RAKUTEN, ("20260701", "1,000", "1,000", "入金"), row)
    assert refused(data) == f"meisai.csv: {said}"


@pytest.mark.parametrize(("out", "into"), [("5", "5"), ("", "")])
def test_money_must_stand_on_one_side(out: str, into: str) -> None:
    data = csv_file(MIZUHO_DIRECT, ("1", "20260401", out, into, "5", ""))
    assert "お引出金額, お預入金額 (一方だけ)" in refused(data)


def test_a_direction_must_be_one_of_two() -> None:
    assert "expected 入払区分 1/2, found 3" in refused(
        csv_file(BIZSTATION, bizstation_row(side="3"))
    )


def test_headings_that_stand_twice_are_refused() -> None:
    headings = (*RAKUTEN, "取引日")
    assert "expected 取引日 (1列だけ)" in refused(csv_file(headings, ("",) * 5))


def test_headings_of_two_formats_in_one_row_are_refused() -> None:
    headings = (*RAKUTEN, *MIZUHO_DIRECT)
    told = refused(csv_file(headings))
    assert "みずほダイレクト / 楽天銀行" in told


def test_of_unknown_rows_the_one_most_like_headings_is_named() -> None:
    told = refused(csv_file(("照会結果",), ("取引日", "摘要", "金額"), ("20260401", "x", "5")))
    assert told.endswith("found 取引日 摘要 金額")


WHOLE = (
    (
        *("1", "0005", "ﾐﾂﾋﾞｼ", "10", "普通", "017", "0036041", "", "2026/7/1-2026/7/31"),
        *("全明細", "2026/8/1", "09:00", "", "", ""),
    ),
    ("2", "2026/7/2", "振込", "ｶ)ﾔﾏﾀﾞ", "", "1,000", "11,000"),
    ("2", "2026/7/3", "手数料", "", "330", "", "10,670"),
    ("8",),
    ("9", "1", "1", "", "330", "1,000", "10,000", "10,670"),
)


def test_all_rows_of_bizstation_without_headings_agree_with_their_totals() -> None:
    statement = one(csv_file(*WHOLE))
    assert (statement.account.number, statement.account.kind) == ("0036041", AccountKind.ORDINARY)
    assert statement.period == Period(date(2026, 7, 1), date(2026, 7, 31))
    assert [each.amount for each in statement.transactions] == [1_000, -330]
    assert (statement.opening, statement.closing) == (10_000, 10_670)


@pytest.mark.parametrize(
    ("index", "row", "said"),
    [
        (
            4,
            ("9", "1", "2", "", "330", "1,000", "10,000", "10,670"),
            "expected 件数・合計 1 1 330 1000",
        ),
        (
            4,
            ("9", "1", "1", "", "330", "1,001", "10,000", "10,670"),
            "expected 件数・合計 1 1 330 1000",
        ),
        (4, ("9", "1", "1", "", "330", "1,000", "10,000", "10,671"), "expected 残高 10,670"),
        (4, ("9", "1", "1", "", "330", "1,000", "9,000", "9,670"), "expected 残高 10,000, found 9"),
        (1, ("2", "7/2", "振込", "", "", "1,000", "11,000"), "指定日 (年月日), found 7/2"),
        (1, ("2", "2026/7/2", "振込", "", "x", "1,000", "11,000"), "金額 (数字), found x"),
        (1, ("2", "2026/7/2", "振込", "", "", "", "11,000"), "(一方だけ)"),
        (1, ("2", "2026/7/2"), "expected 7 columns, found 2 columns"),
        (1, ("7",), "expected 1/2/8/9, found 7"),
        (2, ("2", "2026/7/3", "手数料", "", "330", "", "10,671"), "expected 残高 10,670"),
    ],
)
def test_rows_without_headings_that_do_not_agree_are_refused(
    index: int, row: tuple[str, ...], said: str
) -> None:
    rows = [*WHOLE[:index], row, *WHOLE[index + 1 :]]
    assert said in refused(csv_file(*rows))


def test_rows_without_headings_that_end_early_are_refused() -> None:
    assert "expected 9, found 2" in refused(csv_file(*WHOLE[:3]))
