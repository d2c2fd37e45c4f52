"""Writes 全銀協規定形式 種別 03 (入出金取引明細), cp932 with CR LF after each record.

Source: 一般社団法人全国銀行協会, AP-Ⅰ-12 〔別冊〕, 2019-12; the tables are in `zengin_layouts`.
The format holds yen of accounts whose balance is known. Names hold half-width kana; a Loss tells
of each text that has others, is too long, or has no field: the counterparty of money that went
out, and anything but 摘要 for time deposits.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hikae.formats import era
from hikae.formats.records import Form, Layout
from hikae.formats.stream import StatementStream
from hikae.formats.writers.half_width import in_half_width
from hikae.formats.writers.writer import Tell, Unwritable, kept
from hikae.formats.zengin_layouts import (
    DATA_03_CURRENT,
    DATA_03_TIME,
    END_03,
    HEADER_03,
    TRAILER_03,
)
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.statement import Transaction, TransactionKind

Values = Mapping[str, int | str]
"""Field → digits or text. What is not named is filled: digits with zeros, text with spaces."""

_ACCOUNT_KINDS = {
    AccountKind.ORDINARY: 1,
    AccountKind.CURRENT: 2,
    AccountKind.SAVINGS: 4,
    AccountKind.NOTICE: 5,
    AccountKind.TIME: 6,
    AccountKind.INSTALMENT: 7,
}
_OTHER_ACCOUNT = 9
_WITH_TERMS = {AccountKind.NOTICE, AccountKind.TIME, AccountKind.INSTALMENT}
_TRANSACTION_KINDS = {
    TransactionKind.CASH: 10,
    TransactionKind.TRANSFER: 11,
    TransactionKind.CHEQUE_DEPOSIT: 12,
    TransactionKind.CLEARING: 13,
    TransactionKind.BOOK_TRANSFER: 14,
    TransactionKind.RENEWAL: 15,
    TransactionKind.OTHER: 18,
    TransactionKind.CORRECTION: 19,
}
_REMITTER = "振込依頼人名・契約者番号"
_REFERENCE = 8
_PLUS, _MINUS = 1, 2


def write(statements: Iterable[StatementStream], tell: Tell) -> Iterator[bytes]:
    """Header, data and trailer of each account, then the end record, which counts them all."""
    records = accounts = row = 0
    for statement in statements:
        account = _AccountRecords(statement, row, tell)
        yield account.header()
        yield from account.data()
        yield account.trailer()
        records += 2 + account.row - row
        accounts += 1
        row = account.row
    yield _record(END_03, {"データ区分": 9, "レコード総件数": records + 1, "口座数": accounts})


@dataclass(slots=True)
class _Sum:
    count: int = 0
    yen: int = 0

    def add(self, yen: int) -> None:
        self.count += 1
        self.yen += yen


@dataclass(slots=True)
class _AccountRecords:
    """The records of one account; what the trailer counts is counted while the data pass."""

    statement: StatementStream
    row: int
    tell: Tell
    came: _Sum = field(default_factory=_Sum)
    went: _Sum = field(default_factory=_Sum)

    def header(self) -> bytes:
        return _record(HEADER_03, self._head())

    def data(self) -> Iterator[bytes]:
        timed = self.statement.account.kind in _WITH_TERMS
        table = DATA_03_TIME if timed else DATA_03_CURRENT
        for transaction in self.statement.transactions:
            self.row += 1
            (self.came if transaction.amount >= 0 else self.went).add(abs(transaction.amount))
            yield _record(table, self._movement(transaction, table), self.row)

    def trailer(self) -> bytes:
        closing = self._opening() + self.came.yen - self.went.yen
        values: Values = {
            "データ区分": 8,
            "入金件数": self.came.count,
            "入金額合計": self.came.yen,
            "出金件数": self.went.count,
            "出金額合計": self.went.yen,
            "データ・レコード件数": self.came.count + self.went.count,
            **_signed(closing, "取引後残高"),
        }
        return _record(TRAILER_03, values)

    def _head(self) -> Values:
        account, period, made_on = self.statement.account, self.statement.period, self._made_on()
        if account.currency != "JPY":
            raise Unwritable("通貨 JPY", account.currency)
        names = {
            "銀行名": account.bank_name,
            "支店名": account.branch_name,
            "口座名": account.holder,
        }
        return {
            "データ区分": 1,
            "種別コード": "03",
            "作成日": _day(made_on, made_on),
            "勘定日(自)": 0 if period is None else _day(period.first, made_on),
            "勘定日(至)": 0 if period is None else _day(period.last, made_on),
            "銀行コード": account.bank_code or " " * 4,
            "支店コード": account.branch_code or " " * 3,
            "預金種目": self._kind(account),
            "口座番号": self._number(account),
            "通帳・証書区分": 2 if account.kind in _WITH_TERMS else 1,
            **_signed(self._opening(), "取引前残高"),
            **self._texts(HEADER_03, names, None),
        }

    def _movement(self, transaction: Transaction, table: Layout) -> Values:
        kind, value_on = transaction.kind, transaction.value_on
        credit, made_on = transaction.amount >= 0, self._made_on()
        texts = {"摘要内容": transaction.description, "EDI情報": transaction.edi}
        if credit:
            texts[_REMITTER] = transaction.counterparty
        elif transaction.counterparty:
            kept(self.tell, self.row, "出金の相手先", transaction.counterparty, "")
        return {
            "データ区分": 2,
            "照会番号": self._reference(transaction.bank_reference or ""),
            "勘定日": _day(transaction.booked_on, made_on, self.row),
            "預入・払出日": 0 if value_on is None else _day(value_on, made_on, self.row),
            "入払区分": 1 if credit else 2,
            "取引区分": 0 if kind is None else _TRANSACTION_KINDS[kind],
            "取引金額": abs(transaction.amount),
            **self._texts(table, texts, self.row),
        }

    def _made_on(self) -> date:
        return self.statement.source.made_on or japan_day(self.statement.as_of)

    def _opening(self) -> int:
        if self.statement.opening is None:
            raise Unwritable("取引前残高", "")
        return self.statement.opening

    def _kind(self, account: Account) -> int:
        if account.kind is AccountKind.TAX:
            kept(self.tell, None, "預金種目", "納税準備", "その他")
        return _ACCOUNT_KINDS.get(account.kind, _OTHER_ACCOUNT)

    def _number(self, account: Account) -> str:
        return account.number or kept(self.tell, None, "口座番号", "", "0000000000")

    def _reference(self, reference: str) -> str:
        fits = len(reference) <= _REFERENCE and not reference.strip("0123456789")
        return reference if fits else kept(self.tell, self.row, "照会番号", reference, "")

    def _texts(
        self, table: Layout, texts: Mapping[str, str | None], row: int | None
    ) -> dict[str, str]:
        """What the table's fields hold of the texts; a text without a field is told."""
        held = {}
        for name, text in texts.items():
            if text and name in table.fields:
                columns, _ = table.fields[name]
                narrow = in_half_width(text, columns.stop - columns.start)
                held[name] = kept(self.tell, row, name, text, narrow)
            elif text:
                kept(self.tell, row, name, text, "")
        return held


