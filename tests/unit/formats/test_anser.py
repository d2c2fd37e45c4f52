"""ANSER形式 CSV, as the banks' file specification of 2017 describes it."""

import io
from datetime import UTC, date, datetime

import pytest

from hikae.formats import csvstatements
from hikae.formats.anser import open_statements, read
from hikae.formats.stream import gathered
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, Transaction, TransactionKind
from tests.unit.formats.bankfiles import ANSER_HEADINGS, anser_file, anser_row

AS_OF = datetime(2026, 5, 10, 3, tzinfo=UTC)


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableFile) as caught:
        read(data, "meisai.csv", AS_OF)
    return str(caught.value)


def test_a_row_of_the_specification_becomes_a_transaction() -> None:
    row = anser_row(out="1,157,369", balance="-57,369", value="2026年04月30日", kind="振替")
    [statement] = read(anser_file(row), "meisai.csv", AS_OF)
    account = statement.account
    assert (account.branch_name, account.branch_code) == ("蔵王支店", "017")
    assert (account.kind, account.number) == (AccountKind.ORDINARY, "0036041")
    assert (account.bank_code, account.bank_name, account.holder) == (None, None, None)
    assert statement.transactions == (
        Transaction(
            booked_on=date(2026, 5, 1),
            value_on=date(2026, 4, 30),
            amount=-1_157_369,
            balance=-57_369,
            kind=TransactionKind.BOOK_TRANSFER,
            description="カ.タカミヤリヨカン",
        ),
    )
    assert (statement.opening, statement.closing) == (1_100_000, -57_369)
    assert (statement.period, statement.complete) == (None, False)
    assert statement.as_of == AS_OF
    assert statement.source.channel is Channel.ANSER_CSV
    assert statement.source.name == "meisai.csv"
    assert statement.check() is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("振込", TransactionKind.TRANSFER),
        ("振替", TransactionKind.BOOK_TRANSFER),
        ("交換", TransactionKind.CLEARING),
        ("現金", TransactionKind.CASH),
        ("入金", None),
        ("出金", None),
    ],
)
def test_the_banks_words_name_the_kind(word: str, kind: TransactionKind | None) -> None:
    [statement] = read(anser_file(anser_row(into="1", kind=word)), "meisai.csv", AS_OF)
    assert statement.transactions[0].kind is kind


def test_full_width_brackets_mean_the_same() -> None:
    wide = tuple(name.replace("(", "（").replace(")", "）") for name in ANSER_HEADINGS)
    row = anser_row(into="5", account="蔵王支店（０１７） 当座 ００３６０４１")
    [statement] = read(anser_file(row, headings=wide), "meisai.csv", AS_OF)
    assert statement.account.branch_code == "017"
    assert (statement.account.kind, statement.account.number) == (AccountKind.CURRENT, "0036041")


def test_headings_are_found_in_any_order_and_below_other_lines() -> None:
    row = anser_row(into="5", balance="5")
    file = anser_file(row[::-1], headings=ANSER_HEADINGS[::-1])
    [statement] = read('"照会結果","2026"\r\n'.encode("cp932") + file, "meisai.csv", AS_OF)
    assert statement.transactions[0].balance == 5


def test_several_accounts_in_one_file_become_a_statement_each() -> None:
    other = "本店営業部(001) 当座 1234567"
    file = anser_file(
        anser_row(1, into="100", balance="100"),
        anser_row(2, into="200", balance="300"),
        anser_row(1, into="7", balance="1007", account=other),
    )
    first, second = read(file, "meisai.csv", AS_OF)
    assert [len(first.transactions), len(second.transactions)] == [2, 1]
    assert (second.account.branch_name, second.opening) == ("本店営業部", 1_000)


def test_running_numbers_may_also_go_on_from_account_to_account_and_wrap() -> None:
    rows = [anser_row(number % 1000, into="1") for number in range(1, 1_003)]
    [statement] = read(anser_file(*rows), "meisai.csv", AS_OF)
    assert len(statement.transactions) == 1_002


def test_a_memo_may_hold_commas_and_quotes() -> None:
    row = anser_row(into="5", description='ｱ,ｲ"ｳ"')
    [statement] = read(anser_file(row), "meisai.csv", AS_OF)
    assert statement.transactions[0].description == 'ア,イ"ウ"'


