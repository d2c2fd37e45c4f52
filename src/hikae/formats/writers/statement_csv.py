"""Writes statements as CSV, in one form for people with Excel and one for programs.

Both are UTF-8 with the columns of `columns.HEADINGS`. Excel drops leading zeros of a CSV's
numbers of accounts; the format `excel` keeps them.
"""

import codecs
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import chain

from hikae.formats.stream import StatementStream
from hikae.formats.writers.columns import HEADINGS, TableCell, table
from hikae.formats.writers.csvlines import lines
from hikae.formats.writers.plain import one_line, quoted_for_excel, slashed
from hikae.formats.writers.writer import Tell
from hikae.model.currency import decimal_text


def for_excel(statements: Iterable[StatementStream], tell: Tell) -> Iterator[bytes]:  # noqa: ARG001 - loses nothing
    """With a mark, without which Excel takes it for cp932; no text is ever computed."""
    yield codecs.BOM_UTF8
    yield from _write(statements, lambda text: quoted_for_excel(one_line(text)))


def for_import(statements: Iterable[StatementStream], tell: Tell) -> Iterator[bytes]:  # noqa: ARG001 - loses nothing
    """Without a mark, every text untouched. A spreadsheet would compute what looks so."""
    yield from _write(statements, lambda text: text)


def _write(statements: Iterable[StatementStream], text: Callable[[str], str]) -> Iterator[bytes]:
    rows = ([_cell(cell, text) for cell in row] for row in table(statements))
    yield from lines(chain([HEADINGS], rows), "utf-8")


def _cell(cell: TableCell, text: Callable[[str], str]) -> str:
    match cell:
        case None:
            return ""
        case str():
            return text(cell)
        case date():
            return slashed(cell)
        case _:
            return decimal_text(cell.minor, cell.currency)
