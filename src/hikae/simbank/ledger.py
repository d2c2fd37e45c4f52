"""Accounts and their books: business transactions that grow with the bank's clock.

Knows nothing of pages, files or customers' sign-ins. A ledger is a function of its seed and the
time, plus what was posted or corrected by hand; its balances always add up, because a balance is
never stored, only summed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from itertools import count

from hikae.simbank.institution import Branch


class Kind(Enum):
    """取引区分: the code of the 全銀 records and the word on the screen."""

    CASH = ("10", "現金")
    TRANSFER = ("11", "振込")
    CLEARING = ("13", "交換")
    BOOK_TRANSFER = ("14", "振替")
    OTHER = ("18", "その他")
    CORRECTION = ("19", "訂正")

    def __init__(self, code: str, word: str) -> None:
        self.code = code
        self.word = word


class AccountKind(Enum):
    """預金種目: the code of the 全銀 records and the word on the screen."""

    ORDINARY = ("1", "普通")
    CURRENT = ("2", "当座")
    SAVINGS = ("4", "貯蓄")

    def __init__(self, code: str, word: str) -> None:
        self.code = code
        self.word = word


@dataclass(frozen=True, slots=True)
class Posting:
    """One booked transaction; `amount` in yen, negative when money leaves the account."""

    booked_on: date
    value_on: date
    amount: int
    kind: Kind
    description: str
    remitter: str = ""
    remitter_code: str = ""
    bank: str = ""
    branch: str = ""
    edi: str = ""
    cheque: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A posting as it stands in the book: with its key and the balance after it."""

    key: int
    posting: Posting
    balance: int


@dataclass(frozen=True, slots=True)
class Extract:
    """What the book says of a period, both days included."""

    first: date
    last: date
    opening: int
    rows: tuple[Row, ...]

    @property
    def closing(self) -> int:
        """The balance after the last row."""
        return self.opening + sum(row.posting.amount for row in self.rows)


class Ledger:
    """The book of one account."""

    def __init__(self, opening: int, schedule: Iterator[tuple[datetime, Posting]]) -> None:
        self.opening = opening
        self.inquired: set[int] = set()
        self._schedule = schedule
        self._next = next(schedule)
        self._keys = count(1)
        self._postings: dict[int, Posting] = {}

    def grow(self, now: datetime) -> None:
        """Book what the schedule holds up to now."""
        while self._next[0] <= now:
            self.post(self._next[1])
            self._next = next(self._schedule)

    def post(self, posting: Posting) -> int:
        """Book a transaction, also on a past day; return its key."""
        key = next(self._keys)
        self._postings[key] = posting
        return key

    def correct(self, key: int, posting: Posting) -> None:
        """Replace what stands under a key."""
        if key not in self._postings:
            raise KeyError(key)
        self._postings[key] = posting

    def rows(self) -> tuple[Row, ...]:
        """The whole book, by day and within a day as booked."""
        balance = self.opening
        rows = []
        for key, posting in sorted(self._postings.items(), key=lambda i: (i[1].booked_on, i[0])):
            balance += posting.amount
            rows.append(Row(key, posting, balance))
        return tuple(rows)

    def extract(self, first: date, last: date) -> Extract:
        """The rows of a period with the balance before them."""
        opening = self.opening
        kept = []
        for row in self.rows():
            if row.posting.booked_on < first:
                opening = row.balance
            elif row.posting.booked_on <= last:
                kept.append(row)
        return Extract(first, last, opening, tuple(kept))


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a customer with its book; `number` has seven digits."""

    branch: Branch
    kind: AccountKind
    number: str
    holder: str
    ledger: Ledger = field(compare=False)

    @property
    def label(self) -> str:
        """What screens and files call it: branch name (code) kind number."""
        return f"{self.branch.name}({self.branch.code}) {self.kind.word} {self.number}"


def as_plain(account: Account, extract: Extract) -> dict[str, object]:
    """An account's extract as plain data; `inquired` tells rows that 照会 has marked as read."""
    return {
        "branch_code": account.branch.code,
        "branch_name": account.branch.name,
        "kind": account.kind.word,
        "number": account.number,
        "holder": account.holder,
        "opening_balance": extract.opening,
        "closing_balance": extract.closing,
        "transactions": [
            {
                "key": row.key,
                "booked_on": row.posting.booked_on.isoformat(),
                "value_on": row.posting.value_on.isoformat(),
                "amount": row.posting.amount,
                "balance": row.balance,
                "kind": row.posting.kind.word,
                "description": row.posting.description,
                "remitter": row.posting.remitter,
                "edi": row.posting.edi,
                "inquired": row.key in account.ledger.inquired,
            }
            for row in extract.rows
        ],
    }


def same_again(posting: Posting, times: int) -> Sequence[Posting]:
    """Truly identical postings: nothing tells one from the other."""
    return [replace(posting) for _ in range(times)]
