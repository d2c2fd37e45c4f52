"""Reads OFX 1.x (SGML) and 2.x (XML): the statements of bank accounts in a download.

Source: Open Financial Exchange 1.02, 2.0 and, for rows that are not booked yet, 2.2. FITID, the
bank's own identity of a row, becomes its reference. LEDGERBAL is the closing balance where it is
not older than the last row.
"""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import BinaryIO

from hikae.formats.accounts import account_number
from hikae.formats.cleaning import clean
from hikae.formats.ofxmarkup import Kind, steps
from hikae.formats.stream import FileStatement
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.currency import exponent
from hikae.model.statement import Channel, Period, Source, Transaction, TransactionKind

_STATEMENTS = {"STMTRS", "CCSTMTRS"}
_ROW, _PENDING_ROW, _PENDING_LIST = "STMTTRN", "STMTTRNP", "BANKTRANLISTP"
_INSIDE = {
    *("BANKACCTFROM", "CCACCTFROM", "BANKTRANLIST", "LEDGERBAL", "AVAILBAL", _PENDING_LIST),
    *("PAYEE", "BANKACCTTO", "CCACCTTO", "CURRENCY", "ORIGCURRENCY", "IMAGEDATA"),
}
"""Aggregates whose elements are not those of the row or statement that they stand in."""

_KEYS = {
    *("CURDEF", "BANKACCTFROM.BANKID", "BANKACCTFROM.BRANCHID", "BANKACCTFROM.ACCTID"),
    *("BANKACCTFROM.ACCTTYPE", "CCACCTFROM.ACCTID", "BANKTRANLIST.DTSTART"),
    *("BANKTRANLIST.DTEND", "LEDGERBAL.BALAMT", "LEDGERBAL.DTASOF"),
    *("TRNTYPE", "DTPOSTED", "DTAVAIL", "TRNAMT", "FITID", "NAME", "PAYEE.NAME", "MEMO"),
    *("CURRENCY.CURSYM", "DTTRAN", "REFNUM", f"{_PENDING_LIST}.DTASOF"),
}
_ACCOUNT_KINDS = {"CHECKING": AccountKind.CURRENT, "SAVINGS": AccountKind.ORDINARY}
_KINDS = {
    "XFER": TransactionKind.TRANSFER,
    "DIRECTDEP": TransactionKind.TRANSFER,
    "DIRECTDEBIT": TransactionKind.BOOK_TRANSFER,
    "ATM": TransactionKind.CASH,
    "CASH": TransactionKind.CASH,
    "CHECK": TransactionKind.CLEARING,
    "OTHER": TransactionKind.OTHER,
}
_UNKNOWN_BANK = "0000"
_ROWS_KEPT = 50_000
_AMOUNT = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{0,6})?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MOMENT = re.compile(
    r"(?P<day>[0-9]{8})(?P<time>[0-9]{6})?(\.[0-9]{1,6})?"
    r"(\[(?P<offset>[+-]?[0-9]{1,2}(\.[0-9]{1,2})?)(:[A-Za-z]{0,8})?\])?"
)


def looks_like(data: bytes) -> bool:
    """Whether a file begins as OFX does, of whatever version."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip().upper()
    return start.startswith((b"OFXHEADER", b"<?OFX", b"<OFX>", b"<?XML"))


def open_statements(file: BinaryIO, name: str, as_of: datetime) -> list[FileStatement]:
    """One statement per account of a seekable file, incomplete; rows are read when wanted.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    found: list[FileStatement] = []
    rows = _Rows(file, name, 0)
    for group in _groups(file, name):
        if group.name == _ROW:
            rows.count(_transaction(group))
        elif group.name == _PENDING_ROW:
            rows.keep(group)
        else:
            found.append(_statement(group, rows, as_of))
            rows = _Rows(file, name, len(found))
    return found