def test_steering_characters_of_a_memo_are_dropped() -> None:
    row = anser_row(into="5", description="A\u202eB\x1bC\u200b")
    text = anser_file(anser_row(into="5", description="X")).decode("cp932")
    data = text.replace('"X"', f'"{row[12]}"').encode("utf-8-sig")
    [statement] = read(data, "meisai.csv", AS_OF)
    assert statement.transactions[0].description == "ABC"


def test_without_a_balance_nothing_is_made_up() -> None:
    [statement] = read(anser_file(anser_row(into="5")), "meisai.csv", AS_OF)
    assert (statement.opening, statement.closing) == (None, None)


def test_headings_without_rows_are_no_statement() -> None:
    assert read(anser_file(), "meisai.csv", AS_OF) == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            anser_row(2, into="1", balance="106"),
            "row 3: expected 残高(円) 101, found 106",
        ),
        (anser_row(3, into="1"), "row 3: expected 番号 002, found 003"),
        (
            anser_row(2, into="1", out="1"),
            "row 3: expected 出金金額(円), 入金金額(円) (一方だけ), found 1, 1",
        ),
        (
            anser_row(2),
            "row 3: expected 出金金額(円), 入金金額(円) (一方だけ), found ,",
        ),
        (anser_row(2, into="1,00"), "row 3: expected 入金金額(円) (数字), found 1,00"),
        (
            [*anser_row(2)[:5], "9" * 5_000, *anser_row(2)[6:]],
            f"row 3: expected 入金金額(円) (数字), found {'9' * 80}…",
        ),
        (
            anser_row(2, into="1", booked="2026年02月30日"),
            "row 3: expected 勘定日 (YYYY年MM月DD日), found 2026年02月30日",
        ),
        (
            anser_row(2, into="1", booked=""),
            "row 3: expected 勘定日 (YYYY年MM月DD日), found (空白)",
        ),
        (
            anser_row(2, into="1", account="蔵王支店"),
            "row 3: expected 照会口座 (支店名(支店コード) 種類 番号), found 蔵王支店",
        ),
        (anser_row(2, into="1")[:-1], "row 3: expected 13 columns, found 12 columns"),
    ],
)
def test_a_damaged_row_is_refused_with_its_place_and_both_figures(
    row: list[str], said: str
) -> None:
    file = anser_file(anser_row(1, into="100", balance="100"), row)
    assert refused(file) == f"meisai.csv: {said}"


def test_a_file_cut_off_inside_a_field_is_refused() -> None:
    cut = anser_file(anser_row(1, into="100", balance="100"))[:-6]
    assert refused(cut) == "meisai.csv: row 2: expected CSV, found unexpected end of data"


def test_unknown_headings_are_named() -> None:
    said = refused(anser_file(headings=("取引日", "入金", "出金")))
    assert said.endswith("found 取引日 入金 出金")


def test_bytes_that_are_no_text_are_refused() -> None:
    assert refused(b"\x81\xff\xff") == ("meisai.csv: row 1: expected cp932/UTF-8, found 81 ff ff")


def test_headings_of_mizuho_business_web_leave_a_word_out() -> None:
    short = tuple(name.replace("金金額", "金") for name in ANSER_HEADINGS)
    [statement] = read(anser_file(anser_row(out="5"), headings=short), "meisai.csv", AS_OF)
    assert statement.transactions[0].amount == -5


def test_a_file_of_resona_has_a_memo_and_marks_what_is_taken_back() -> None:
    row = [*anser_row(1, into="5", balance="105", kind="入金"), "メモ"]
    back = [*anser_row(2, out="5", balance="100", kind="出金"), ""]
    row[9], back[9] = "", "取消"
    file = anser_file(row, back, headings=(*ANSER_HEADINGS, "メモ"))
    [statement] = read(file, "meisai.csv", AS_OF)
    assert [each.kind for each in statement.transactions] == [None, TransactionKind.CORRECTION]


NEWEST_FIRST = (
    anser_row(3, into="50", balance="120", booked="2026年05月02日"),
    anser_row(2, out="30", balance="70"),
    anser_row(1, into="100", balance="100"),
)


def in_their_order(*rows: list[str]) -> list[int]:
    [statement] = read(anser_file(*rows), "meisai.csv", AS_OF)
    assert statement.check() is None
    return [each.amount for each in statement.transactions]


def test_balances_tell_that_the_newest_row_stands_first() -> None:
    [statement] = read(anser_file(*NEWEST_FIRST), "meisai.csv", AS_OF)
    assert [each.amount for each in statement.transactions] == [100, -30, 50]
    assert (statement.opening, statement.closing) == (0, 120)


