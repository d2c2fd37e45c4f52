"""The 全銀 入出金取引明細 file (種別 03): records of 200 bytes with era dates.

JIS X 0201 in cp932 bytes; numbers right-justified with zeros, texts left-justified with spaces; as
全国銀行協会 publishes it in 適用業務およびレコード・フォーマット.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hikae.simbank.institution import Institution
from hikae.simbank.ledger import Account, Extract, Posting

_RECORD = 200
_REIWA = date(2019, 5, 1)


def write(bank: Institution, made_on: date, extracts: Sequence[tuple[Account, Extract]]) -> bytes:
    """The file for one inquiry: header, data and trailer of each account, then the end record."""
    records: list[str] = []
    for account, extract in extracts:
        records.append(_header(bank, made_on, account, extract))
        records += [_data(row.key, row.posting) for row in extract.rows]
        records.append(_trailer(extract))
    records.append(_record("9", _number(len(records) + 1, 10), _number(len(extracts), 5)))
    ending = "\r\n" if bank.separated_records else ""
    return "".join(record + ending for record in records).encode("cp932")


def era_date(day: date) -> str:
    """YYMMDD with the year of the Japanese era (平成 or 令和)."""
    year = day.year - (2018 if day >= _REIWA else 1988)
    return f"{year:02}{day:%m%d}"


def _header(bank: Institution, made_on: date, account: Account, extract: Extract) -> str:
    return _record(
        "1",
        "03",
        "0",
        era_date(made_on),
        era_date(extract.first),
        era_date(extract.last),
        bank.code,
        _text(bank.half_kana, 15),
        account.branch.code,
        _text(account.branch.kana, 15),
        "000",
        account.kind.code,
        _number(int(account.number), 10),
        _text(account.holder, 40),
        _sign(extract.opening),
        "1",
        _number(abs(extract.opening), 14),
    )


def _data(key: int, posting: Posting) -> str:
    return _record(
        "2",
        _number(key, 8),
        era_date(posting.booked_on),
        era_date(posting.value_on),
        "1" if posting.amount >= 0 else "2",
        posting.kind.code,
        _number(abs(posting.amount), 12),
        _number(0, 12),
        era_date(posting.booked_on) if posting.cheque else _number(0, 6),
        _number(0, 6),
        "1" if posting.cheque else "0",
        _number(int(posting.cheque or 0), 7),
        _number(0, 3),
        _number(int(posting.remitter_code or 0), 10),
        _text(posting.remitter, 48),
        _text(posting.bank, 15),
        _text(posting.branch, 15),
        _text(posting.description, 20),
        _text(posting.edi, 20),
    )


def _trailer(extract: Extract) -> str:
    amounts = [row.posting.amount for row in extract.rows]
    paid_in = [amount for amount in amounts if amount >= 0]
    paid_out = [-amount for amount in amounts if amount < 0]
    return _record(
        "8",
        _number(len(paid_in), 6),
        _number(sum(paid_in), 13),
        _number(len(paid_out), 6),
        _number(sum(paid_out), 13),
        _sign(extract.closing),
        _number(abs(extract.closing), 14),
        _number(len(amounts), 7),
    )


def _record(*fields: str) -> str:
    return "".join(fields).ljust(_RECORD)


def _number(value: int, width: int) -> str:
    return f"{value:0{width}}"


def _text(value: str, width: int) -> str:
    return value[:width].ljust(width)


def _sign(balance: int) -> str:
    return "1" if balance >= 0 else "2"