def _day(day: date, made_on: date, row: int | None = None) -> str:
    """A day of an era that the file does not name. Raises Unwritable where it would mean another.

    made_on: the day by which readers tell the era.
    """
    try:
        digits = era.written(day)
    except ValueError:
        digits = ""
    if not digits or era.near(digits, made_on) != day:
        raise Unwritable(f"和暦 YYMMDD ({made_on:%Y})", str(day), row)
    return digits


def _signed(balance: int, name: str) -> dict[str, int]:
    return {"貸越区分": _MINUS if balance < 0 else _PLUS, name: abs(balance)}


def _record(table: Layout, values: Values, row: int | None = None) -> bytes:
    record = bytearray(table.blank)
    for name, value in values.items():
        columns, form = table.fields[name]
        width = columns.stop - columns.start
        record[columns] = _field(name, width, form, str(value), row).encode("cp932")
    return bytes(record + b"\r\n")


def _field(name: str, width: int, form: Form, text: str, row: int | None) -> str:
    if len(text) > width:
        raise Unwritable(f"{name} ({width}桁まで)", text, row)
    if form is Form.C:
        return text.ljust(width)
    if text.strip(" ") and not (text.isascii() and text.isdigit()):
        raise Unwritable(f"{name} (数字)", text, row)
    return text.zfill(width)
