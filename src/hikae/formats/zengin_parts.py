"""What the 種別 of 全銀協規定形式 share: parts of a file, accounts, days, signs, agreement."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol

from hikae.formats import era
from hikae.formats.accounts import account_number
from hikae.formats.cells import Damage
from hikae.formats.recordfile import Batch
from hikae.formats.records import LENGTH, Layout, Record
from hikae.formats.stream import FileStatement
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.statement import Period, TransactionKind

ACCOUNT_KINDS = {
    "1": AccountKind.ORDINARY,
    "2": AccountKind.CURRENT,
    "4": AccountKind.SAVINGS,
    "5": AccountKind.NOTICE,
    "6": AccountKind.TIME,
    "7": AccountKind.INSTALMENT,
}
"""預金種目."""

TRANSACTION_KINDS = {
    "10": TransactionKind.CASH,
    "11": TransactionKind.TRANSFER,
    "12": TransactionKind.CHEQUE_DEPOSIT,
    "13": TransactionKind.CLEARING,
    "14": TransactionKind.BOOK_TRANSFER,
    "15": TransactionKind.RENEWAL,
    "18": TransactionKind.OTHER,
    "19": TransactionKind.CORRECTION,
}
"""取引区分."""

_SIGNS = {"": 1, "0": 1, "1": 1, "2": -1}


class RecordSource(Protocol):
    """Records of 200 bytes, from a file of fixed length or from CSV."""

    name: str

    def batches(self, start: int = 0, end: int | None = None, number: int = 1) -> Iterator[Batch]:
        """The records between two offsets; number: of the first. Raises UnreadableFile."""


@dataclass(frozen=True, slots=True)
class Region:
    """Data records that follow each other in a source: between two offsets, number of the first."""

    source: RecordSource
    start: int
    end: int
    number: int

    def batches(self) -> Iterator[Batch]:
        """All records, read anew at each call."""
        return self.source.batches(self.start, self.end, self.number)

    def each(self) -> Iterator[tuple[int, bytes]]:
        """Number and bytes of each record."""
        for batch in self.batches():
            yield from each_record(batch.number, batch.data)


def each_record(number: int, records: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each of the records that follow each other; number: of the first."""
    for start in range(0, len(records), LENGTH):
        yield number + start // LENGTH, records[start : start + LENGTH]


class Part(ABC):
    """A header, its data and its trailer; made of the header. All raise UnreadableFile.

    first, trailer, last: the tables of header, trailer and end record.
    """

    first: ClassVar[Layout]
    trailer: ClassVar[Layout]
    last: ClassVar[Layout]

    def __init__(self, source: RecordSource, header: Record, as_of: datetime) -> None:
        """as_of: when the file was got."""
        self.source, self.header, self.as_of = source, header, as_of
        self.made_on = _made_on(header, japan_day(as_of))
        self.days = Days(self.made_on or japan_day(as_of))

    @abstractmethod
    def add(self, number: int, records: bytes) -> None:
        """Count data records that follow each other, without keeping them; number: of the first."""

    @abstractmethod
    def close(self, trailer: Record, data: Region) -> list[FileStatement]:
        """The statements of the part, once they agree with the trailer; data: what was added."""

    @abstractmethod
    def end(self, end: Record, parts: int) -> None:
        """Prove what the end record counts; parts: how many there are in the file."""


class Days:
    """The days of a file, resolved against the day when it was made; each is read once."""

    def __init__(self, made_on: date) -> None:
        """made_on: 作成日, or when the file was got."""
        self._made_on = made_on
        self._read: dict[bytes, date | None] = {}

    def day(self, cell: bytes, name: str) -> date:
        """A day. Raises Damage where it is none."""
        day = self.day_or_none(cell, name)
        if day is None:
            raise Damage(name, cell.decode("ascii", "replace"))
        return day

    def day_or_none(self, cell: bytes, name: str) -> date | None:
        """A day, None where it is zeros or blank. Raises Damage where it is neither."""
        if cell in self._read:
            return self._read[cell]
        found = cell.decode("ascii", "replace")
        if not found.strip(" 0"):
            return None
        try:
            self._read[cell] = era.near(found, self._made_on)
        except ValueError:
            raise Damage(f"{name} (和暦 YYMMDD)", found) from None
        return self._read[cell]


def _made_on(header: Record, today: date) -> date | None:
    """作成日, against which all other days are resolved; None where the file does not say it."""
    digits = header.digits("作成日")
    if not digits.strip("0"):
        return None
    try:
        return era.made_on(digits, today)
    except ValueError:
        raise header.error("作成日 (和暦 YYMMDD)", digits) from None


def account(header: Record) -> Account:
    """The account that a header of 03 or 01 names."""
    number = header.digits("口座番号")
    if not number:
        raise header.error("口座番号", number)
    return Account(
        bank_code=header.digits("銀行コード") or None,
        bank_name=header.text("銀行名"),
        branch_code=header.digits("支店コード") or None,
        branch_name=header.text("支店名"),
        kind=ACCOUNT_KINDS.get(header.digits("預金種目"), AccountKind.OTHER),
        number=account_number(number),
        holder=header.text("口座名"),
    )


def period(header: Record, days: Days) -> Period | None:
    """The days asked for, None where the header does not say them."""
    try:
        first, last = (
            days.day_or_none(header.cell(name), name) for name in ("勘定日(自)", "勘定日(至)")
        )
    except Damage as damage:
        raise header.error(damage.expected, damage.found) from None
    if first is None or last is None:
        return None
    if last < first:
        raise header.error(f"勘定日(至) {first} 以後", str(last))
    return Period(first, last)


def balance(record: Record, name: str) -> int:
    """A balance of yen with its sign (貸越区分: 2 is overdrawn)."""
    sign = record.digits("貸越区分")
    if sign not in _SIGNS:
        raise record.error("貸越区分 1/2", sign)
    return _SIGNS[sign] * record.integer(name)


def agree(record: Record, name: str, counted: int) -> None:
    """Prove that a record states what was counted."""
    stated = record.integer(name)
    if stated != counted:
        raise record.error(f"{name} {counted:,}", f"{stated:,}")
