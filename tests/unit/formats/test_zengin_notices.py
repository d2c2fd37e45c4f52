"""種別 01 振込入金通知, 04 残高通知, records as CSV: the tables of AP-Ⅰ-12 〔別冊〕 (2019-12)."""

import csv
import io
from datetime import UTC, date, datetime

import pytest

from hikae.formats.detect import read
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import AccountKind
from hikae.model.statement import Period, Statement, Transaction, TransactionKind
from tests.unit.formats.bankfiles import (
    Movement,
    Notice,
    ZenginAccount,
    balance_records,
    notice_records,
    zengin_records,
)

AS_OF = datetime(2026, 5, 12, 3, tzinfo=UTC)

HEADER_03 = (1, 3, 4, 10, 16, 22, 26, 41, 44, 59, 62, 63, 73, 113, 114, 115, 129, 200)
DATA_03 = (1, 9, 15, 21, 22, 24, 36, 48, 54, 60, 61, 68, 71, 81, 129, 144, 159, 179, 199, 200)
DATA_03_TIME = (
    *(1, 9, 15, 21, 22, 24, 36, 48, 54, 60, 61, 68, 71, 77, 83, 89, 96, 107, 113, 114, 118),
    *(124, 133, 144, 145, 149, 159, 170, 190, 195, 196, 200),
)
TRAILER_03 = (1, 7, 20, 26, 39, 40, 54, 61, 200)
END_03 = (1, 11, 16, 200)
HEADER_01 = (1, 3, 4, 10, 16, 22, 26, 41, 44, 59, 60, 67, 107, 200)
DATA_01_A = (1, 7, 13, 19, 29, 39, 49, 97, 112, 127, 128, 148, 200)
DATA_01_B = (1, 7, 13, 19, 29, 39, 49, 97, 112, 127, 128, 140, 152, 172, 200)
TRAILER_01 = (1, 7, 19, 25, 37, 200)
END_01 = (1, 200)


def one(records: list[bytes]) -> Statement:
    [statement] = read(b"\r\n".join(records), "meisai.txt", AS_OF)
    assert statement.check() is None
    return statement


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(data, "meisai.txt", AS_OF)
    return str(caught.value)