@dataclass(frozen=True, slots=True)
class _Group:
    """The elements of a row, or of a statement without its rows; line: where it begins.

    of: the statement that a row belongs to; index: which one of the file's statements.
    """

    file: str
    name: str
    line: int
    index: int
    of: "_Group | None" = None
    cells: dict[str, str] = field(default_factory=dict)

    def keep(self, parent: str, element: str, value: str) -> None:
        key = f"{parent}.{element}" if parent in _INSIDE else element
        if key in _KEYS:
            self.cells.setdefault(key, value)

    def text(self, key: str) -> str | None:
        return clean(self.cells.get(key, ""))

    def currency(self) -> str:
        """The statement's, which must be the row's too."""
        currency = (self.of or self).cells.get("CURDEF", "").upper()
        own = self.cells.get("CURRENCY.CURSYM", currency).upper()
        if not _CURRENCY.fullmatch(currency):
            raise self.error("CURDEF (ISO 4217)", currency)
        if own != currency:
            raise self.error(f"CURSYM {currency}", own)
        return currency

    def minor_units(self, key: str) -> int:
        written = self.cells.get(key, "")
        if not _AMOUNT.fullmatch(written):
            raise self.error(f"{key} (数字)", written)
        minor = Decimal(written.replace(",", ".")).scaleb(exponent(self.currency()))
        if minor != minor.to_integral_value():
            raise self.error(f"{key} ({self.currency()})", written)
        return int(minor)

    def day(self, key: str) -> date:
        day = self.day_or_none(key)
        if day is None:
            raise self.error(key, "")
        return day

    def day_or_none(self, key: str) -> date | None:
        """A day, None where it is not said."""
        written = self.cells.get(key, "")
        try:
            return _day(written) if written else None
        except (ValueError, OverflowError):
            raise self.error(f"{key} (YYYYMMDD)", written) from None

    def error(self, expected: str, found: str) -> UnreadableFile:
        return UnreadableFile(self.file, row=self.line, expected=expected, found=found)


def _groups(file: BinaryIO, name: str) -> Iterator[_Group]:
    """Each row, and behind its rows each statement."""
    statement: _Group | None = None
    row: _Group | None = None
    index, path = 0, [""]
    for step in steps(file, name):
        if step.kind is Kind.OPEN:
            path.append(step.name)
            if step.name in _STATEMENTS:
                statement = _Group(name, step.name, step.line, index)
            elif step.name in {_ROW, _PENDING_ROW} and statement:
                row = _Group(name, step.name, step.line, index, statement)
        elif step.kind is Kind.VALUE:
            if group := row or statement:
                group.keep(path[-1], step.name, step.value)
        else:
            path.pop()
            if row and step.name == row.name:
                yield row
                row = None
            elif statement and step.name == statement.name:
                yield statement
                statement, index = None, index + 1


class _Rows:
    """A statement's transactions, oldest first, read anew at each iteration; and their sum."""

    def __init__(self, file: BinaryIO, name: str, index: int) -> None:
        self._file, self._name, self._index = file, name, index
        self._count = self.total = 0
        self._first: date | None = None
        self.last: date | None = None
        self.newest: date | None = None
        self.pending: list[Transaction] = []

    def count(self, transaction: Transaction) -> None:
        """Take the next row of the first way through the file."""
        self._count += 1
        self.total += transaction.amount
        self._first = self._first or transaction.booked_on
        self.last = transaction.booked_on
        self.newest = max(self.newest or self.last, self.last)

    def keep(self, row: _Group) -> None:
        """Take a row that is not booked yet."""
        if len(self.pending) == _ROWS_KEPT:
            raise row.error(f"{_PENDING_ROW} ({_ROWS_KEPT:,}まで)", _PENDING_ROW)
        self.pending.append(_pending(row))

    def __iter__(self) -> Iterator[Transaction]:
        if self._first is None or self.last is None or self._first <= self.last:
            return self._as_written()
        return self._backwards()

    def _as_written(self) -> Iterator[Transaction]:
        groups = _groups(self._file, self._name)
        rows = (row for row in groups if (row.index, row.name) == (self._index, _ROW))
        return map(_transaction, islice(rows, self._count))

    def _backwards(self) -> Iterator[Transaction]:
        """The newest row stands first: the last rows of the file, then those before them."""
        for end in range(self._count, 0, -_ROWS_KEPT):
            rows = deque(islice(self._as_written(), end), maxlen=min(_ROWS_KEPT, end))
            yield from reversed(rows)