def test_running_numbers_may_count_from_the_newest_row() -> None:
    rows = [[*row] for row in NEWEST_FIRST]
    for number, row in enumerate(rows, start=1):
        row[1] = f"{number:03}"
    assert in_their_order(*rows) == [100, -30, 50]


def test_without_balances_days_tell_the_order_and_without_those_running_numbers() -> None:
    later = anser_row(1, into="2", booked="2026年05月02日")
    assert in_their_order(later, anser_row(2, into="1")) == [1, 2]
    assert in_their_order(anser_row(2, into="1"), anser_row(1, into="2")) == [2, 1]
    assert in_their_order(anser_row(1, into="1"), anser_row(2, into="2")) == [1, 2]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ((NEWEST_FIRST[0], NEWEST_FIRST[2]), "row 2: expected 番号 001, found 003"),
        (NEWEST_FIRST[:2], "row 3: expected 番号 001, found 002"),
        (
            (NEWEST_FIRST[0], anser_row(2, out="31", balance="70"), NEWEST_FIRST[2]),
            "row 4: expected 残高(円) 101, found 100",
        ),
    ],
)
def test_a_row_that_is_missing_below_the_newest_is_noticed(
    rows: tuple[list[str], ...], said: str
) -> None:
    assert refused(anser_file(*rows)) == f"meisai.csv: {said}"


def test_each_account_has_an_order_of_its_own() -> None:
    other = "本店営業部(001) 当座 1234567"
    file = anser_file(
        *NEWEST_FIRST,
        anser_row(1, into="100", balance="100", account=other),
        anser_row(2, into="200", balance="300", account=other),
    )
    first, second = read(file, "meisai.csv", AS_OF)
    assert [each.amount for each in first.transactions] == [100, -30, 50]
    assert [each.amount for each in second.transactions] == [100, 200]


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_file_of_many_blocks_reads_the_same_from_the_disk(
    newest_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "本店営業部(001) 当座 1234567"
    balance, rows = 0, []
    for number in range(1, 4_001):
        balance += number
        rows.append(anser_row(number % 1000, into=str(number), balance=str(balance)))
    rows = rows[::-1] if newest_first else rows
    file = anser_file(*rows, anser_row(1, into="7", balance="7", account=other))
    whole = read(file, "meisai.csv", AS_OF)
    monkeypatch.setattr(csvstatements, "ROWS_KEPT", 100)
    streamed = open_statements(io.BytesIO(file), "meisai.csv", AS_OF)
    assert list(map(gathered, streamed)) == whole
    assert [each.amount for each in whole[0].transactions] == list(range(1, 4_001))
    assert list(streamed[0].transactions) == list(streamed[0].transactions)


@pytest.mark.parametrize(
    ("row", "changed", "said"),
    [
        (3_000, {"balance": "1"}, "expected 残高(円) 30,000, found 1"),
        (
            3_001,
            {"booked": "2026年02月30日"},
            "expected 勘定日 (YYYY年MM月DD日), found 2026年02月30日",
        ),
        (3_002, {"into": "1O"}, "expected 入金金額(円) (数字), found 1O"),
        (3_003, {"out": "5"}, "expected 出金金額(円), 入金金額(円) (一方だけ), found 5, 10"),
        (3_004, {"into": ""}, "expected 出金金額(円), 入金金額(円) (一方だけ), found ,"),
        (
            3_005,
            {"account": "蔵王支店"},
            "expected 照会口座 (支店名(支店コード) 種類 番号), found 蔵王支店",
        ),
    ],
)
def test_one_damaged_row_among_thousands_is_named(
    row: int, changed: dict[str, str], said: str
) -> None:
    rows = []
    for number in range(1, 4_001):
        cells = {"into": "10", "balance": f"{10 * number:,}"} | (changed if number == row else {})
        rows.append(anser_row(number % 1000, **cells))
    assert refused(anser_file(*rows)) == f"meisai.csv: row {row + 1}: {said}"


def test_a_number_that_is_left_out_among_thousands_is_named() -> None:
    numbers = [number for number in range(1, 4_001) if number != 3_456]
    rows = [anser_row(number % 1000, into="10") for number in numbers]
    assert refused(anser_file(*rows)) == "meisai.csv: row 3457: expected 番号 456, found 457"
