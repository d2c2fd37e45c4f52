"""種別 03 入出金取引明細: every movement of an account, with opening and closing balance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate, islice, repeat
from operator import mul

from hikae.formats.cells import Damage
from hikae.formats.records import Columns, Record, digits, text
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
    Region,
    account,
    agree,
    balance,
    period,
)
from hikae.model.account import AccountKind
from hikae.model.statement import Channel, Source, Transaction, TransactionKind

_WITH_TERMS = {AccountKind.NOTICE, AccountKind.TIME, AccountKind.INSTALMENT}
_KINDS = {code.encode(): kind for code, kind in TRANSACTION_KINDS.items()}
_CREDIT, _DEBIT = b"1", b"2"
_SIGNS = {_CREDIT: 1, _DEBIT: -1}

_COMMON = ("照会番号", "勘定日", "預入・払出日", "入払区分", "取引区分", "取引金額")
_cut_current = DATA_03_CURRENT.cutter(*_COMMON, "振込依頼人名・契約者番号", "摘要内容", "EDI情報")
_cut_time = DATA_03_TIME.cutter(*_COMMON, "摘要内容")
_cut_movement = DATA_03_CURRENT.cutter("入払区分", "取引金額")  # at the same place in both tables


class Movements(Part):
    """One account's records."""

    first, trailer, last = HEADER_03, TRAILER_03, END_03

    def __init__(self, source: RecordSource, header: Record, as_of: datetime) -> None:
        """Read account, period and opening balance of the header."""
        super().__init__(source, header, as_of)
        self._account = account(header)
        self._period = period(header, self.days)
        self._opening = balance(header, "取引前残高")
        self._counts = {_CREDIT: 0, _DEBIT: 0}
        self._sums = {_CREDIT: 0, _DEBIT: 0}

    def add(self, number: int, records: bytes) -> None:
        """Count movements on their sides."""
        columns = _cut_movement(records)
        try:
            amounts = _amounts(columns)
        except Damage as damage:
            raise _unreadable(self.source, number, damage) from None
        came = sum(amount for amount in amounts if amount > 0)
        for side, total in ((_CREDIT, came), (_DEBIT, came - sum(amounts))):
            self._counts[side] += columns.cells["入払区分"].count(side)
            self._sums[side] += total

    def close(self, trailer: Record, data: Region) -> list[FileStatement]:
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
                    data, self.days, self._opening, self._account.kind in _WITH_TERMS
                ),
                source=Source(Channel.ZENGIN, self.source.name, self.made_on),
            )
        ]

    def end(self, end: Record, parts: int) -> None:
        """All records, and all accounts."""
        agree(end, "レコード総件数", end.number)
        agree(end, "口座数", parts)


@dataclass(frozen=True, slots=True)
class _Rows:
    """An account's transactions with running balances, read anew at each iteration."""

    data: Region
    days: Days
    opening: int
    with_terms: bool

    def __iter__(self) -> Iterator[Transaction]:
        """Read from the first data record to the trailer."""
        balance = self.opening
        for batch in self.data.batches():
            columns = (_cut_time if self.with_terms else _cut_current)(batch.data)
            try:
                amounts = _amounts(columns)
                yield from self._transactions(columns, amounts, balance)
            except Damage as damage:
                raise _unreadable(self.data.source, batch.number, damage) from None
            balance += sum(amounts)

    def _transactions(
        self, columns: Columns, amounts: Sequence[int], before: int
    ) -> list[Transaction]:
        """Transactions with balances that go on from `before`. Raises Damage."""
        return list(
            map(
                Transaction,
                columns.read("勘定日", self.days.day),
                amounts,
                islice(accumulate(amounts, initial=before), 1, None),
                columns.read("預入・払出日", self.days.day_or_none),
                columns.read("取引区分", _kind),
                columns.read("摘要内容", text),
                repeat(None) if self.with_terms else _remitters(columns),
                columns.read("照会番号", _reference),
                repeat(None) if self.with_terms else columns.read("EDI情報", text),
            )
        )


def _amounts(columns: Columns) -> list[int]:
    """Credits, and debits as negative figures. Raises Damage."""
    signs = columns.read("入払区分", _sign)
    return list(map(mul, signs, columns.integers("取引金額")))


def _sign(cell: bytes, name: str) -> int:
    if cell not in _SIGNS:
        raise Damage(f"{name} 1/2", cell.decode("ascii", "replace"))
    return _SIGNS[cell]


def _remitters(columns: Columns) -> list[str | None]:
    """Of money that came in; of money that went out the field holds a contract number."""
    name = "振込依頼人名・契約者番号"
    sides = zip(columns.cells["入払区分"], columns.cells[name], strict=True)
    own = [cell if side == _CREDIT else b"" for side, cell in sides]
    return Columns({name: own}).read(name, text)


def _kind(cell: bytes, name: str) -> TransactionKind | None:
    return _KINDS.get(digits(cell, name))


def _reference(cell: bytes, name: str) -> str | None:
    number = digits(cell, name)
    return number.decode("ascii") if number.strip(b"0") else None


def _unreadable(source: RecordSource, number: int, damage: Damage) -> UnreadableFile:
    """The record that is damaged; number: of the first of those that were read together."""
    return UnreadableFile(
        source.name,
        record=number + damage.index,
        expected=damage.expected,
        found=damage.found,
    )