def _statement(head: _Group, rows: _Rows, as_of: datetime) -> FileStatement:
    closing = _closing(head, rows.newest)
    tells_pending = rows.pending or f"{_PENDING_LIST}.DTASOF" in head.cells
    return FileStatement(
        account=_account(head),
        period=_period(head),
        as_of=as_of,
        complete=False,
        opening=None if closing is None else closing - rows.total,
        closing=closing,
        transactions=rows,
        source=Source(Channel.OFX, head.file),
        pending=tuple(sorted(rows.pending, key=attrgetter("booked_on"))) if tells_pending else None,
    )


def _closing(head: _Group, newest: date | None) -> int | None:
    """LEDGERBAL, unless rows came after it."""
    if "LEDGERBAL.BALAMT" not in head.cells:
        return None
    as_of = head.day_or_none("LEDGERBAL.DTASOF")
    balance = head.minor_units("LEDGERBAL.BALAMT")
    return None if as_of and newest and as_of < newest else balance


def _account(head: _Group) -> Account:
    number = head.text("BANKACCTFROM.ACCTID") or head.text("CCACCTFROM.ACCTID")
    if not number:
        raise head.error("ACCTID", "")
    bank, branch = (_digits(head.text(f"BANKACCTFROM.{key}")) for key in ("BANKID", "BRANCHID"))
    kind = (head.text("BANKACCTFROM.ACCTTYPE") or "").upper()
    return Account(
        bank_code=bank if bank and len(bank) == 4 and bank != _UNKNOWN_BANK else None,
        branch_code=branch if branch and len(branch) == 3 else None,
        kind=_ACCOUNT_KINDS.get(kind, AccountKind.OTHER),
        number=account_number(number) if _digits(number) else number,
        currency=head.currency(),
    )


def _digits(text: str | None) -> str | None:
    return text if text and text.isascii() and text.isdigit() else None


def _period(head: _Group) -> Period | None:
    first, last = (head.day_or_none(f"BANKTRANLIST.{key}") for key in ("DTSTART", "DTEND"))
    if first is None or last is None:
        return None
    if last < first:
        raise head.error(f"DTEND >= {first}", str(last))
    return Period(first, last)


@lru_cache(maxsize=1024)  # row after row repeats it
def _day(written: str) -> date:
    """The day in Japan of a moment whose offset is said, else as written. Raises ValueError."""
    parts = _MOMENT.fullmatch(written)
    if not parts:
        raise ValueError(written)
    zone = timezone(timedelta(hours=float(parts["offset"] or 9)))
    moment = datetime.fromisoformat(f"{parts['day']}T{parts['time'] or '000000'}")
    moment = moment.replace(tzinfo=zone)
    return japan_day(moment) if parts["time"] else moment.date()


def _transaction(row: _Group) -> Transaction:
    return _told(row, row.day("DTPOSTED"), row.day_or_none("DTAVAIL"), row.text("FITID"))


def _pending(row: _Group) -> Transaction:
    """A row of BANKTRANLISTP; its day is that of the purchase or order."""
    return _told(row, row.day("DTTRAN"), None, row.text("REFNUM"))


def _told(row: _Group, day: date, value_on: date | None, reference: str | None) -> Transaction:
    name, memo = row.text("NAME") or row.text("PAYEE.NAME"), row.text("MEMO")
    return Transaction(
        booked_on=day,
        value_on=value_on,
        amount=row.minor_units("TRNAMT"),
        kind=_KINDS.get((row.text("TRNTYPE") or "").upper()),
        description=memo or name,
        counterparty=name if memo else None,
        bank_reference=reference,
    )
