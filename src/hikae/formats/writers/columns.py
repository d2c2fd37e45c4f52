"""The columns in which tables show transactions: for CSV and Excel, one list for both."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from hikae.formats.accounts import KIND_WORDS
from hikae.formats.stream import StatementStream
from hikae.model.account import Account
from hikae.model.statement import Transaction, TransactionKind

HEADINGS = (
    *("金融機関コード", "金融機関名", "支店コード", "支店名", "口座種類", "口座番号", "口座名義"),
    *("通貨", "取引日", "起算日", "出金額", "入金額", "残高", "取引区分", "摘要", "取引先"),
    *("照会番号", "EDI情報"),
)

TRANSACTION_KIND_WORDS = {
    TransactionKind.CASH: "現金",
    TransactionKind.TRANSFER: "振込",
    TransactionKind.CHEQUE_DEPOSIT: "他店券入金",
    TransactionKind.CLEARING: "交換",
    TransactionKind.BOOK_TRANSFER: "振替",
    TransactionKind.RENEWAL: "継続",
    TransactionKind.CORRECTION: "訂正",
    TransactionKind.OTHER: "その他",
}


class Money(NamedTuple):
    """A cell with minor units of a currency."""

    minor: int
    currency: str


TableCell = str | date | Money | None


def table(statements: Iterable[StatementStream]) -> Iterator[list[TableCell]]:
    """A row for each transaction, in the order of HEADINGS; texts as they are."""
    for statement in statements:
        account = _account(statement.account)
        for transaction in statement.transactions:
            yield account + _transaction(transaction, statement.account.currency)


def _account(account: Account) -> list[TableCell]:
    return [
        account.bank_code,
        account.bank_name,
        account.branch_code,
        account.branch_name,
        KIND_WORDS[account.kind],
        account.number,
        account.holder,
        account.currency,
    ]


def _transaction(transaction: Transaction, currency: str) -> list[TableCell]:
    moved, balance = Money(abs(transaction.amount), currency), transaction.balance
    went, came = (moved, None) if transaction.amount < 0 else (None, moved)
    return [
        transaction.booked_on,
        transaction.value_on,
        went,
        came,
        None if balance is None else Money(balance, currency),
        None if transaction.kind is None else TRANSACTION_KIND_WORDS[transaction.kind],
        transaction.description,
        transaction.counterparty,
        transaction.bank_reference,
        transaction.edi,
    ]
