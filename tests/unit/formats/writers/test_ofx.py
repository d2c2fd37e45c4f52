"""OFX as a parser that is not ours reads it."""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from ofxtools.models import STMTRS, STMTTRN
from ofxtools.Parser import OFXTree

from hikae.formats import ofx as reader
from hikae.formats.stream import gathered
from hikae.formats.writers import ofx
from hikae.formats.writers.writer import Loss, Unwritable
from hikae.model.account import AccountKind
from hikae.model.statement import Statement
from tests.unit.formats.statements import (
    ACCOUNT,
    AS_OF,
    HOSTILE,
    PAID_IN,
    PAID_OUT,
    statement,
    statements,
)
from tests.unit.formats.writers.written import told, written


def read(file: bytes) -> Sequence[STMTRS]:
    """The statements of a file, checked by ofxtools against the rules of OFX."""
    tree = OFXTree()
    tree.parse(io.BytesIO(file))
    found: Sequence[STMTRS] = tree.convert().statements
    return found


def midnight(day: date) -> datetime:
    """A day of Japan as ofxtools gives it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=9)


def test_account_period_balance_and_rows_are_what_they_were() -> None:
    [found] = read(written(ofx.write, statement(PAID_IN, PAID_OUT)))
    account = found.bankacctfrom
    assert (account.bankid, account.branchid, account.acctid) == ("9999", "001", "0000001")
    assert (account.accttype, found.curdef) == ("SAVINGS", "JPY")
    assert found.banktranlist.dtstart == midnight(date(2026, 10, 1))
    assert found.banktranlist.dtend == midnight(date(2026, 10, 31))
    assert found.ledgerbal.balamt == Decimal(1_106_700)
    came, went = found.transactions
    assert (came.trntype, came.trnamt, came.name, came.memo) == (
        *("CREDIT", Decimal(110_000), "サンプルショウジ", "フリコミ A-1"),
    )
    assert (came.dtposted, came.dtavail, came.refnum) == (
        *(midnight(date(2026, 10, 5)), midnight(date(2026, 10, 5)), "00000012"),
    )
    assert (went.trntype, went.trnamt, went.name, went.memo) == (
        *("DEBIT", Decimal(-3_300), "デンキ", None),
    )


@given(statements(text=HOSTILE), statements())
def test_no_text_breaks_out_of_its_element(first: Statement, second: Statement) -> None:
    for original, found in zip(
        (first, second), read(written(ofx.write, first, second)), strict=True
    ):
        rows: Sequence[STMTTRN] = found.transactions
        assert [row.trnamt for row in rows] == [each.amount for each in original.transactions]
        assert len({row.fitid for row in rows}) == len(rows)
        assert found.ledgerbal.balamt == original.closing


def test_equal_payments_of_one_day_have_identities_that_stay_when_the_period_is_longer() -> None:
    rows = [PAID_IN, PAID_IN, PAID_OUT]
    later = [msgspec.structs.replace(PAID_IN, booked_on=date(2026, 10, 4)), *rows]
    short, long = (
        [row.fitid for row in read(written(ofx.write, statement(*each)))[0].transactions]
        for each in (rows, later)
    )
    assert long[1:] == short
    assert len(set(long)) == 4


def test_a_day_that_comes_back_gives_no_identity_twice() -> None:
    rows = [PAID_IN, PAID_OUT, PAID_IN]
    [found] = read(written(ofx.write, statement(*rows)))
    assert len({row.fitid for row in found.transactions}) == 3


def test_a_name_longer_than_its_field_is_whole_in_the_memo() -> None:
    long = msgspec.structs.replace(PAID_IN, counterparty="ア" * 40, edi=None)
    file, losses = told(ofx.write, statement(long))
    [row] = read(file)[0].transactions
    assert (row.name, row.memo) == ("ア" * 32, f"{'ア' * 40} フリコミ")
    assert losses == []


def test_what_the_memo_cannot_hold_is_told() -> None:
    long = msgspec.structs.replace(PAID_IN, description="ア" * 300, counterparty=None, edi=None)
    _, losses = told(ofx.write, statement(long))
    assert losses == [Loss(1, "MEMO", "ア" * 300, "ア" * 255)]


@pytest.mark.parametrize(
    ("kind", "written_as"),
    [(AccountKind.CURRENT, "CHECKING"), (AccountKind.ORDINARY, "SAVINGS")],
)
def test_only_current_accounts_are_checking(kind: AccountKind, written_as: str) -> None:
    [found] = read(written(ofx.write, statement(account=replace(ACCOUNT, kind=kind))))
    assert found.bankacctfrom.accttype == written_as


def test_an_unknown_bank_is_zeros_and_an_unknown_balance_is_left_out() -> None:
    original = statement(PAID_IN, account=replace(ACCOUNT, bank_code=None), opening=None)
    file = written(ofx.write, original)
    assert b"<BANKID>0000</BANKID>" in file
    assert b"LEDGERBAL" not in file


def test_the_days_of_the_rows_stand_for_a_period_that_nobody_says() -> None:
    file = written(ofx.write, statement(PAID_OUT, PAID_IN, period=None))
    assert b"<DTSTART>20261005000000[+9:JST]</DTSTART><DTEND>20261006000000" in file


def test_no_statement_at_all_is_refused() -> None:
    with pytest.raises(Unwritable):
        written(ofx.write)


@given(statements(), statements())
def test_our_own_reader_finds_the_same_figures_and_all_words(
    first: Statement, second: Statement
) -> None:
    file = io.BytesIO(written(ofx.write, first, second))
    found = map(gathered, reader.open_statements(file, "made up", AS_OF))
    for original, back in zip((first, second), found, strict=True):
        assert back.account.number == original.account.number
        assert back.account.bank_code in (original.account.bank_code, None)
        assert (back.period, back.closing) == (original.period, original.closing)
        assert [(each.booked_on, each.value_on, each.amount) for each in back.transactions] == [
            (each.booked_on, each.value_on, each.amount) for each in original.transactions
        ]
        for row, each in zip(back.transactions, original.transactions, strict=True):
            said = f"{row.counterparty} {row.description}"
            texts = (each.counterparty, each.description, each.edi)
            assert all(text in said for text in texts if text)


def test_what_a_name_and_a_memo_hold_comes_back_as_counterparty_and_description() -> None:
    original = statement(msgspec.structs.replace(PAID_IN, edi=None), PAID_OUT)
    file = io.BytesIO(written(ofx.write, original))
    [back] = map(gathered, reader.open_statements(file, "made up", AS_OF))
    assert [(each.counterparty, each.description) for each in back.transactions] == [
        ("サンプルショウジ", "フリコミ"),
        (None, "デンキ"),
    ]
    assert back.check() is None
