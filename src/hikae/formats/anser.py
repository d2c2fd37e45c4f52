"""Reads ANSER形式 CSV (入出金明細〔ANSER〕照会結果ファイル), the download of BizSOL-type banks.

One heading row, then one row per transaction, oldest first, several accounts in one file.
Source: the banks' file specification of 2017. Headings are matched after NFKC, because banks
write their brackets in full or in half width.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

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


@dataclass(frozen=True, slots=True)
class _Line:
    """One transaction's row: number and clean texts by heading, empty where blank."""

    file: str
    number: int
    texts: Mapping[str, str]

    def error(self, expected: str, found: str) -> UnreadableFile:
        return UnreadableFile(self.file, row=self.number, expected=expected, found=found)

    def day(self, heading: str) -> date | None:
        text = self.texts[heading]
        if not text:
            return None
        match = _DAY.fullmatch(text)
        try:
            year, month, day = map(int, match.groups()) if match else (0, 0, 0)
            return date(year, month, day)
        except ValueError:
            raise self.error(f"{heading} (YYYY年MM月DD日)", text) from None

    def yen(self, heading: str) -> int | None:
        text = self.texts[heading]
        if not text:
            return None
        if not _YEN.fullmatch(text):
            raise self.error(f"{heading} (数字)", text)
        return int(text.replace(",", ""))


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a whole file, one statement per account, incomplete, without a period.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    accounts: dict[Account, list[_Line]] = {}
    before: _Line | None = None
    for line in _lines(data, name):
        _check_number(line, before)
        accounts.setdefault(_account(line), []).append(line)
        before = line
    source = Source(Channel.ANSER_CSV, name)
    return [_statement(account, lines, as_of, source) for account, lines in accounts.items()]


def _lines(data: bytes, name: str) -> list[_Line]:
    heading: list[str] | None = None
    lines = []
    first: Sequence[str] = ()
    for number, fields in rows(data, name):
        first = first or fields
        if heading is None:
            heading = headings(fields) if is_heading(fields) else None
        elif len(fields) != len(heading):
            expected, found = f"{len(heading)} columns", f"{len(fields)} columns"
            raise UnreadableFile(name, row=number, expected=expected, found=found)
        else:
            texts = {key: clean(text) or "" for key, text in zip(heading, fields, strict=True)}
            lines.append(_Line(name, number, texts))
    if heading is None:
        raise UnreadableFile(name, expected=" ".join(HEADINGS), found=" ".join(first))
    return lines


def _check_number(line: _Line, before: _Line | None) -> None:
    """Running numbers go on by one, wrap after 999, or begin anew; a gap means a lost row."""
    found = line.texts[NUMBER]
    if not _NUMBER.fullmatch(found):
        raise line.error(f"{NUMBER} (数字)", found)
    follows = 1 if before is None else int(before.texts[NUMBER]) + 1
    if int(found) not in {follows, follows % 1000, 1}:
        raise line.error(f"{NUMBER} {follows:03}", found)


def _account(line: _Line) -> Account:
    text = line.texts[ACCOUNT]
    match = _ACCOUNT.fullmatch(text)
    if not match:
        raise line.error(f"{ACCOUNT} (支店名(支店コード) 種類 番号)", text)
    return Account(
        branch_code=match["code"],
        branch_name=match["branch"].strip() or None,
        kind=account_kind(match["kind"]),
        number=account_number(match["number"]),
    )


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
    booked_on = line.day(BOOKED_ON)
    if booked_on is None:
        raise line.error(BOOKED_ON, "")
    return Transaction(
        booked_on=booked_on,
        value_on=line.day(VALUE_ON),
        amount=_amount(line),
        balance=line.yen(BALANCE),
        kind=_KINDS.get(line.texts[KIND]),
        description=line.texts[DESCRIPTION] or None,
    )


def _amount(line: _Line) -> int:
    debit, credit = line.yen(DEBIT), line.yen(CREDIT)
    if credit is not None and debit is None:
        return credit
    if debit is not None and credit is None:
        return -debit
    raise line.error(f"{DEBIT}, {CREDIT} (一方だけ)", f"{line.texts[DEBIT]}, {line.texts[CREDIT]}")


def _check_balances(lines: Sequence[_Line], transactions: Sequence[Transaction]) -> None:
    balance: int | None = None
    for line, transaction in zip(lines, transactions, strict=True):
        if balance is not None:
            balance += transaction.amount
        stated = transaction.balance
        if balance is not None and stated is not None and stated != balance:
            raise line.error(f"{BALANCE} {balance:,}", f"{stated:,}")
        balance = balance if stated is None else stated
