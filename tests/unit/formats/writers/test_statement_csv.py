"""CSV: one form that Excel opens harmlessly, one that programs read untouched."""

import csv
import io

from hypothesis import given

from hikae.formats.writers import statement_csv
from hikae.formats.writers.columns import HEADINGS
from hikae.model.account import Account, AccountKind
from hikae.model.statement import Statement, Transaction
from tests.unit.formats.statements import (
    HOSTILE,
    PAID_IN,
    PAID_OUT,
    statement,
    statements,
)
from tests.unit.formats.writers.written import told, written


def read(file: bytes, encoding: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode(encoding), newline="")))


def test_the_columns_are_those_that_are_promised() -> None:
    rows = read(written(statement_csv.for_import, statement(PAID_IN, PAID_OUT)), "utf-8")
    assert list(rows[0]) == list(HEADINGS)
    assert list(rows[0].values()) == [
        *("9999", "サンプル銀行", "001", "ホンテン", "普通", "0000001", "カ)ミホン", "JPY"),
        *("2026/10/05", "2026/10/05", "", "110000", "1110000", "振込"),
        *("フリコミ", "サンプルショウジ", "00000012", "A-1"),
    ]
    assert (rows[1]["出金額"], rows[1]["入金額"], rows[1]["起算日"]) == ("3300", "", "")


@given(statements(text=HOSTILE))
def test_a_program_reads_every_text_and_amount_untouched(original: Statement) -> None:
    file, losses = told(statement_csv.for_import, original)
    rows = read(file, "utf-8")
    assert [
        (row["摘要"], row["取引先"], row["EDI情報"], row["照会番号"], int(row["残高"]))
        for row in rows
    ] == [
        (each.description, each.counterparty, each.edi, each.bank_reference or "", each.balance)
        for each in original.transactions
    ]
    moved = [int(row["入金額"] or 0) - int(row["出金額"] or 0) for row in rows]
    assert moved == [each.amount for each in original.transactions]
    assert losses == []


@given(statements(text=HOSTILE))
def test_excel_finds_no_formula_in_any_text_and_its_mark_in_front(original: Statement) -> None:
    file = written(statement_csv.for_excel, original)
    assert file.startswith(b"\xef\xbb\xbf")
    for row in read(file, "utf-8-sig"):
        texts = (row["摘要"], row["取引先"], row["EDI情報"])
        assert not any(text.startswith(("=", "+", "-", "@", "\t", "\r", "\0")) for text in texts)


def test_amounts_stay_numbers_for_excel_even_below_zero() -> None:
    overdrawn = Transaction(PAID_OUT.booked_on, -500, balance=-200)
    file = written(statement_csv.for_excel, statement(overdrawn, opening=300))
    [row] = read(file, "utf-8-sig")
    assert row["残高"] == "-200"


def test_a_currency_with_cents_is_written_with_its_point() -> None:
    account = Account("001", AccountKind.ORDINARY, "0000001", currency="USD")
    file = written(statement_csv.for_import, statement(PAID_OUT, account=account))
    assert read(file, "utf-8")[0]["出金額"] == "33.00"
