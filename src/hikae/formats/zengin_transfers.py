"""種別 01 振込入金通知: the transfers that came in, and those of them that were taken back.

A 取消 has the amount of the transfer that it takes back: the money leaves the account again, so
its amount is negative and its kind a correction. The file says no balance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hikae.formats.cells import Damage
from hikae.formats.records import Record, digits, integer, text
from hikae.formats.stream import FileStatement
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.zengin_layouts import DATA_01_A, DATA_01_B, END_01, HEADER_01, TRAILER_01
from hikae.formats.zengin_parts import (
    Days,
    Part,
    RecordSource,
    Region,
    account,
    agree,
    each_record,
    period,
)
from hikae.model.statement import Channel, Source, Transaction, TransactionKind

_CANCELLED = b"1"

_WIDE = ("金額(2)", "うち他店券金額(2)")
"""Digits all over these tell layout B from A."""


class TransferNotice(Part):
    """One account's records."""

    first, trailer, last = HEADER_01, TRAILER_01, END_01

    def __init__(self, source: RecordSource, header: Record, as_of: datetime) -> None:
        """Read account and period of the header."""
        super().__init__(source, header, as_of)
        self._account = account(header)
        self._period = period(header, self.days)
        self._came: list[int] = [0, 0]
        self._went: list[int] = [0, 0]

    def add(self, number: int, records: bytes) -> None:
        """Count transfers, and those taken back."""
        for each, content in each_record(number, records):
            amount = _read(self.source.name, each, content, self.days).amount
            side = self._went if _is_cancelled(content) else self._came
            side[0] += 1
            side[1] += abs(amount)

    def close(self, trailer: Record, data: Region) -> list[FileStatement]:
        """One statement, when counts and sums agree."""
        for name, (count, total) in (("振込", self._came), ("取消", self._went)):
            agree(trailer, f"{name}合計件数", count)
            agree(trailer, f"{name}合計金額", total)
        return [
            FileStatement(
                account=self._account,
                period=self._period,
                as_of=self.as_of,
                complete=False,
                opening=None,
                closing=None,
                transactions=_Rows(data, self.days),
                source=Source(Channel.ZENGIN, self.source.name),
            )
        ]

    def end(self, end: Record, parts: int) -> None:
        """The end record of this 種別 counts nothing."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """An account's transactions, read anew at each iteration."""

    data: Region
    days: Days

    def __iter__(self) -> Iterator[Transaction]:
        """Read from the first data record to the trailer."""
        for number, content in self.data.each():
            yield _read(self.data.source.name, number, content, self.days)


def _read(file: str, number: int, content: bytes, days: Days) -> Transaction:
    try:
        return _transaction(content, days)
    except Damage as damage:
        raise UnreadableFile(
            file, record=number, expected=damage.expected, found=damage.found
        ) from None


def _transaction(content: bytes, days: Days) -> Transaction:
    is_wide = all(DATA_01_B.cell(content, name).isdigit() for name in _WIDE)
    table = DATA_01_B if is_wide else DATA_01_A
    amount = _amount(content, is_wide)
    cancelled = _is_cancelled(content)
    number = digits(table.cell(content, "照会番号"), "照会番号")
    return Transaction(
        booked_on=days.day(table.cell(content, "勘定日"), "勘定日"),
        value_on=days.day_or_none(table.cell(content, "起算日"), "起算日"),
        amount=-amount if cancelled else amount,
        kind=TransactionKind.CORRECTION if cancelled else TransactionKind.TRANSFER,
        counterparty=text(table.cell(content, "振込依頼人名"), "振込依頼人名"),
        bank_reference=number.decode("ascii") if number.strip(b"0") else None,
        edi=text(table.cell(content, "EDI情報"), "EDI情報"),
    )


def _amount(content: bytes, is_wide: bool) -> int:
    """The amount of one field or the other; both may say the same."""
    amount = integer(DATA_01_B.cell(content, "金額"), "金額")
    wide = integer(DATA_01_B.cell(content, "金額(2)"), "金額(2)") if is_wide else 0
    if amount and wide and amount != wide:
        raise Damage(f"金額(2) {amount:,}", f"{wide:,}")
    return wide or amount


def _is_cancelled(content: bytes) -> bool:
    return DATA_01_A.cell(content, "取消区分") == _CANCELLED
