"""Writes マネーフォワード クラウド会計 仕訳帳: 27 columns, UTF-8 with a mark, CR LF.

Source: the vendor's pages on importing 仕訳帳 (columns A to AA, unchanged) and the columns of its
exports as public programs repeat them. No text is lost; what a spreadsheet would compute begins
with a full-width sign.
"""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain

from hikae.formats.stream import StatementStream
from hikae.formats.writers.bookkeeping import SUSPENSE, Bookkeeping, Entry, Side, entries
from hikae.formats.writers.csvlines import Cell, lines
from hikae.formats.writers.plain import slashed, widened
from hikae.formats.writers.writer import Tell

_SIDE_COLUMNS = (
    *("勘定科目", "補助科目", "部門", "取引先", "税区分", "インボイス", "金額(円)", "税額"),
)
COLUMNS = (
    *("取引No", "取引日"),
    *(f"{side}{column}" for side in ("借方", "貸方") for column in _SIDE_COLUMNS),
    *("摘要", "仕訳メモ", "タグ", "MF仕訳タイプ", "決算整理仕訳"),
    *("作成日時", "作成者", "最終更新日時", "最終更新者"),
)


def write(
    statements: Iterable[StatementStream],
    tell: Tell,  # noqa: ARG001 - loses nothing
    books: Bookkeeping = SUSPENSE,
) -> Iterator[bytes]:
    """A 取引No of its own for each transaction, because equal ones become one entry."""
    rows = (_row(entry, books.tax_class) for entry in entries(statements, books))
    yield codecs.BOM_UTF8
    yield from lines(chain([COLUMNS], rows), "utf-8")


def _row(entry: Entry, tax_class: str) -> list[Cell]:
    def side(side: Side) -> list[Cell]:
        account, sub_account = widened(side.account), widened(side.sub_account)
        return [account, sub_account, "", "", widened(tax_class), "", entry.yen, ""]

    sides = [*side(entry.debit), *side(entry.credit)]
    return [entry.row, slashed(entry.day), *sides, widened(entry.narration), *([""] * 8)]
