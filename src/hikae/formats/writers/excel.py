"""Writes statements as an Excel workbook (.xlsx) with the columns of `columns.HEADINGS`.

Texts are cells of text, so no formula is ever computed and account numbers keep their zeros;
amounts are numbers, days are days. What does not fit on one sheet goes on with the next one.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

from xlsxwriter import Workbook

from hikae.formats.stream import StatementStream
from hikae.formats.writers.columns import HEADINGS, Money, TableCell, table
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.writer import Tell, Unwritable, kept
from hikae.model.currency import EXPONENTS, decimal_text, exponent

_LONGEST_TEXT = 32_767
_DIGITS = 15
"""Of a number, as many as Excel keeps."""

_FIRST_DAY = date(1900, 1, 1)
_WIDTH = 14
_PIECE = 64 * 1024


def write(
    statements: Iterable[StatementStream], tell: Tell, rows_per_sheet: int = 1_000_000
) -> Iterator[bytes]:
    """The workbook, once it is whole: it grows in temporary files. Excel bears 1,048,576 rows.

    Raises Unwritable for an amount of more than fifteen digits.
    """
    with tempfile.TemporaryFile() as whole:
        with Workbook(whole, {"constant_memory": True}) as workbook:
            book = _Book(workbook, tell)
            book.add_sheet()
            for number, cells in enumerate(table(statements)):
                line = number % rows_per_sheet
                if number and not line:
                    book.add_sheet()
                book.write(line + 1, number + 1, cells)
        whole.seek(0)
        while piece := whole.read(_PIECE):
            yield piece


class _Book:
    """A workbook, the sheet that is being filled, and the formats of its cells."""

    def __init__(self, workbook: Workbook, tell: Tell) -> None:
        self._workbook, self._tell = workbook, tell
        self._heading = workbook.add_format({"bold": True})
        self._day = workbook.add_format({"num_format": "yyyy/mm/dd"})
        self._text = workbook.add_format({"num_format": "@"})
        self._money = {
            digits: workbook.add_format({"num_format": f"#,##0.{'0' * digits}".rstrip(".")})
            for digits in EXPONENTS
        }

    def add_sheet(self) -> None:
        self._sheet = self._workbook.add_worksheet()
        self._sheet.set_column(0, len(HEADINGS) - 1, _WIDTH)
        self._sheet.freeze_panes(1, 0)
        for column, heading in enumerate(HEADINGS):
            self._sheet.write_string(0, column, heading, self._heading)

    def write(self, line: int, row: int, cells: Iterable[TableCell]) -> None:
        """Fill a line of the sheet, from 1, with the row of that number."""
        for column, cell in enumerate(cells):
            match cell:
                case None:
                    continue
                case Money(minor, currency):
                    number = _number(minor, currency, row)
                    self._sheet.write_number(line, column, number, self._money[exponent(currency)])
                case date():
                    if cell < _FIRST_DAY:
                        raise Unwritable(f"{_FIRST_DAY} 以後", str(cell), row)
                    moment = datetime.combine(cell, time())
                    self._sheet.write_datetime(line, column, moment, self._day)
                case _:
                    text = one_line(cell)
                    held = kept(self._tell, row, HEADINGS[column], text, text[:_LONGEST_TEXT])
                    self._sheet.write_string(line, column, held, self._text)


def _number(minor: int, currency: str, row: int) -> float:
    if len(str(abs(minor))) > _DIGITS:
        raise Unwritable(f"{_DIGITS}桁まで", str(minor), row)
    return float(decimal_text(minor, currency))
