"""Reads 全明細 of 三菱UFJ BizSTATION, a CSV without headings, as its users describe it.

A row of type 1 names an account, rows of type 2 are its transactions, a row of type 8 follows
them, and one of type 9 has counts, totals, opening and closing balance. They must agree.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from hikae.formats.accounts import account_number
from hikae.formats.cleaning import clean
from hikae.formats.csvfile import Block, CsvFile
from hikae.formats.csvstatements import Run, statements, together
from hikae.formats.days import read_day
from hikae.formats.figures import read_yen
from hikae.formats.stream import FileStatement
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.statement import Channel, Period, Source, Transaction

_HEADER, _DATA, _CLOSE, _END = "1", "2", "8", "9"
_WIDTHS = {_HEADER: 15, _DATA: 7, _CLOSE: 1, _END: 8}
_FOLLOWS = {"": {_HEADER}, _HEADER: {_DATA, _CLOSE, _END}, _DATA: {_DATA, _CLOSE, _END}}
_FOLLOWS |= {_CLOSE: {_END}, _END: {_HEADER}}
_KINDS = {"10": AccountKind.ORDINARY, "20": AccountKind.CURRENT}
_WHOLE = "全明細"
_PERIOD = re.compile(r"([^-~]+)[-~]([^-~]+)")


def is_header(fields: Sequence[str]) -> bool:
    """Whether a row names an account of this format."""
    return len(fields) == _WIDTHS[_HEADER] and fields[0] == _HEADER and clean(fields[9]) == _WHOLE


def open_statements(file: CsvFile, as_of: datetime) -> list[FileStatement]:
    """One statement per account, incomplete. Raises UnreadableFile."""
    reading = _Reading(file, japan_day(as_of))
    found = {
        each.account: each
        for each in statements(file, reading, as_of, Source(Channel.BANK_CSV, file.name))
    }
    return [_told(part, found.get(part.account), file, as_of) for part in reading.parts]


@dataclass(slots=True)
class _Part:
    """What the rows of types 1 and 9 say of an account, and what its transactions come to."""

    row: int
    account: Account
    period: Period | None
    counts: tuple[int, int] = (0, 0)
    totals: tuple[int, int] = (0, 0)
    opening: int | None = None
    closing: int | None = None

    def add(self, paid: int, received: int) -> None:
        self.counts = (self.counts[0] + bool(paid), self.counts[1] + bool(received))
        self.totals = (self.totals[0] + paid, self.totals[1] + received)


def _told(
    part: _Part, found: FileStatement | None, file: CsvFile, as_of: datetime
) -> FileStatement:
    if found is None:
        source = Source(Channel.BANK_CSV, file.name)
        found = FileStatement(part.account, None, as_of, False, None, None, (), source)
    for stated, running in ((part.opening, found.opening), (part.closing, found.closing)):
        if None not in (stated, running) and stated != running:
            raise file.error(part.row, f"残高 {running:,}", f"{stated:,}")
    return replace(found, period=part.period, opening=part.opening, closing=part.closing)


class _Reading:
    """How the rows are read: each belongs to the account whose header stands above it."""

    balance = "残高"

    def __init__(self, file: CsvFile, today: date) -> None:
        self.parts: list[_Part] = []
        self._file, self._today = file, today
        self._before = ""

    def runs(self, block: Block, *, first: bool) -> Iterator[Run]:
        if first:
            self._follow(block)
        rows = [
            (row, fields)
            for row, fields in zip(block.numbers, block.rows, strict=True)
            if fields[0] == _DATA
        ]
        for account, own in together(self._part(row).account for row, _ in rows):
            numbers = [row for row, _ in rows[own]]
            yield Run(account, numbers, [self._transaction(*each) for each in rows[own]])

    def _follow(self, block: Block) -> None:
        for row, fields in zip(block.numbers, block.rows, strict=True):
            kind = fields[0]
            if kind not in _FOLLOWS[self._before]:
                raise self._file.error(row, "1/2/8/9", kind)
            if len(fields) != _WIDTHS[kind]:
                raise self._file.error(row, f"{_WIDTHS[kind]} columns", f"{len(fields)} columns")
            if kind == _HEADER:
                self._begin(row, fields)
            elif kind == _DATA:
                self.parts[-1].add(*self._sides(row, fields))
            elif kind == _END:
                self._end(row, fields)
            self._before = kind

    def finish(self) -> bool:
        if self._before != _END:
            raise self._file.error(self.parts[-1].row, _END, self._before)
        return False

    def _begin(self, row: int, fields: Sequence[str]) -> None:
        number = clean(fields[6]) or ""
        if not (number.isascii() and number.isdigit()):
            raise self._file.error(row, "口座番号", fields[6])
        account = Account(
            branch_code=None,
            kind=_KINDS.get(fields[3].strip(), AccountKind.OTHER),
            number=account_number(number),
        )
        if any(part.account == account for part in self.parts):
            raise self._file.error(row, "口座番号 (1回だけ)", number)
        self.parts.append(_Part(row, account, self._period(fields[8])))

    def _end(self, row: int, fields: Sequence[str]) -> None:
        part = self.parts[-1]
        counts, totals = part.counts, part.totals
        part.opening, part.closing = self._yen(row, fields[6]), self._yen(row, fields[7])
        expected = (*counts, *totals)
        stated = tuple(self._yen(row, fields[index]) or 0 for index in (1, 2, 4, 5))
        if stated != expected:
            words = (" ".join(map(str, figures)) for figures in (expected, stated))
            raise self._file.error(row, f"件数・合計 {next(words)}", next(words))
        if part.opening is not None and part.closing is not None:
            closing = part.opening - totals[0] + totals[1]
            if closing != part.closing:
                raise self._file.error(row, f"残高 {closing:,}", f"{part.closing:,}")

    def _part(self, row: int) -> _Part:
        return self.parts[bisect_right(self.parts, row, key=attrgetter("row")) - 1]

    def _transaction(self, row: int, fields: Sequence[str]) -> Transaction:
        paid, received = self._sides(row, fields)
        try:
            booked_on = read_day(fields[1], self._today, without_era=True)
        except ValueError:
            raise self._file.error(row, "指定日 (年月日)", fields[1]) from None
        described = filter(None, map(clean, fields[2:4]))
        return Transaction(
            booked_on=booked_on,
            amount=received - paid,
            balance=self._yen(row, fields[6]),
            description=" ".join(described) or None,
        )

    def _sides(self, row: int, fields: Sequence[str]) -> tuple[int, int]:
        paid, received = self._yen(row, fields[4]) or 0, self._yen(row, fields[5]) or 0
        if (paid and received) or not (fields[4].strip() or fields[5].strip()):
            raise self._file.error(row, "支払金額, 受取金額 (一方だけ)", ", ".join(fields[4:6]))
        return paid, received

    def _yen(self, row: int, cell: str) -> int | None:
        try:
            return read_yen(cell)
        except ValueError:
            raise self._file.error(row, "金額 (数字)", cell) from None

    def _period(self, written: str) -> Period | None:
        """The days asked for, None where they are not written as two days."""
        parts = _PERIOD.fullmatch(clean(written) or "")
        if parts is None:
            return None
        try:
            first, last = (read_day(part, self._today, without_era=True) for part in parts.groups())
            return Period(first, last)
        except ValueError:
            return None
