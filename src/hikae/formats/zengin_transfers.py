"""種別 01 振込入金通知: the transfers that came in, and those of them that were taken back.

A 取消 has the amount of the transfer that it takes back: the money leaves the account again, so
its amount is negative and its kind a correction. The file says no balance.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hikae.formats.records import Damage, Record, digits, integer, text
from hikae.formats.stream import FileStatement
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.zengin_layouts import DATA_01_A, DATA_01_B, END_01, HEADER_01, TRAILER_01
from hikae.formats.zengin_parts import Days, Part, RecordSource, account, agree, period
from hikae.model.statement import Channel, Source, Transaction, TransactionKind

_DATA, _CANCELLED = b"2", b"1"

_COMMON = ("照会番号", "勘定日", "起算日", "金額", "振込依頼人名", "取消区分")
_cut_a = DATA_01_A.cutter(*_COMMON, "EDI情報")
_cut_b = DATA_01_B.cutter(*_COMMON, "金額(2)", "EDI情報")
_cut_wide = DATA_01_B.cutter("金額(2)", "うち他店券金額(2)")


class TransferNotice(Part):
    """One account's records."""

    first, trailer, last = HEADER_01, TRAILER_01, END_01

    def __init__(self, source: RecordSource, header: Record, after: int, as_of: datetime) -> None:
        """Read account and period of the header."""
        super().__init__(source, header, after, as_of)
        self._account = account(header)
        self._period = period(header, self.days)
        self._came: list[int] = [0, 0]
        self._went: list[int] = [0, 0]

    def add(self, number: int, content: bytes) -> None:
        """Count a transfer, or one taken back."""
        amount = _read(self.source, number, content, self.days).amount
        side = self._went if _is_cancelled(content) else self._came
        side[0] += 1
        side[1] += abs(amount)

    def close(self, trailer: Record) -> list[FileStatement]:
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
                transactions=_Rows(self.source, self.after, self.header.number + 1, self.days),
                source=Source(Channel.ZENGIN, self.source.name),
            )
        ]

    def end(self, end: Record, parts: int) -> None:
        """The end record of this 種別 counts nothing."""


@dataclass(frozen=True, slots=True)
class _Rows:
    """An account's transactions, read anew at each iteration."""

    source: RecordSource
    offset: int
    number: int
    days: Days

    def __iter__(self) -> Iterator[Transaction]:
        """Read from the first data record to the trailer."""
        for number, _, content in self.source.records(self.offset, self.number):
            if content[:1] != _DATA:
                return
            yield _read(self.source, number, content, self.days)


def _read(source: RecordSource, number: int, content: bytes, days: Days) -> Transaction:
    try:
        return _transaction(content, days)
    except Damage as damage:
        raise UnreadableFile(
            source.name, record=number, expected=damage.expected, found=damage.found
        ) from None


def _transaction(content: bytes, days: Days) -> Transaction:
    if all(map(bytes.isdigit, _cut_wide(content))):
        reference, booked, value, yen, name, _, wide_yen, edi = _cut_b(content)
    else:
        reference, booked, value, yen, name, _, edi = _cut_a(content)
        wide_yen = b""
    amount = _amount(yen, wide_yen)
    cancelled = _is_cancelled(content)
    number = digits(reference, "照会番号")
    return Transaction(
        booked_on=days.day(booked, "勘定日"),
        value_on=days.day_or_none(value, "起算日"),
        amount=-amount if cancelled else amount,
        kind=TransactionKind.CORRECTION if cancelled else TransactionKind.TRANSFER,
        counterparty=text(name, "振込依頼人名"),
        bank_reference=number.decode("ascii") if number.strip(b"0") else None,
        edi=text(edi, "EDI情報"),
    )


def _amount(yen: bytes, wide_yen: bytes) -> int:
    """The amount of one field or the other; both may say the same."""
    amount, wide = integer(yen, "金額"), integer(wide_yen, "金額(2)")
    if amount and wide and amount != wide:
        raise Damage(f"金額(2) {amount:,}", f"{wide:,}")
    return wide or amount


def _is_cancelled(content: bytes) -> bool:
    columns, _ = DATA_01_A.fields["取消区分"]
    return content[columns] == _CANCELLED
