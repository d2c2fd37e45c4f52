"""What hledger and beancount books have in common: names of accounts, and totals that hold.

A bank account begins with what it held before the first row, against equity, and ends with what
the bank said it held after the last one, as an assertion that the program proves. Where a later
statement does not begin with what the one before it ended with, the difference is booked too.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from hikae.formats.stream import StatementStream
from hikae.formats.writers.covered_days import covered_days
from hikae.formats.writers.writer import Unwritable
from hikae.model.account import Account
from hikae.model.statement import Transaction


@dataclass(frozen=True, slots=True)
class PlainTextAccounts:
    """Names of accounts; below `bank` each bank account has one of its own.

    Raises ValueError for a name that would end early in a line of a journal.
    """

    bank: str
    receipts: str
    payments: str
    equity: str

    def __post_init__(self) -> None:
        """Refuse what a journal would not read as one name."""
        for name in (self.bank, self.receipts, self.payments, self.equity):
            if not name.isprintable() or ";" in name or "  " in name or name != name.strip():
                raise ValueError(f"no name of an account: {name!r}")

    def own(self, account: Account) -> str:
        """The account of a bank account: bank, branch, kind and number, as far as known."""
        parts = (account.bank_code, account.branch_code, account.kind, account.number)
        name = "-".join(filter(None, (_ascii(part or "") for part in parts)))
        return f"{self.bank}:{name[:1].upper()}{name[1:]}"

    def contra(self, transaction: Transaction) -> str:
        """The other side of a transaction."""
        return self.receipts if transaction.amount >= 0 else self.payments


def _ascii(text: str) -> str:
    return "".join(each for each in text if each.isascii() and each.isalnum())


class Holding(NamedTuple):
    """What an account holds on a day, or what must be added to it; minor units."""

    account: str
    currency: str
    day: date
    minor: int


@dataclass(slots=True)
class _Held:
    """What was written of one account: its total, its last day, and what the bank says of it."""

    minor: int
    last: date
    stated: int | None = None


@dataclass(slots=True)
class Totals:
    """What every account holds while its statements are written one after another."""

    accounts: PlainTextAccounts
    _held: dict[tuple[str, str], _Held] = field(default_factory=dict)

    def begin(self, statement: StatementStream) -> Holding | None:
        """Go on with a statement: what must be added on its first day so that its rows start right.

        Raises Unwritable where it goes back before days that are written already: their rows
        would be booked twice.
        """
        days = covered_days(statement)
        name, currency = self.accounts.own(statement.account), statement.account.currency
        held = self._held.setdefault((name, currency), _Held(0, days.first))
        if days.first < held.last:
            raise Unwritable(f"{name}: {held.last} 以後", str(days.first))
        held.last = days.last
        held.stated = None if statement.opening is None else statement.closing
        if statement.opening is None or statement.opening == held.minor:
            return None
        missing, held.minor = statement.opening - held.minor, statement.opening
        return Holding(name, currency, days.first, missing)

    def add(self, account: str, currency: str, transaction: Transaction) -> None:
        """Count a row."""
        held = self._held[account, currency]
        held.minor += transaction.amount
        held.last = max(held.last, transaction.booked_on)

    def stated(self) -> Iterator[Holding]:
        """What the bank said last of each account whose whole content was written."""
        for (name, currency), held in self._held.items():
            if held.stated is not None:
                yield Holding(name, currency, held.last, held.stated)
