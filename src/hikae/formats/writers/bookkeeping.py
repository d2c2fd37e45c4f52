"""How a firm books what its bank did, in the words of Japanese bookkeeping programs.

A bank tells only one side of an entry. The other side is 仮受金 or 仮払金 (suspense accounts)
until somebody, or a rule of the firm, knows better; the tax class 対象外 leaves tax alone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hikae.formats.stream import StatementStream
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.writer import Unwritable
from hikae.model.account import Account, AccountKind
from hikae.model.statement import Transaction

_OWN_ACCOUNTS = {
    AccountKind.ORDINARY: "普通預金",
    AccountKind.CURRENT: "当座預金",
    AccountKind.TAX: "納税準備預金",
    AccountKind.SAVINGS: "貯蓄預金",
    AccountKind.NOTICE: "通知預金",
    AccountKind.TIME: "定期預金",
    AccountKind.INSTALMENT: "定期積金",
    AccountKind.OTHER: "普通預金",
}


def _undecided(_: Transaction) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """Names of accounts as they are registered in the firm's program.

    own_account, own_sub_account (補助科目; freee's 口座): None for 普通預金 and the like, and for
    the bank's name. decide: the contra account of a transaction, None for the suspense account.
    tax_class: of both sides.
    """

    own_account: str | None = None
    own_sub_account: str | None = None
    contra_of_receipts: str = "仮受金"
    contra_of_payments: str = "仮払金"
    tax_class: str = "対象外"
    decide: Callable[[Transaction], str | None] = _undecided

    def own(self, account: Account) -> str:
        """勘定科目 of a bank account."""
        return one_line(self.own_account) or _OWN_ACCOUNTS[account.kind]

    def own_sub(self, account: Account) -> str:
        """補助科目 of a bank account, empty where nobody says one."""
        return one_line(self.own_sub_account) or one_line(account.bank_name)

    def contra(self, transaction: Transaction) -> str:
        """勘定科目 of the other side."""
        suspense = self.contra_of_receipts if transaction.amount >= 0 else self.contra_of_payments
        return one_line(self.decide(transaction)) or one_line(suspense)


SUSPENSE = Bookkeeping()
"""Everything against suspense accounts."""


class Side(NamedTuple):
    """勘定科目 and 補助科目 of one side of an entry."""

    account: str
    sub_account: str


class Entry(NamedTuple):
    """A 仕訳 of two sides: a positive amount of yen moves from `credit` to `debit`."""

    row: int
    day: date
    debit: Side
    credit: Side
    yen: int
    narration: str


def entries(statements: Iterable[StatementStream], books: Bookkeeping) -> Iterator[Entry]:
    """An entry for each transaction. Raises Unwritable for another currency than yen."""
    for row, account, transaction in yen_rows(statements):
        own = Side(books.own(account), books.own_sub(account))
        contra = Side(books.contra(transaction), "")
        debit, credit = (own, contra) if transaction.amount >= 0 else (contra, own)
        yield Entry(
            row=row,
            day=transaction.booked_on,
            debit=debit,
            credit=credit,
            yen=abs(transaction.amount),
            narration=narration(transaction),
        )


def yen_rows(statements: Iterable[StatementStream]) -> Iterator[tuple[int, Account, Transaction]]:
    """Every transaction with its account and its number, from 1. Raises Unwritable as above."""
    row = 0
    for statement in statements:
        currency = statement.account.currency
        if currency != "JPY":
            raise Unwritable("通貨 JPY", currency)
        for transaction in statement.transactions:
            row += 1
            yield row, statement.account, transaction


def narration(transaction: Transaction) -> str:
    """摘要: description, counterparty and EDI information, on one line."""
    texts = (transaction.description, transaction.counterparty, transaction.edi)
    return " ".join(filter(None, map(one_line, texts)))
