"""Reads ANSER形式 CSV (入出金明細〔ANSER〕照会結果ファイル), the download of BizSOL-type banks.

One heading row, then one row per transaction, oldest first, several accounts in one file.
Source: the banks' file specification of 2017. Headings are matched after NFKC, because banks
write their brackets in full or in half width.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import TypeVar

from hikae.formats.accounts import account_kind, account_number
from hikae.formats.cleaning import clean
from hikae.formats.csvfile import rows
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import Account
from hikae.model.statement import Channel, Source, Statement, Transaction, TransactionKind

T = TypeVar("T")

ACCOUNT, NUMBER, BOOKED_ON, VALUE_ON = "照会口座", "番号", "勘定日", "(起算日)"
DEBIT, CREDIT, BALANCE = "出金金額(円)", "入金金額(円)", "残高(円)"
KIND, DESCRIPTION = "取引区分", "摘要"

HEADINGS = (ACCOUNT, NUMBER, BOOKED_ON, VALUE_ON, DEBIT, CREDIT, BALANCE, KIND, DESCRIPTION)
"""The headings that are read; others may stand beside them, in any order."""

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
    """A row as headings: NFKC, without spaces."""
    return [(clean(field) or "").replace(" ", "") for field in fields]


def is_heading(fields: Sequence[str]) -> bool:
    """Whether a row is the heading row of this format."""
    return set(HEADINGS) <= set(headings(fields))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a file by column: their numbers in the file, and cells as they stand."""

    file: str
    numbers: Sequence[int]
    cells: Mapping[str, Sequence[str]]

    def column(self, heading: str, expected: str, read: Callable[[str], T]) -> list[T]:
        """All cells below a heading, read; a ValueError becomes UnreadableFile with the row."""
        values: list[T] = []
        for cell in self.cells[heading]:
            try:
                values.append(read(cell))
            except ValueError:
                raise self.error(len(values), f"{heading} {expected}", cell) from None
        return values

    def error(self, index: int, expected: str, found: str) -> UnreadableFile:
        """The row at `index` is damaged."""
        row = self.numbers[index]
        return UnreadableFile(self.file, row=row, expected=expected.strip(), found=found)


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a whole file, one statement per account, incomplete, without a period.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    table = _table(data, name)
    _check_numbers(table)
    places: defaultdict[Account, list[int]] = defaultdict(list)
    accounts = table.column(ACCOUNT, "(支店名(支店コード) 種類 番号)", _account)
    for account, together in groupby(range(len(accounts)), key=accounts.__getitem__):
        places[account] += together
    transactions = _transactions(table)
    source = Source(Channel.ANSER_CSV, name)
    statements = []
    for account, indexes in places.items():
        _check_balances(table, transactions, indexes)
        own = tuple(transactions[index] for index in indexes)
        statements.append(_statement(account, own, as_of, source))
    return statements


def _table(data: bytes, name: str) -> _Rows:
    heading: list[str] = []
    first: Sequence[str] = ()
    numbers, found = [], []
    for number, fields in rows(data, name):
        first = first or fields
        if not heading:
            heading = headings(fields) if is_heading(fields) else []
        elif len(fields) != len(heading):
            expected, there = f"{len(heading)} columns", f"{len(fields)} columns"
            raise UnreadableFile(name, row=number, expected=expected, found=there)
        else:
            numbers.append(number)
            found.append(fields)
    if not heading:
        raise UnreadableFile(name, expected=" ".join(HEADINGS), found=" ".join(first))
    columns = zip(*found, strict=True) if found else ((),) * len(heading)
    return _Rows(name, numbers, dict(zip(heading, columns, strict=True)))


def _check_numbers(table: _Rows) -> None:
    """Running numbers go on by one, wrap after 999, or begin anew; a gap means a lost row."""
    before = 0
    for index, number in enumerate(table.column(NUMBER, "(数字)", _running_number)):
        if number not in (before + 1, (before + 1) % 1000, 1):
            raise table.error(index, f"{NUMBER} {before + 1:03}", table.cells[NUMBER][index])
        before = number


def _transactions(table: _Rows) -> list[Transaction]:
    return list(
        map(
            Transaction,
            table.column(BOOKED_ON, "(YYYY年MM月DD日)", _day),
            _amounts(table),
            table.column(BALANCE, "(数字)", _yen),
            table.column(VALUE_ON, "(YYYY年MM月DD日)", _day_or_none),
            table.column(KIND, "", _kind),
            table.column(DESCRIPTION, "", clean),
        )
    )


def _amounts(table: _Rows) -> list[int]:
    """Credits, and debits as negative figures; each row has one of them."""
    outgoing, incoming = (table.column(side, "(数字)", _yen) for side in (DEBIT, CREDIT))
    amounts = []
    for index, (debit, credit) in enumerate(zip(outgoing, incoming, strict=True)):
        if credit is not None and debit is None:
            amounts.append(credit)
        elif debit is not None and credit is None:
            amounts.append(-debit)
        else:
            found = f"{table.cells[DEBIT][index]}, {table.cells[CREDIT][index]}"
            raise table.error(index, f"{DEBIT}, {CREDIT} (一方だけ)", found)
    return amounts


def _check_balances(
    table: _Rows, transactions: Sequence[Transaction], indexes: Sequence[int]
) -> None:
    balance: int | None = None
    for index in indexes:
        transaction = transactions[index]
        if balance is not None:
            balance += transaction.amount
        stated = transaction.balance
        if balance is not None and stated is not None and stated != balance:
            raise table.error(index, f"{BALANCE} {balance:,}", f"{stated:,}")
        balance = balance if stated is None else stated


def _statement(
    account: Account, transactions: tuple[Transaction, ...], as_of: datetime, source: Source
) -> Statement:
    first, last = transactions[0], transactions[-1]
    return Statement(
        account=account,
        period=None,
        as_of=as_of,
        complete=False,
        opening=None if first.balance is None else first.balance - first.amount,
        closing=last.balance,
        transactions=transactions,
        source=source,
    )


# Cells; all raise ValueError for what they cannot be. What rows repeat is read once.


@lru_cache(maxsize=1024)
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


@lru_cache(maxsize=1024)
def _running_number(cell: str) -> int:
    if not _NUMBER.fullmatch(text := clean(cell) or ""):
        raise ValueError(cell)
    return int(text)


@lru_cache(maxsize=1024)
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
