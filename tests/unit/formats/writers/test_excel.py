"""Workbooks as openpyxl reads them."""

import io
from dataclasses import replace
from datetime import date, datetime
from functools import partial

import msgspec
import pytest
from hypothesis import given, settings
from openpyxl import Workbook, load_workbook

from hikae.formats.writers import excel
from hikae.formats.writers.columns import HEADINGS
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.writer import Loss, Unwritable
from hikae.model.statement import Statement, Transaction
from tests.unit.formats.statements import (
    ACCOUNT,
    HOSTILE,
    PAID_IN,
    PAID_OUT,
    statement,
    statements,
)
from tests.unit.formats.writers.written import told, written

DESCRIPTION = HEADINGS.index("摘要")


def read(file: bytes) -> Workbook:
    return load_workbook(io.BytesIO(file))


def test_amounts_are_numbers_days_are_days_and_codes_keep_their_zeros() -> None:
    rows = list(read(written(excel.write, statement(PAID_IN))).worksheets[0].iter_rows())
    assert [cell.value for cell in rows[0]] == list(HEADINGS)
    assert [cell.value for cell in rows[1]] == [
        *("9999", "サンプル銀行", "001", "ホンテン", "普通", "0000001", "カ)ミホン", "JPY"),
        *(datetime(2026, 10, 5), datetime(2026, 10, 5), None, 110_000, 1_110_000, "振込"),  # noqa: DTZ001 - Excel knows no zones
        *("フリコミ", "サンプルショウジ", "00000012", "A-1"),
    ]


@settings(max_examples=40)
@given(statements(text=HOSTILE))
def test_no_text_is_a_formula_and_each_comes_back_as_it_was(original: Statement) -> None:
    sheet = read(written(excel.write, original)).worksheets[0]
    for row, each in zip(sheet.iter_rows(min_row=2), original.transactions, strict=True):
        assert {cell.data_type for cell in row} <= {"s", "n", "d"}
        assert (row[DESCRIPTION].value or "") == one_line(each.description)


def test_a_text_that_looks_like_an_escaped_character_is_escaped_itself() -> None:
    file = written(excel.write, statement(msgspec.structs.replace(PAID_IN, description="_x0041_")))
    # Excel undoes this; openpyxl shows it as it stands.
    assert read(file).worksheets[0].cell(2, DESCRIPTION + 1).value == "_x005F_x0041_"


def test_more_rows_than_a_sheet_bears_go_on_with_the_next_one() -> None:
    two_to_a_sheet = partial(excel.write, rows_per_sheet=2)
    file = written(two_to_a_sheet, statement(*[PAID_IN] * 5))
    assert [sheet.max_row for sheet in read(file).worksheets] == [3, 3, 2]


def test_nothing_is_a_sheet_with_headings() -> None:
    [sheet] = read(written(excel.write)).worksheets
    assert sheet.max_row == 1


def test_cents_are_shown_with_their_point() -> None:
    file = written(excel.write, statement(PAID_OUT, account=replace(ACCOUNT, currency="USD")))
    cell = read(file).worksheets[0].cell(2, HEADINGS.index("出金額") + 1)
    assert (cell.value, cell.number_format) == (33, "#,##0.00")


def test_a_text_beyond_the_length_of_a_cell_is_cut_and_told() -> None:
    long = "ア" * 32_768
    _, losses = told(excel.write, statement(msgspec.structs.replace(PAID_IN, description=long)))
    assert losses == [Loss(1, "摘要", long, long[:-1])]


@pytest.mark.parametrize(
    "row",
    [
        msgspec.structs.replace(PAID_IN, amount=10**15),
        msgspec.structs.replace(PAID_IN, booked_on=date(1899, 12, 31)),
    ],
)
def test_what_excel_would_show_wrongly_is_refused(row: Transaction) -> None:
    with pytest.raises(Unwritable):
        written(excel.write, statement(row))