def as_csv(records: list[bytes], *ends: tuple[int, ...], dummies: bool = True) -> bytes:
    """Records cut at the last columns of their fields, with or without the last field."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for record, columns in zip(records, ends, strict=True):
        starts = (0, *columns)
        cells = [
            record[start:end].decode("cp932").strip()
            for start, end in zip(starts, columns, strict=False)
        ]
        writer.writerow(cells if dummies else cells[:-1])
    return text.getvalue().encode("cp932")


def test_a_transfer_that_came_in_becomes_a_credit() -> None:
    statement = one(notice_records(Notice(5_000, inquiry=12, edi="ABC-1")))
    assert statement.account.number == "0036041"
    assert statement.account.kind is AccountKind.ORDINARY
    assert statement.account.holder == "カ)ミホンシヨウジ"
    assert statement.period == Period(date(2026, 5, 1), date(2026, 5, 10))
    assert (statement.opening, statement.closing) == (None, None)
    assert statement.transactions == (
        Transaction(
            booked_on=date(2026, 5, 3),
            value_on=date(2026, 5, 3),
            amount=5_000,
            kind=TransactionKind.TRANSFER,
            counterparty="カ)ヤマダシヨウテン",
            bank_reference="000012",
            edi="ABC-1",
        ),
    )


def test_a_transfer_that_is_taken_back_leaves_the_account_as_a_correction() -> None:
    came, went = one(notice_records(Notice(5_000), Notice(5_000, cancelled=True))).transactions
    assert (came.amount, went.amount) == (5_000, -5_000)
    assert (came.kind, went.kind) == (TransactionKind.TRANSFER, TransactionKind.CORRECTION)


def test_amounts_of_more_than_ten_digits_stand_in_the_second_field() -> None:
    notices = Notice(0, wide=123_456_789_012, edi="A"), Notice(5, wide=5), Notice(7, wide=0)
    statement = one(notice_records(*notices[:2]))
    assert [each.amount for each in statement.transactions] == [123_456_789_012, 5]
    assert statement.transactions[0].edi == "A"
    assert one(notice_records(notices[2])).transactions[0].amount == 7


def test_two_amounts_that_differ_are_refused() -> None:
    told = refused(b"\n".join(notice_records(Notice(5, wide=6))))
    assert told == "meisai.txt: record 2: expected 金額(2) 5, found 6"


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        (2, 7, "振込合計件数 1"),
        (8, 19, "振込合計金額 5"),
        (20, 25, "取消合計件数 1"),
        (26, 37, "取消合計金額 5"),
    ],
)
def test_a_trailer_of_transfers_must_agree(first: int, last: int, name: str) -> None:
    records = notice_records(Notice(5), Notice(5, cancelled=True))
    trailer = bytearray(records[3])
    trailer[first - 1 : last] = b"9" * (last - first + 1)
    records[3] = bytes(trailer)
    assert f"record 4: expected {name}, found 9" in refused(b"".join(records))


def test_a_notice_of_balances_is_a_statement_without_transactions_for_each_account() -> None:
    first, second = read(b"".join(balance_records(5_000, -300)), "meisai.txt", AS_OF)
    assert (first.account.bank_code, first.account.branch_name) == ("0123", "ザオウ")
    assert (first.account.kind, first.account.number) == (AccountKind.CURRENT, "0000001")
    assert (first.transactions, first.period, first.opening) == ((), None, None)
    assert [first.closing, second.closing] == [5_000, -300]
    assert first.as_of == datetime(2026, 5, 10, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("number", "column", "content", "said"),
    [
        (1, 4, b"2", "record 1: expected 通知区分 1, found 2"),
        (2, 2, b"080230", "record 2: expected 基準日 (和暦 YYMMDD), found 080230"),
        (2, 2, b"000000", "record 2: expected 基準日, found 000000"),
        (2, 8, b"2460", "record 2: expected 基準時刻 (HHMM), found 2460"),
        (2, 19, b" " * 10, "record 2: expected 口座番号, found (空白)"),
        (2, 73, b"3", "record 2: expected 貸越区分 1/2, found 3"),
        (3, 2, b"0000002", "record 3: expected データ・レコード総件数 1, found 2"),
        (4, 2, b"0000000005", "record 4: expected レコード総件数 4, found 5"),
    ],
)
def test_a_damaged_notice_of_balances_is_refused(
    number: int, column: int, content: bytes, said: str
) -> None:
    records = [bytearray(record) for record in balance_records(5_000)]
    records[number - 1][column - 1 : column - 1 + len(content)] = content
    assert refused(b"".join(map(bytes, records))) == f"meisai.txt: {said}"


@pytest.mark.parametrize("dummies", [True, False])
def test_movements_written_as_csv_are_the_same(dummies: bool) -> None:
    records = zengin_records(ZenginAccount([Movement(5_000, edi="A"), Movement(3, credit=False)]))
    data = as_csv(records, HEADER_03, DATA_03, DATA_03, TRAILER_03, END_03, dummies=dummies)
    [statement] = read(data, "meisai.txt", AS_OF)
    assert statement == one(records)


def test_time_deposits_written_as_csv_are_the_same() -> None:
    records = zengin_records(ZenginAccount([Movement(9, description="ｹｲｿﾞｸ")], kind=6))
    data = as_csv(records, HEADER_03, DATA_03_TIME, TRAILER_03, END_03)
    assert read(data, "meisai.txt", AS_OF) == [one(records)]


@pytest.mark.parametrize("wide", [None, 12_345_678_901])
def test_transfers_written_as_csv_are_the_same(wide: int | None) -> None:
    records = notice_records(Notice(0 if wide else 5, wide=wide, edi="X"))
    table = DATA_01_B if wide else DATA_01_A
    data = as_csv(records, HEADER_01, table, TRAILER_01, END_01)
    assert read(data, "meisai.txt", AS_OF) == [one(records)]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"2","00000000"', '"2","0","00000000"', "record 2: expected 19/31 columns"),
        ('"ﾌﾘｺﾐ"', '"ﾌﾘｺﾐﾌﾘｺﾐﾌﾘｺﾐﾌﾘｺﾐﾌﾘｺﾐﾌ"', "record 2: expected 摘要内容 (20 bytes)"),
        ('"000000005000"', '"5,000"', "record 2: expected 取引金額 (数字)"),
        ('"8","000001"', '"7","000001"', "record 3: expected データ区分 1/2/8/9, found 7"),
        ('"9","0000000004"', '"9","0000000005"', "record 4: expected レコード総件数 4, found 5"),
        ('"1","03"', '"1","03","03"', "record 1: expected 16 columns"),
    ],
)
def test_damaged_rows_of_records_are_refused(old: str, new: str, said: str) -> None:
    records = zengin_records(ZenginAccount([Movement(5_000)]))
    text = as_csv(records, HEADER_03, DATA_03, TRAILER_03, END_03).decode("cp932")
    assert old in text
    assert said in refused(text.replace(old, new).encode("cp932"))
