"""全銀協規定形式 種別 03, as AP-Ⅰ-12 〔別冊〕 (2019-12) tables it."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import accumulate

import pytest

from hikae.formats.unreadable import UnreadableFile
from hikae.formats.zengin import read
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, Period, Statement, Transaction, TransactionKind
from tests.unit.formats.bankfiles import (
    Movement,
    ZenginAccount,
    zengin_file,
    zengin_records,
)

AS_OF = datetime(2026, 5, 12, 3, tzinfo=UTC)
SIMPLE = ZenginAccount([Movement(5_000), Movement(330, credit=False, name="0000123456")])


def one(data: bytes) -> Statement:
    [statement] = read(data, "meisai.txt", AS_OF)
    return statement


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(data, "meisai.txt", AS_OF)
    return str(caught.value)


def test_header_data_and_trailer_become_a_statement() -> None:
    movement = Movement(5_000, value="080502", edi="ABC-1", inquiry=12)
    statement = one(zengin_file(ZenginAccount([movement])))
    account = statement.account
    assert (account.bank_code, account.bank_name) == ("0123", "ホクトギンコウ")
    assert (account.branch_code, account.branch_name) == ("017", "ザオウ")
    assert (account.kind, account.number) == (AccountKind.ORDINARY, "0036041")
    assert account.holder == "カ)ミホンシヨウジ"
    assert statement.period == Period(date(2026, 5, 1), date(2026, 5, 10))
    assert (statement.opening, statement.closing) == (100_000, 105_000)
    assert statement.transactions == (
        Transaction(
            booked_on=date(2026, 5, 3),
            value_on=date(2026, 5, 2),
            amount=5_000,
            balance=105_000,
            kind=TransactionKind.TRANSFER,
            description="フリコミ",
            counterparty="カ)ヤマダシヨウテン",
            bank_reference="00000012",
            edi="ABC-1",
        ),
    )
    assert (statement.complete, statement.as_of) == (False, AS_OF)
    assert statement.source.channel is Channel.ZENGIN
    assert statement.check() is None


def test_money_that_went_out_is_negative_and_its_contract_number_no_counterparty() -> None:
    _, debit = one(zengin_file(SIMPLE)).transactions
    assert (debit.amount, debit.balance, debit.counterparty) == (-330, 104_670, None)
    assert (debit.bank_reference, debit.edi) == (None, None)


@pytest.mark.parametrize("ending", [b"", b"\x1a", b"\r\n\x1a"])
@pytest.mark.parametrize("separator", [b"", b"\r\n", b"\n", b" " * 56, b" " * 56 + b"\r\n"])
def test_separators_padding_and_end_marks_make_no_difference(
    separator: bytes, ending: bytes
) -> None:
    plain = one(zengin_file(SIMPLE))
    assert one(zengin_file(SIMPLE, separator=separator) + ending) == plain


def test_ebcdic_means_the_same() -> None:
    codes = {
        **{str(digit): 0xF0 + digit for digit in range(10)},
        **dict(zip("ABCDEFGHI", range(0xC1, 0xCA), strict=True)),
        **dict(zip("ｱｲｳｴｵｶｷｸｹｺ", range(0x81, 0x8B), strict=True)),
        **dict(zip("ｻｼｽｾｿ", (0x8C, 0x8D, 0x8E, 0x8F, 0x90), strict=True)),
        **dict(zip("ﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉ", range(0x91, 0x9B), strict=True)),
        **dict(zip("ﾊﾋﾌﾍﾎﾏﾐ", (0x9D, 0x9E, 0x9F, 0xA2, 0xA3, 0xA4, 0xA5), strict=True)),
        **dict(zip("ﾔﾖﾘﾝﾞﾟ", (0xA9, 0xAC, 0xAE, 0xBD, 0xBE, 0xBF), strict=True)),
        " ": 0x40,
        ")": 0x5D,
        "-": 0x60,
    }
    text = zengin_file(SIMPLE).decode("cp932")
    assert one(bytes(codes[character] for character in text)) == one(zengin_file(SIMPLE))


def test_several_accounts_become_a_statement_each() -> None:
    overdrawn = ZenginAccount([Movement(70)], opening=-100, kind=2, number=1_234_567_890)
    first, second = read(zengin_file(SIMPLE, overdrawn), "meisai.txt", AS_OF)
    assert first.account.kind is AccountKind.ORDINARY
    assert (second.account.kind, second.account.number) == (AccountKind.CURRENT, "1234567890")
    assert (second.opening, second.closing) == (-100, -30)


def test_an_account_without_transactions_keeps_its_balance() -> None:
    statement = one(zengin_file(ZenginAccount([], opening=7)))
    assert (statement.transactions, statement.opening, statement.closing) == ((), 7, 7)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [(5, AccountKind.NOTICE), (6, AccountKind.TIME), (7, AccountKind.INSTALMENT)],
)
def test_deposits_with_terms_have_a_layout_of_their_own(kind: int, meant: AccountKind) -> None:
    movement = Movement(9, kind=15, description="ｹｲｿﾞｸ")
    statement = one(zengin_file(ZenginAccount([movement], kind=kind)))
    [transaction] = statement.transactions
    assert statement.account.kind is meant
    assert (transaction.kind, transaction.description) == (TransactionKind.RENEWAL, "ケイゾク")
    assert (transaction.counterparty, transaction.edi) == (None, None)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10, TransactionKind.CASH),
        (11, TransactionKind.TRANSFER),
        (12, TransactionKind.CHEQUE_DEPOSIT),
        (13, TransactionKind.CLEARING),
        (14, TransactionKind.BOOK_TRANSFER),
        (15, TransactionKind.RENEWAL),
        (18, TransactionKind.OTHER),
        (19, TransactionKind.CORRECTION),
        (0, None),
    ],
)
def test_each_code_names_its_kind(code: int, kind: TransactionKind | None) -> None:
    [transaction] = one(zengin_file(ZenginAccount([Movement(1, kind=code)]))).transactions
    assert transaction.kind is kind


def test_a_row_of_nothing_counts_on_its_own_side() -> None:
    account = ZenginAccount([Movement(0), Movement(0, credit=False)])
    assert [t.amount for t in one(zengin_file(account)).transactions] == [0, 0]


def test_days_around_the_change_of_the_era_fall_in_one_spring() -> None:
    account = ZenginAccount(
        [Movement(1, booked="310430"), Movement(2, booked="310501"), Movement(3, booked="010502")],
        made="010507",
        first="310401",
        last="010506",
    )
    statement = one(zengin_file(account))
    assert statement.period == Period(date(2019, 4, 1), date(2019, 5, 6))
    days = [transaction.booked_on for transaction in statement.transactions]
    assert days == [date(2019, 4, 30), date(2019, 5, 1), date(2019, 5, 2)]


def test_without_a_day_of_making_today_stands_in() -> None:
    statement = one(zengin_file(ZenginAccount([Movement(1)], made="000000", first="000000")))
    assert statement.period is None
    assert statement.transactions[0].booked_on == date(2026, 5, 3)


@pytest.mark.parametrize(
    ("columns", "content", "said"),
    [
        ((2, 7), 2, "入金件数 1, found 2"),
        ((8, 20), 5_001, "入金額合計 5,000, found 5,001"),
        ((21, 26), 0, "出金件数 1, found 0"),
        ((27, 39), 30, "出金額合計 330, found 30"),
        ((40, 40), "2", "取引後残高 104,670, found -104,670"),
        ((40, 40), "7", "貸越区分 1/2, found 7"),
        ((41, 54), 104_671, "取引後残高 104,670, found 104,671"),
        ((55, 61), 3, "データ・レコード件数 2, found 3"),
    ],
)
def test_a_trailer_that_does_not_agree_is_refused_with_both_figures(
    columns: tuple[int, int], content: int | str, said: str
) -> None:
    account = replace(SIMPLE, trailer={columns: content})
    assert refused(zengin_file(account)) == f"meisai.txt: record 4: expected {said}"


@pytest.mark.parametrize(
    ("number", "column", "content", "said"),
    [
        (1, 2, b"02", "record 1: expected 種別コード 01/03/04, found 02"),
        (1, 5, b"081332", "record 1: expected 作成日 (和暦 YYMMDD), found 081332"),
        (1, 17, b"080401", "record 1: expected 勘定日(至) 2026-05-01 以後, found 2026-04-01"),
        (1, 64, b" " * 10, "record 1: expected 口座番号, found (空白)"),
        (2, 10, b"000000", "record 2: expected 勘定日, found 000000"),
        (2, 10, b"080230", "record 2: expected 勘定日 (和暦 YYMMDD), found 080230"),
        (2, 22, b"3", "record 2: expected 入払区分 1/2, found 3"),
        (2, 25, b"00000000 5A0", "record 2: expected 取引金額 (数字), found 00000000 5A0"),
        (2, 160, b"\x81\xff", "record 2: expected 摘要内容 (JIS X 0201), found 81 ff"),
        (3, 1, b"1", "record 3: expected データ区分 2/8, found 1"),
        (3, 1, b"\xff", "record 3: expected データ区分 2/8, found \ufffd"),
        (5, 2, b"0000000006", "record 5: expected レコード総件数 5, found 6"),
        (5, 12, b"00002", "record 5: expected 口座数 1, found 2"),
    ],
)
def test_a_damaged_record_is_refused_with_its_number(
    number: int, column: int, content: bytes, said: str
) -> None:
    records = [bytearray(record) for record in zengin_records(SIMPLE)]
    records[number - 1][column - 1 : column - 1 + len(content)] = content
    told = refused(b"".join(bytes(record) + b"\r\n" for record in records))
    assert told.startswith(f"meisai.txt: {said}")


def test_a_file_that_ends_early_is_refused() -> None:
    records = zengin_records(SIMPLE)
    cut = b"".join(records)[:-250]
    assert refused(cut) == "meisai.txt: record 4: expected 200 bytes, found 150 bytes"
    assert refused(b"".join(records[:-1])) == "meisai.txt: record 4: expected データ区分 9, found 8"
    without_trailer = b"".join([*records[:3], records[4]])
    assert refused(without_trailer) == "meisai.txt: record 4: expected データ区分 2/8, found 9"


def test_text_beyond_a_records_length_is_refused() -> None:
    file = zengin_file(SIMPLE, separator=b"  X\r\n")
    assert refused(file) == "meisai.txt: record 1: expected 200 bytes, found 203 bytes"


@pytest.mark.parametrize("separator", [b"", b"\r\n", b"\n", b"   "])
def test_an_account_may_have_thousands_of_records(separator: bytes) -> None:
    movements = [Movement(yen, credit=yen % 3 > 0, inquiry=yen) for yen in range(1, 5_001)]
    [first, second] = read(
        zengin_file(ZenginAccount(movements), SIMPLE, separator=separator), "meisai.txt", AS_OF
    )
    signed = [each.yen if each.credit else -each.yen for each in movements]
    assert [each.amount for each in first.transactions] == signed
    assert [each.balance for each in first.transactions] == list(
        accumulate(signed, initial=100_000)
    )[1:]
    assert first.transactions[-1].bank_reference == "00005000"
    assert len(second.transactions) == len(SIMPLE.movements)


@pytest.mark.parametrize("separator", [b"", b"\r\n"])
@pytest.mark.parametrize(
    ("column", "content", "said"),
    [
        (10, b"080230", "expected 勘定日 (和暦 YYMMDD), found 080230"),
        (22, b"3", "expected 入払区分 1/2, found 3"),
        (25, b"00000000 5A0", "expected 取引金額 (数字), found 00000000 5A0"),
        (82, b"\x81\xff", "expected 振込依頼人名・契約者番号 (JIS X 0201), found 81 ff"),
    ],
)
def test_one_damaged_record_among_thousands_is_named(
    column: int, content: bytes, said: str, separator: bytes
) -> None:
    records = [bytearray(each) for each in zengin_records(ZenginAccount([Movement(7)] * 5_000))]
    records[4_000][column - 1 : column - 1 + len(content)] = content
    told = refused(separator.join(map(bytes, records)))
    assert told.startswith(f"meisai.txt: record 4001: {said}")
