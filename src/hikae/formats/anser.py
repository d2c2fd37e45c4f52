"""Reads ANSER形式 CSV (入出金明細〔ANSER〕照会結果ファイル), the download of BizSOL-type banks.

One heading row, then one row per transaction, oldest or newest first, several accounts in one
file. Source: the banks' file specification of 2017; spellings of みずほビジネスWEB (出金(円)) and
りそな (a column メモ, 明細区分 取消) as public readers describe them. Headings are matched after
NFKC, because banks write their brackets in full or in half width.
"""

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, TypeVar

from hikae.formats.accounts import account_kind, account_number
from hikae.formats.cleaning import clean, heading
from hikae.formats.csvfile import Block, CsvFile
from hikae.formats.csvstatements import Entries, statements
from hikae.formats.running import RunningNumbers
from hikae.formats.stream import FileStatement, gathered
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import Account
from hikae.model.statement import Channel, Source, Statement, Transaction, TransactionKind

T = TypeVar("T")

ACCOUNT, NUMBER, BOOKED_ON, VALUE_ON = "照会口座", "番号", "勘定日", "(起算日)"
DEBIT, CREDIT, BALANCE = "出金金額(円)", "入金金額(円)", "残高(円)"
KIND, DESCRIPTION, MARK = "取引区分", "摘要", "明細区分"

HEADINGS = (ACCOUNT, NUMBER, BOOKED_ON, VALUE_ON, DEBIT, CREDIT, BALANCE, KIND, DESCRIPTION)
"""The headings that must be there; others may stand beside them, in any order."""

_SPELLINGS = {"出金(円)": DEBIT, "入金(円)": CREDIT}
_CANCELLED = "取消"

_ACCOUNT = re.compile(
    r"(?P<branch>[^(]*)\((?P<code>[0-9]{3})\)\s*(?P<kind>\S+)\s+(?P<number>[0-9]{1,16})"
)
_DAY = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_YEN = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}(,[0-9]{3}){1,4})")
_NUMBER = re.compile(r"[0-9]{1,5}")
_KINDS = {
    "振込": TransactionKind.TRANSFER,
    "振替": TransactionKind.BOOK_TRANSFER,
    "交換": TransactionKind.CLEARING,
    "現金": TransactionKind.CASH,
}


def headings(fields: Sequence[str]) -> list[str]:
    """A row as headings: NFKC, without spaces, one spelling."""
    return [_SPELLINGS.get(written, written) for written in map(heading, fields)]


def is_heading(fields: Sequence[str]) -> bool:
    """Whether a row is the heading row of this format."""
    return set(HEADINGS) <= set(headings(fields))


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a whole file, one statement per account, incomplete, without a period.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    return list(map(gathered, open_statements(io.BytesIO(data), name, as_of, keep=True)))


