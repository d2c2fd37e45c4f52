"""Reads ANSER形式 CSV (入出金明細〔ANSER〕照会結果ファイル), the download of BizSOL-type banks.

One heading row, then one row per transaction, oldest or newest first, several accounts in one
file. Source: the banks' file specification of 2017; spellings of みずほビジネスWEB (出金(円)) and
りそな (a column メモ, 明細区分 取消) as public readers describe them. Headings are matched after
NFKC, because banks write their brackets in full or in half width.
"""

import io
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import BinaryIO, TypeVar

from hikae.formats.accounts import account_kind, account_number
from hikae.formats.cells import Damage, read_column
from hikae.formats.cleaning import clean, heading
from hikae.formats.csvfile import Block, CsvFile
from hikae.formats.csvstatements import Run, statements, together
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
_FIGURES = r"-?[0-9]{1,3}(?:(?:,[0-9]{3}){1,4}|[0-9]{0,12})"
_YEN = re.compile(_FIGURES)
_YEN_COLUMN = re.compile(rf"(?:{_FIGURES}\n|\n)*+")
_NUMBER = re.compile(r"[0-9]{1,5}")
_NUMBER_COLUMN = re.compile(r"(?:[0-9]{1,5}\n)*")
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
    return list(map(gathered, open_statements(io.BytesIO(data), name, as_of)))


def open_statements(file: BinaryIO, name: str, as_of: datetime) -> list[FileStatement]:
    """The same of a seekable file, whose rows are read when they are wanted."""
    return open_rows(CsvFile(file, name), as_of)


def open_rows(file: CsvFile, as_of: datetime) -> list[FileStatement]:
    """The same of a file whose rows were looked at before."""
    first: Sequence[str] = ()
    for number, fields in file.rows():
        first = first or fields
        if is_heading(fields):
            reading = _Reading(file.name, headings(fields), number)
            return statements(file, reading, as_of, Source(Channel.ANSER_CSV, file.name))
    raise UnreadableFile(file.name, expected=" ".join(HEADINGS), found=" ".join(first))


@dataclass(frozen=True, slots=True)
class _Columns:
    """The rows of a block by column: their numbers in the file, and cells as they stand."""

    file: str
    numbers: Sequence[int]
    cells: Mapping[str, Sequence[str]]

    def read(self, heading: str, read: Callable[[str], T]) -> list[T]:
        """All cells below a heading, read. Raises UnreadableFile with the row."""
        try:
            return read_column(self.cells[heading], read)
        except Damage as damage:
            raise self.error(damage.index, f"{heading} {damage.expected}", damage.found) from None

    def yen(self, heading: str) -> list[int | None]:
        """The same of figures, which seldom repeat, None where they are blank."""
        figures = _all_of(_YEN_COLUMN, self.cells[heading])
        if figures is None:
            return self.read(heading, _yen)
        lines = figures.replace(",", "").split("\n")
        return [int(line) if line else None for line in lines[:-1]]

    def running_numbers(self) -> list[int]:
        """The same of 番号."""
        cells = self.cells[NUMBER]
        if _all_of(_NUMBER_COLUMN, cells) is None:
            return self.read(NUMBER, _running_number)
        return list(map(int, cells))

    def account(self, index: int) -> Account:
        """The account of the row at `index`."""
        try:
            return _account(self.cells[ACCOUNT][index])
        except Damage as damage:
            raise self.error(index, f"{ACCOUNT} {damage.expected}", damage.found) from None

    def error(self, index: int, expected: str, found: str) -> UnreadableFile:
        """The row at `index` is damaged."""
        row = self.numbers[index]
        return UnreadableFile(self.file, row=row, expected=expected, found=found)


class _Reading:
    """How the rows below one heading row are read."""

    balance = BALANCE

    def __init__(self, file: str, heading: Sequence[str], heading_row: int) -> None:
        self._file, self._heading, self._heading_row = file, heading, heading_row
        self._numbers = RunningNumbers(file, NUMBER)

    def runs(self, block: Block, *, first: bool) -> Iterator[Run]:
        columns = self._columns(block)
        rows = columns.numbers
        numbers = columns.running_numbers() if first else ()
        transactions = _transactions(columns)
        for account, own in together(columns.cells[ACCOUNT]):
            if first:
                self._numbers.add(rows[own], account, numbers[own])
            yield Run(columns.account(own.start), rows[own], transactions[own])

    def finish(self) -> bool:
        return self._numbers.finish()

    def _columns(self, block: Block) -> _Columns:
        above = bisect_right(block.numbers, self._heading_row)
        numbers, rows = block.numbers[above:], block.rows[above:]
        width = len(self._heading)
        if not set(map(len, rows)) <= {width}:
            number, wrong = next(
                (number, len(fields))
                for number, fields in zip(numbers, rows, strict=True)
                if len(fields) != width
            )
            expected, found = f"{width} columns", f"{wrong} columns"
            raise UnreadableFile(self._file, row=number, expected=expected, found=found)
        cells = zip(*rows, strict=True) if rows else ((),) * width
        return _Columns(self._file, numbers, dict(zip(self._heading, cells, strict=True)))


