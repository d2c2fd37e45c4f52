"""A statement: what a bank said of one account and one period, and whether it adds up."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from hikae.model.account import Account
from hikae.model.problems import Problem, ProblemCode


class TransactionKind(StrEnum):
    """How money moved (取引区分)."""

    CASH = "cash"  # 現金
    TRANSFER = "transfer"  # 振込
    CHEQUE_DEPOSIT = "cheque_deposit"  # 他店券入金
    CLEARING = "clearing"  # 交換
    BOOK_TRANSFER = "book_transfer"  # 振替
    RENEWAL = "renewal"  # 継続
    CORRECTION = "correction"  # 訂正
    OTHER = "other"  # その他


class Channel(StrEnum):
    """The form in which a bank gave a statement."""

    PAGE = "page"
    ANSER_CSV = "anser_csv"
    ZENGIN = "zengin"
    BANK_CSV = "bank_csv"
    OFX = "ofx"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was read: the form, and the name of the file or page for messages.

    made_on: the day on which the bank made the file (作成日), None where it does not say it.
    """

    channel: Channel
    name: str = ""
    made_on: date | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `first` to `last`, both included (勘定日)."""

    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise ValueError(f"period ends before it begins: {self.first} > {self.last}")


class Transaction(msgspec.Struct, frozen=True, gc=False):
    """One row of a statement (明細).

    amount: signed minor units, debits negative; balance: after this row, where the bank says it.
    Texts are NFKC, trimmed; None where the bank does not say them.

    Files have a million of them: a Struct is made in a tenth of the time that a frozen dataclass
    takes, and the garbage collector need not visit what holds nothing but values.
    """

    booked_on: date
    amount: int
    balance: int | None = None
    value_on: date | None = None
    kind: TransactionKind | None = None
    description: str | None = None
    counterparty: str | None = None
    bank_reference: str | None = None
    edi: str | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Which of the balances that a bank gave could be compared with the rows.

    opening, closing: whether; running: how many rows' own balances.
    """

    opening: bool
    running: int
    closing: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """Rows of one account in the bank's order, oldest first, as the bank showed them at `as_of`.

    period: the days asked for; None where a file does not say them.
    complete: the bank claims that these are all rows of the period.
    opening, closing: balances before the first and after the last row, minor units.
    pending: rows that the bank shows but has not booked yet, a snapshot that belongs to no
    balance and no day; None where the bank said nothing of such rows.
    """

    account: Account
    period: Period | None
    as_of: datetime
    complete: bool
    opening: int | None
    closing: int | None
    transactions: tuple[Transaction, ...]
    source: Source
    pending: tuple[Transaction, ...] | None = None

    def check(self) -> Problem | None:
        """Prove the sums: opening + Σ amounts = closing, and each running balance on its way.

        Returns statement_inconsistent with the row (1 = first, 0 = the whole) and both figures,
        or None when every balance that the bank gave agrees.
        """
        balance = self.opening
        for row, transaction in enumerate(self.transactions, start=1):
            if balance is not None:
                balance += transaction.amount
                if transaction.balance is not None and transaction.balance != balance:
                    return _inconsistent(row, expected=balance, found=transaction.balance)
            else:
                balance = transaction.balance
        if balance is not None and self.closing is not None and balance != self.closing:
            return _inconsistent(0, expected=balance, found=self.closing)
        return None

    def proof(self) -> Proof:
        """Say what `check` has to compare; with nothing wrong, that is what was proven."""
        known, running = self.opening is not None, 0
        for transaction in self.transactions:
            if transaction.balance is not None:
                running += known
                known = True
        closing = known and self.closing is not None
        opening = self.opening is not None and (running > 0 or closing)
        return Proof(opening, running, closing)


def _inconsistent(row: int, *, expected: int, found: int) -> Problem:
    details = {"row": row, "expected": expected, "found": found}
    return Problem(ProblemCode.STATEMENT_INCONSISTENT, details=details)
