"""種別 03 入出金取引明細: every movement of an account, with opening and closing balance."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from hikae.formats.records import Damage, Record, digits, integer, text
from hikae.formats.stream import FileStatement
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.zengin_layouts import (
    DATA_03_CURRENT,
    DATA_03_TIME,
    END_03,
    HEADER_03,
    TRAILER_03,
)
from hikae.formats.zengin_parts import (
    TRANSACTION_KINDS,
    Days,
    Part,
    RecordSource,
    account,
    agree,
    balance,
    period,
)
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, Source, Transaction

_WITH_TERMS = {AccountKind.NOTICE, AccountKind.TIME, AccountKind.INSTALMENT}
_KINDS = {code.encode(): kind for code, kind in TRANSACTION_KINDS.items()}
_CREDIT, _DEBIT = b"1", b"2"
_DATA = b"2"

_COMMON = ("照会番号", "勘定日", "預入・払出日", "入払区分", "取引区分", "取引金額")
_cut_current = DATA_03_CURRENT.cutter(*_COMMON, "振込依頼人名・契約者番号", "摘要内容", "EDI情報")
_cut_time = DATA_03_TIME.cutter(*_COMMON, "摘要内容")
_cut_movement = DATA_03_CURRENT.cutter("入払区分", "取引金額")  # at the same place in both tables


class Movements(Part):
    """One account's records."""

    first, trailer, last = HEADER_03, TRAILER_03, END_03

    def __init__(self, source: RecordSource, header: Record, after: int, as_of: datetime) -> None:
        """Read account, period and opening balance of the header."""
        super().__init__(source, header, after, as_of)
        self._account = account(header)
        self._period = period(header, self.days)
        self._opening = balance(header, "取引前残高")
        self._counts = {_CREDIT: 0, _DEBIT: 0}
        self._sums = {_CREDIT: 0, _DEBIT: 0}

    def add(self, number: int, content: bytes) -> None:
        """Count a movement on its side."""
        direction, yen = _cut_movement(content)
        try:
            self._counts[direction] += 1
            self._sums[direction] += integer(yen, "取引金額")
        except KeyError:
            found = direction.decode("ascii", "replace")
            raise self._error(number, "入払区分 1/2", found) from None
        except Damage as damage:
            raise self._error(number, damage.expected, damage.found) from None

    def close(self, trailer: Record) -> list[FileStatement]:
        """One statement, when counts, sums and closing balance agree."""
        closing = self._opening + self._sums[_CREDIT] - self._sums[_DEBIT]
        for side, name in ((_CREDIT, "入金"), (_DEBIT, "出金")):
            agree(trailer, f"{name}件数", self._counts[side])
            agree(trailer, f"{name[:1]}金額合計", self._sums[side])
        agree(trailer, "データ・レコード件数", sum(self._counts.values()))
        stated = balance(trailer, "取引後残高")
        if stated != closing:
            raise trailer.error(f"取引後残高 {closing:,}", f"{stated:,}")
        return [
            FileStatement(
                account=self._account,
                period=self._period,
                as_of=self.as_of,
                complete=False,
                opening=self._opening,
                closing=closing,
                transactions=_Rows(
                    source=self.source,
                    offset=self.after,
                    number=self.header.number + 1,
                    days=self.days,
                    with_terms=self._account.kind in _WITH_TERMS,
                    opening=self._opening,
                ),
                source=Source(Channel.ZENGIN, self.source.name, self.made_on),
            )
        ]

    def end(self, end: Record, parts: int) -> None:
        """All records, and all accounts."""
        agree(end, "レコード総件数", end.number)
        agree(end, "口座数", parts)

    def _error(self, number: int, expected: str, found: str) -> UnreadableFile:
        return UnreadableFile(self.source.name, record=number, expected=expected, found=found)


@dataclass(frozen=True, slots=True)
class _Rows:
    """An account's transactions with running balances, read anew at each iteration."""

    source: RecordSource
    offset: int
    number: int
    days: Days
    with_terms: bool
    opening: int

    def __iter__(self) -> Iterator[Transaction]:
        """Read from the first data record to the trailer."""
        balance = self.opening
        for number, _, content in self.source.records(self.offset, self.number):
            if content[:1] != _DATA:
                return
            try:
                transaction = self._transaction(content, balance)
            except Damage as damage:
                raise UnreadableFile(
                    self.source.name,
                    record=number,
                    expected=damage.expected,
                    found=damage.found,
                ) from None
            balance += transaction.amount
            yield transaction

    def _transaction(self, content: bytes, before: int) -> Transaction:
        name = edi = b""
        if self.with_terms:
            reference, booked, value, direction, kind, yen, description = _cut_time(content)
        else:
            fields = _cut_current(content)
            reference, booked, value, direction, kind, yen, name, description, edi = fields
        is_credit = direction == _CREDIT
        amount = integer(yen, "取引金額")
        if not is_credit:
            amount = -amount
        return Transaction(
            self.days.day(booked, "勘定日"),
            amount,
            before + amount,
            self.days.day_or_none(value, "預入・払出日"),
            _KINDS.get(digits(kind, "取引区分")),
            text(description, "摘要内容"),
            # Of money that went out the field holds a contract number.
            text(name, "振込依頼人名・契約者番号") if is_credit else None,
            _reference(reference),
            text(edi, "EDI情報"),
        )


def _reference(cell: bytes) -> str | None:
    number = digits(cell, "照会番号")
    return number.decode("ascii") if number.strip(b"0") else None