def open_statements(
    file: BinaryIO, name: str, as_of: datetime, *, keep: bool = False
) -> list[FileStatement]:
    """The same of a seekable file, whose rows are read when they are wanted, unless to `keep`."""
    rows = CsvFile(file, name)
    first: Sequence[str] = ()
    for number, fields in rows.rows():
        first = first or fields
        if is_heading(fields):
            reading = _Reading(name, headings(fields), number)
            return statements(rows, reading, as_of, Source(Channel.ANSER_CSV, name), keep=keep)
    raise UnreadableFile(name, expected=" ".join(HEADINGS), found=" ".join(first))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The rows of a block by column: their numbers in the file, and cells as they stand."""

    file: str
    numbers: Sequence[int]
    cells: Mapping[str, Sequence[str]]

    def column(self, heading: str, expected: str, read: Callable[[str], T]) -> list[T]:
        """All cells below a heading, read; a ValueError becomes UnreadableFile with the row."""
        cells = self.cells[heading]
        values: dict[str, T] = {}
        for cell in dict.fromkeys(cells):  # what rows repeat is read once
            try:
                values[cell] = read(cell)
            except ValueError:
                raise self.error(cells.index(cell), f"{heading} {expected}", cell) from None
        return list(map(values.__getitem__, cells))

    def error(self, index: int, expected: str, found: str) -> UnreadableFile:
        """The row at `index` is damaged."""
        row = self.numbers[index]
        return UnreadableFile(self.file, row=row, expected=expected.strip(), found=found)


class _Reading:
    """How the rows below one heading row are read."""

    balance = BALANCE

    def __init__(self, file: str, heading: Sequence[str], heading_row: int) -> None:
        self._file, self._heading, self._heading_row = file, heading, heading_row
        self._numbers = RunningNumbers(file, NUMBER)

    def entries(self, block: Block) -> Entries:
        columns = self._columns(block)
        accounts = columns.column(ACCOUNT, "(支店名(支店コード) 種類 番号)", _account)
        return Entries(columns.numbers, accounts, _transactions(columns))

    def follow(self, block: Block) -> None:
        columns = self._columns(block)
        numbers = columns.column(NUMBER, "(数字)", _running_number)
        for row, account, number in zip(
            columns.numbers, columns.cells[ACCOUNT], numbers, strict=True
        ):
            self._numbers.add(row, account, number)

    def finish(self) -> bool:
        return self._numbers.finish()

    def _columns(self, block: Block) -> _Columns:
        above = sum(
            1 for number in block.numbers[: self._heading_row] if number <= self._heading_row
        )
        numbers, rows = block.numbers[above:], block.rows[above:]
        width = len(self._heading)
        for number, fields in zip(numbers, rows, strict=True):
            if len(fields) != width:
                expected, found = f"{width} columns", f"{len(fields)} columns"
                raise UnreadableFile(self._file, row=number, expected=expected, found=found)
        cells = zip(*rows, strict=True) if rows else ((),) * width
        return _Columns(self._file, numbers, dict(zip(self._heading, cells, strict=True)))


def _transactions(columns: _Columns) -> list[Transaction]:
    return list(
        map(
            Transaction,
            columns.column(BOOKED_ON, "(YYYY年MM月DD日)", _day),
            _amounts(columns),
            columns.column(BALANCE, "(数字)", _yen),
            columns.column(VALUE_ON, "(YYYY年MM月DD日)", _day_or_none),
            _kinds(columns),
            columns.column(DESCRIPTION, "", clean),
        )
    )


def _kinds(columns: _Columns) -> list[TransactionKind | None]:
    kinds = columns.column(KIND, "", _kind)
    if MARK not in columns.cells:
        return kinds
    marks = columns.column(MARK, "", clean)
    return [
        TransactionKind.CORRECTION if mark == _CANCELLED else kind
        for mark, kind in zip(marks, kinds, strict=True)
    ]


def _amounts(columns: _Columns) -> list[int]:
    """Credits, and debits as negative figures; each row has one of them."""
    outgoing, incoming = (columns.column(side, "(数字)", _yen) for side in (DEBIT, CREDIT))
    amounts = []
    for index, (debit, credit) in enumerate(zip(outgoing, incoming, strict=True)):
        if credit is not None and debit is None:
            amounts.append(credit)
        elif debit is not None and credit is None:
            amounts.append(-debit)
        else:
            found = f"{columns.cells[DEBIT][index]}, {columns.cells[CREDIT][index]}"
            raise columns.error(index, f"{DEBIT}, {CREDIT} (一方だけ)", found)
    return amounts


# Cells; all raise ValueError for what they cannot be.


def _account(cell: str) -> Account:
    match = _ACCOUNT.fullmatch(clean(cell) or "")
    if not match:
        raise ValueError(cell)
    return Account(
        branch_code=match["code"],
        branch_name=match["branch"].strip() or None,
        kind=account_kind(match["kind"]),
        number=account_number(match["number"]),
    )


def _running_number(cell: str) -> int:
    if not _NUMBER.fullmatch(text := clean(cell) or ""):
        raise ValueError(cell)
    return int(text)


def _day(cell: str) -> date:
    match = _DAY.fullmatch(clean(cell) or "")
    if not match:
        raise ValueError(cell)
    year, month, day = map(int, match.groups())
    return date(year, month, day)


def _day_or_none(cell: str) -> date | None:
    return _day(cell) if clean(cell) else None


def _yen(cell: str) -> int | None:
    if not cell:
        return None
    if not _YEN.fullmatch(cell):  # figures seldom need cleaning, so it is not tried first
        cell = clean(cell) or ""
        if cell and not _YEN.fullmatch(cell):
            raise ValueError(cell)
    return int(cell.replace(",", "")) if cell else None


def _kind(cell: str) -> TransactionKind | None:
    return _KINDS.get(clean(cell) or "")
