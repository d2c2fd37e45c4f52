"""Writes 弥生会計 仕訳データ: 25 columns without headings, cp932, CR LF.

Source: the vendor's page on importing 仕訳データ (columns 1 to 7 and the lengths of the rest as
public programs transcribe them). 摘要 is cut after 30 full-width characters, the shortest of
the lengths that are told of it. A Loss tells of each text that was cut or that cp932 lacks.
"""

from collections.abc import Iterable, Iterator

from hikae.formats.stream import StatementStream
from hikae.formats.writers.bookkeeping import SUSPENSE, Bookkeeping, Entry, Side, entries
from hikae.formats.writers.cp932 import in_cp932
from hikae.formats.writers.csvlines import Cell, lines
from hikae.formats.writers.plain import slashed, widened
from hikae.formats.writers.writer import Tell, kept

COLUMNS = (
    *("識別フラグ", "伝票No.", "決算", "取引日付"),
    *("借方勘定科目", "借方補助科目", "借方部門", "借方税区分", "借方金額", "借方税金額"),
    *("貸方勘定科目", "貸方補助科目", "貸方部門", "貸方税区分", "貸方金額", "貸方税金額"),
    *("摘要", "番号", "期日", "タイプ", "生成元", "仕訳メモ", "付箋1", "付箋2", "調整"),
)
"""In this order; the file itself has no headings."""

_NOT_A_SLIP = "2000"
_NAME, _NARRATION = 24, 60
"""Half-width characters, that is bytes of cp932."""


def write(
    statements: Iterable[StatementStream], tell: Tell, books: Bookkeeping = SUSPENSE
) -> Iterator[bytes]:
    """A line of its own for each transaction, never a slip of several lines."""
    rows = (_row(entry, books.tax_class, tell) for entry in entries(statements, books))
    return lines(rows, "cp932")


def _row(entry: Entry, tax_class: str, tell: Tell) -> list[Cell]:
    def held(field: str, text: str, longest: int) -> str:
        return kept(tell, entry.row, field, text, in_cp932(widened(text), longest))

    def side(name: str, side: Side) -> list[Cell]:
        account = held(f"{name}勘定科目", side.account, _NAME)
        sub_account = held(f"{name}補助科目", side.sub_account, _NAME)
        return [account, sub_account, "", held("税区分", tax_class, _NAME), entry.yen, ""]

    return [
        *(_NOT_A_SLIP, "", "", slashed(entry.day)),
        *side("借方", entry.debit),
        *side("貸方", entry.credit),
        held("摘要", entry.narration, _NARRATION),
        *("", "", 0, "", "", 0, 0, "no"),
    ]
