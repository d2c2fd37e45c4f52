"""全銀 files that our reader reads back, and what they cannot hold."""

from dataclasses import replace
from datetime import date

import msgspec
import pytest
from hypothesis import given

from hikae.formats import zengin as reader
from hikae.formats.writers import zengin
from hikae.formats.writers.half_width import in_half_width
from hikae.formats.writers.writer import Loss, Unwritable
from hikae.model.account import AccountKind
from hikae.model.statement import Period, Statement, Transaction
from tests.unit.formats.bankfiles import Movement, ZenginAccount, zengin_file
from tests.unit.formats.statements import (
    ACCOUNT,
    AS_OF,
    HALF_WIDTH,
    PAID_IN,
    PAID_OUT,
    spoken,
    statement,
    statements,
)
from tests.unit.formats.writers.written import told, written

TIME_DEPOSITS = {AccountKind.NOTICE, AccountKind.TIME, AccountKind.INSTALMENT}


def held(original: Statement) -> list[Transaction]:
    """What the records have fields for."""
    timed = original.account.kind in TIME_DEPOSITS
    return [
        msgspec.structs.replace(
            each,
            counterparty=None if timed or each.amount < 0 else each.counterparty,
            edi=None if timed else each.edi,
        )
        for each in original.transactions
    ]


@given(statements(text=spoken(HALF_WIDTH, 20)), statements(text=spoken(HALF_WIDTH, 20)))
def test_what_the_records_have_fields_for_comes_back_as_it_was(
    first: Statement, second: Statement
) -> None:
    for original, back in zip(
        (first, second),
        reader.read(written(zengin.write, first, second), "made up", AS_OF),
        strict=True,
    ):
        assert back.account == original.account
        assert back.period == original.period
        assert (back.opening, back.closing) == (original.opening, original.closing)
        assert list(back.transactions) == held(original)


def test_a_file_made_by_the_column_numbers_of_the_specification_comes_out_the_same() -> None:
    account = ZenginAccount(
        [Movement(5_000, edi="ABC-1", inquiry=12), Movement(700, credit=False, name="")],
        made="081101",
        first="081001",
        last="081031",
    )
    original = zengin_file(account, separator=b"\r\n")
    [statement] = reader.read(original, "made up", AS_OF)
    assert written(zengin.write, statement) == original


@given(statements())
def test_any_text_becomes_records_of_200_bytes_and_every_change_is_told(
    original: Statement,
) -> None:
    file, losses = told(zengin.write, original)
    assert {len(line) for line in file.split(b"\r\n")} == {200, 0}
    [back] = reader.read(file, "made up", AS_OF)
    assert [each.amount for each in back.transactions] == [
        each.amount for each in original.transactions
    ]
    changed = {
        row
        for row, (before, after) in enumerate(
            zip(original.transactions, back.transactions, strict=True), start=1
        )
        if before != after
    }
    assert {loss.row for loss in losses if loss.row is not None} == changed


def test_losses_name_row_field_and_both_texts() -> None:
    row = msgspec.structs.replace(PAID_OUT, description="振込 𠮷田", counterparty="ミズノ")
    _, losses = told(zengin.write, statement(PAID_IN, row))
    assert losses == [
        Loss(None, "銀行名", "サンプル銀行", "ｻﾝﾌﾟﾙ"),
        Loss(2, "出金の相手先", "ミズノ", ""),
        Loss(2, "摘要内容", "振込 𠮷田", ""),
    ]


@pytest.mark.parametrize(
    ("text", "width", "narrow"),
    [
        ("ガギグ", 6, "ｶﾞｷﾞｸﾞ"),
        ("ガギグ", 5, "ｶﾞｷﾞ"),
        ("パーティー", 20, "ﾊﾟｰﾃｨｰ"),
        ("ふりこみ", 20, "ﾌﾘｺﾐ"),
        ("A-1 「ヴ」、。", 20, "A-1 ｢ｳﾞ｣､｡"),
        ("三ヶ日", 20, " ｹ"),
        ("１２３ Ａｂ", 20, "123 Ab"),
        ("¥100", 20, "\\100"),
    ],
)
def test_texts_become_half_width(text: str, width: int, narrow: str) -> None:
    assert in_half_width(text, width) == narrow


@pytest.mark.parametrize(
    ("unwritable", "expected"),
    [
        (statement(PAID_IN, opening=None), "取引前残高"),
        (statement(account=replace(ACCOUNT, currency="USD")), "通貨 JPY"),
        (statement(account=replace(ACCOUNT, number="12345678901")), "口座番号 (10桁まで)"),
        (statement(account=replace(ACCOUNT, number="A123456")), "口座番号 (数字)"),
        (statement(msgspec.structs.replace(PAID_IN, amount=10**12)), "取引金額 (12桁まで)"),
        (
            statement(msgspec.structs.replace(PAID_IN, booked_on=date(1900, 1, 1))),
            "和暦 YYMMDD (2026)",
        ),
        # 平成2年 would be read as 令和2年.
        (
            statement(msgspec.structs.replace(PAID_IN, booked_on=date(1990, 5, 1))),
            "和暦 YYMMDD (2026)",
        ),
        (statement(opening=10**14), "取引前残高 (14桁まで)"),
    ],
)
def test_what_would_make_the_file_wrong_is_refused(unwritable: Statement, expected: str) -> None:
    with pytest.raises(Unwritable) as refused:
        written(zengin.write, unwritable)
    assert refused.value.expected == expected


def test_an_account_without_number_codes_or_period_is_written_and_read_as_far_as_known() -> None:
    unknown = replace(ACCOUNT, number="", bank_code=None, branch_code=None, bank_name=None)
    file, losses = told(zengin.write, statement(PAID_IN, account=unknown, period=None))
    [back] = reader.read(file, "made up", AS_OF)
    assert (back.account.bank_code, back.account.branch_code, back.period) == (None, None, None)
    assert [loss.field for loss in losses] == ["口座番号"]


def test_days_around_the_change_of_eras_come_back() -> None:
    days = [date(2019, 4, 30), date(2019, 5, 1)]
    rows = [msgspec.structs.replace(PAID_IN, booked_on=day, balance=None) for day in days]
    file = written(zengin.write, statement(*rows, period=Period(days[0], days[1])))
    assert b"310430" in file
    assert b"010501" in file
    [back] = reader.read(file, "made up", AS_OF)
    assert [each.booked_on for each in back.transactions] == days