def _transactions(columns: _Columns) -> list[Transaction]:
    return list(
        map(
            Transaction,
            columns.read(BOOKED_ON, _day),
            _amounts(columns),
            columns.yen(BALANCE),
            columns.read(VALUE_ON, _day_or_none),
            _kinds(columns),
            columns.read(DESCRIPTION, clean),
        )
    )


def _kinds(columns: _Columns) -> list[TransactionKind | None]:
    kinds = columns.read(KIND, _kind)
    if MARK not in columns.cells:
        return kinds
    marks = columns.read(MARK, clean)
    if _CANCELLED not in marks:
        return kinds
    return [
        TransactionKind.CORRECTION if mark == _CANCELLED else kind
        for mark, kind in zip(marks, kinds, strict=True)
    ]


def _amounts(columns: _Columns) -> list[int]:
    """Credits, and debits as negative figures; each row has one of them."""
    amounts = _plain_amounts(columns)
    if amounts is not None:
        return amounts
    amounts = []
    for index, (debit, credit) in enumerate(
        zip(columns.yen(DEBIT), columns.yen(CREDIT), strict=True)
    ):
        if credit is not None and debit is None:
            amounts.append(credit)
        elif debit is not None and credit is None:
            amounts.append(-debit)
        else:
            found = f"{columns.cells[DEBIT][index]}, {columns.cells[CREDIT][index]}"
            raise columns.error(index, f"{DEBIT}, {CREDIT} (一方だけ)", found)
    return amounts


def _plain_amounts(columns: _Columns) -> list[int] | None:
    """The same of plain figures, None where the columns hold others, or not one in each row."""
    debits, credits_ = columns.cells[DEBIT], columns.cells[CREDIT]
    signed = [f"-{out}" if out else into for out, into in zip(debits, credits_, strict=True)]
    one_each = "" not in signed and debits.count("") + credits_.count("") == len(signed)
    figures = _all_of(_YEN_COLUMN, signed) if one_each else None
    return None if figures is None else list(map(int, figures.replace(",", "").split()))


def _all_of(form: re.Pattern[str], cells: Sequence[str]) -> str | None:
    """The cells of a column, one in a line, None where one is not of a form."""
    column = "\n".join(cells) + "\n"
    plain = form.fullmatch(column) and column.count("\n") == len(cells)
    return column if plain else None


# Cells; all raise Damage for what they cannot be.


@lru_cache(maxsize=64)  # the runs of a file repeat it
def _account(cell: str) -> Account:
    match = _ACCOUNT.fullmatch(clean(cell) or "")
    if not match:
        raise Damage("(支店名(支店コード) 種類 番号)", cell)
    return Account(
        branch_code=match["code"],
        branch_name=match["branch"].strip() or None,
        kind=account_kind(match["kind"]),
        number=account_number(match["number"]),
    )


def _running_number(cell: str) -> int:
    if not _NUMBER.fullmatch(text := clean(cell) or ""):
        raise Damage("(数字)", cell)
    return int(text)


def _day(cell: str) -> date:
    match = _DAY.fullmatch(clean(cell) or "")
    if match:
        year, month, day = map(int, match.groups())
        with suppress(ValueError):
            return date(year, month, day)
    raise Damage("(YYYY年MM月DD日)", cell)


def _day_or_none(cell: str) -> date | None:
    return _day(cell) if clean(cell) else None


def _yen(cell: str) -> int | None:
    text = clean(cell) or ""
    if text and not _YEN.fullmatch(text):
        raise Damage("(数字)", cell)
    return int(text.replace(",", "")) if text else None


def _kind(cell: str) -> TransactionKind | None:
    return _KINDS.get(clean(cell) or "")
