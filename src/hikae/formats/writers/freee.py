"""Writes the three files that freee会計 takes: 明細, 取引 and 仕訳; UTF-8 with a mark, CR LF.

Source: the vendor's help pages on 明細アップロード, 取引インポート and 仕訳インポート, and the
columns of its sample files as public programs repeat them. freee takes files up to 5 MB, so
Unwritable is raised for a longer one. No text is lost; what a spreadsheet would compute begins
with a full-width sign.
"""

import codecs
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from hikae.formats.stream import StatementStream
from hikae.formats.writers.bookkeeping import (
    SUSPENSE,
    Bookkeeping,
    Entry,
    Side,
    entries,
    narration,
    yen_rows,
)
from hikae.formats.writers.csvlines import Cell, lines
from hikae.formats.writers.plain import slashed, widened
from hikae.formats.writers.writer import Tell, Unwritable
from hikae.model.account import Account
from hikae.model.statement import Transaction

LINE_COLUMNS = ("日付", "金額", "内容")

DEAL_COLUMNS = (
    *("収支区分", "管理番号", "発生日", "決済期日", "取引先コード", "取引先", "勘定科目", "税区分"),
    *("金額", "税計算区分", "税額", "備考", "品目", "部門", "メモタグ（複数指定可、カンマ区切り）"),
    *("セグメント1", "セグメント2", "セグメント3", "決済日", "決済口座", "決済金額"),
)

_SIDE_COLUMNS = (
    *("勘定科目", "科目コード", "補助科目", "取引先", "取引先コード", "部門", "品目", "メモタグ"),
    *("セグメント1", "セグメント2", "セグメント3", "金額", "税区分", "税額"),
)
JOURNAL_COLUMNS = (
    *("日付", "伝票番号", "決算整理仕訳"),
    *(f"{side}{column}" for side in ("借方", "貸方") for column in _SIDE_COLUMNS),
    "摘要",
)

_LONGEST = 5_000_000
"""Bytes."""


def lines_of_bank(statements: Iterable[StatementStream], tell: Tell) -> Iterator[bytes]:  # noqa: ARG001 - loses nothing
    """明細: the bank's rows with signed amounts, for one 口座 of freee."""
    rows = (
        (slashed(transaction.booked_on), transaction.amount, widened(narration(transaction)))
        for _, _, transaction in yen_rows(statements)
    )
    return _file(LINE_COLUMNS, rows)


def deals(
    statements: Iterable[StatementStream],
    tell: Tell,  # noqa: ARG001 - loses nothing
    books: Bookkeeping = SUSPENSE,
) -> Iterator[bytes]:
    """取引: income and expenses that are settled (決済) from the bank account on the same day."""
    rows = (_deal(account, transaction, books) for _, account, transaction in yen_rows(statements))
    return _file(DEAL_COLUMNS, rows)


def journal(
    statements: Iterable[StatementStream],
    tell: Tell,  # noqa: ARG001 - loses nothing
    books: Bookkeeping = SUSPENSE,
) -> Iterator[bytes]:
    """仕訳 (振替伝票): each under a 伝票番号 of its own, because equal ones become one entry."""
    rows = (_journal_row(entry, books.tax_class) for entry in entries(statements, books))
    return _file(JOURNAL_COLUMNS, rows)


def _deal(account: Account, transaction: Transaction, books: Bookkeeping) -> list[Cell]:
    day, yen = slashed(transaction.booked_on), abs(transaction.amount)
    wallet = widened(books.own_sub(account) or books.own(account))
    contra, note = widened(books.contra(transaction)), widened(narration(transaction))
    return [
        *("収入" if transaction.amount >= 0 else "支出", "", day, "", "", ""),
        *(contra, widened(books.tax_class), yen, "内税", "", note),
        *("", "", "", "", "", "", day, wallet, yen),
    ]


def _journal_row(entry: Entry, tax_class: str) -> list[Cell]:
    def side(side: Side) -> list[Cell]:
        account, sub_account = widened(side.account), widened(side.sub_account)
        return [account, "", sub_account, *([""] * 8), entry.yen, widened(tax_class), ""]

    sides = [*side(entry.debit), *side(entry.credit)]
    return [slashed(entry.day), entry.row, "", *sides, widened(entry.narration)]


def _file(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    size = 0
    for piece in chain([codecs.BOM_UTF8], lines(chain([columns], rows), "utf-8")):
        size += len(piece)
        if size > _LONGEST:
            raise Unwritable("5 MB", "> 5 MB")
        yield piece
