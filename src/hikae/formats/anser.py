"""Reads ANSER形式 CSV (入出金明細〔ANSER〕照会結果ファイル), the download of BizSOL-type banks.

One heading row, then one row per transaction, oldest first, several accounts in one file.
Source: the banks' file specification of 2017. Headings are matched after NFKC, because banks
write their brackets in full or in half width.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import NamedTuple

from hikae.formats.accounts import account_kind, account_number
from hikae.formats.cleaning import clean
from hikae.formats.csvfile import rows
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import Account
from hikae.model.statement import Channel, Source, Statement, Transaction, TransactionKind

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


class _Line(NamedTuple):
    """One transaction's row: where it stands, and its cells as they stand, empty where blank."""

    file: str
    row: int
    account: str
    number: str
    booked_on: str
    value_on: str
    debit: str
    credit: str
    balance: str
    kind: str
    description: str

    def error(self, expected: str, found: str) -> UnreadableFile:
        return UnreadableFile(self.file, row=self.row, expected=expected, found=found)


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a whole file, one statement per account, incomplete, without a period.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    accounts: dict[Account, list[_Line]] = {}
    number = 0
    for written, lines in groupby(_lines(data, name), key=attrgetter("account")):
        together = list(lines)
        for line in together:
            number = _next_number(line, number)
        account = _account(written)
        if account is None:
            raise together[0].error(f"{ACCOUNT} (支店名(支店コード) 種類 番号)", written)
        accounts.setdefault(account, []).extend(together)
    source = Source(Channel.ANSER_CSV, name)
    return [_statement(account, lines, as_of, source) for account, lines in accounts.items()]


def _lines(data: bytes, name: str) -> Iterator[_Line]:
    heading: list[str] = []
    first: Sequence[str] = ()
    cells = itemgetter(*range(len(HEADINGS)))
    for row, fields in rows(data, name):
        first = first or fields
        if not heading:
            if is_heading(fields):
                heading = headings(fields)
                cells = itemgetter(*map(heading.index, HEADINGS))
        elif len(fields) != len(heading):
            expected, found = f"{len(heading)} columns", f"{len(fields)} columns"
            raise UnreadableFile(name, row=row, expected=expected, found=found)
        else:
            yield _Line(name, row, *cells(fields))
    if not heading:
        raise UnreadableFile(name, expected=" ".join(HEADINGS), found=" ".join(first))


def _next_number(line: _Line, before: int) -> int:
    """Running numbers go on by one, wrap after 999, or begin anew; a gap means a lost row."""
    number = _running_number(line.number)
    if number is None:
        raise line.error(f"{NUMBER} (数字)", line.number)
    if number not in (before + 1, (before + 1) % 1000, 1):
        raise line.error(f"{NUMBER} {before + 1:03}", line.number)
    return number


@lru_cache(maxsize=1024)
def _date_of(text: str) -> date:
    match = _DAY.fullmatch(text)
    year, month, day = map(int, match.groups()) if match else (0, 0, 0)
    return date(year, month, day)


def _statement(
    account: Account, lines: Sequence[_Line], as_of: datetime, source: Source
) -> Statement:
    transactions = tuple(map(_transaction, lines))
    _check_balances(lines, transactions)
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


def _transaction(line: _Line) -> Transaction:
    booked_on = _day(line, BOOKED_ON, line.booked_on)
    if booked_on is None:
        raise line.error(BOOKED_ON, "")
    return Transaction(
        booked_on=booked_on,
        value_on=_day(line, VALUE_ON, line.value_on),
        amount=_amount(line),
        balance=_yen(line, BALANCE, line.balance),
        kind=_KINDS.get(clean(line.kind) or ""),
        description=clean(line.description),
    )


def _amount(line: _Line) -> int:
    debit, credit = _yen(line, DEBIT, line.debit), _yen(line, CREDIT, line.credit)
    if credit is not None and debit is None:
        return credit
    if debit is not None and credit is None:
        return -debit
    raise line.error(f"{DEBIT}, {CREDIT} (一方だけ)", f"{line.debit}, {line.credit}")


def _check_balances(lines: Sequence[_Line], transactions: Sequence[Transaction]) -> None:
    balance: int | None = None
    for line, transaction in zip(lines, transactions, strict=True):
        if balance is not None:
            balance += transaction.amount
        stated = transaction.balance
        if balance is not None and stated is not None and stated != balance:
            raise line.error(f"{BALANCE} {balance:,}", f"{stated:,}")
        balance = balance if stated is None else stated


def _day(line: _Line, heading: str, text: str) -> date | None:
    try:
        return _calendar_day(text)
    except ValueError:
        raise line.error(f"{heading} (YYYY年MM月DD日)", text) from None


def _yen(line: _Line, heading: str, text: str) -> int | None:
    if not text:
        return None
    if not _YEN.fullmatch(text):  # figures seldom need cleaning, so look first
        text = clean(text) or ""
        if not text:
            return None
        if not _YEN.fullmatch(text):
            raise line.error(f"{heading} (数字)", text)
    return int(text.replace(",", ""))


# What row after row says again is read once.


@lru_cache(maxsize=1024)
def _account(written: str) -> Account | None:
    match = _ACCOUNT.fullmatch(clean(written) or "")
    if not match:
        return None
    return Account(
        branch_code=match["code"],
        branch_name=match["branch"].strip() or None,
        kind=account_kind(match["kind"]),
        number=account_number(match["number"]),
    )


@lru_cache(maxsize=1024)
def _running_number(written: str) -> int | None:
    text = clean(written) or ""
    return int(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def _calendar_day(written: str) -> date | None:
    """None for a blank; raises ValueError for what is no day."""
    text = clean(written)
    if text is None:
        return None
    match = _DAY.fullmatch(text)
    year, month, day = map(int, match.groups()) if match else (0, 0, 0)
    return date(year, month, day)
