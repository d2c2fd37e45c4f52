"""Made-up rows of busy accounts, the same on every run, as model and as plain values of tables."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from hikae.cloud.statements.daysets import DaySet
from hikae.cloud.statements.folding import fold
from hikae.model.account import Account, AccountKind
from hikae.model.statement import (
    Channel,
    Period,
    Source,
    Statement,
    Transaction,
    TransactionKind,
)

FIRST = date(2021, 1, 1)
ACCOUNT = Account(branch_code="001", kind=AccountKind.ORDINARY, number="1234567")

COMMON, SHORT, RARE, ABSENT = "ミホン", "ヤマ", "ホクリクセイヤク", "ソンザイシナイ"
"""Words of every other row, of the others and short, of very few rows, and of none."""

_RARELY = 30_011
_COUNTERPARTIES = 5_000
_DESCRIPTIONS = ("フリコミ", "テスウリョウ", "コウザフリカエ", "ソウキン")

COLUMNS = (
    *("organisation_id", "id", "account_id", "booked_on", "position", "value_on", "amount"),
    *("balance", "kind", "description", "counterparty", "bank_reference", "edi", "words"),
    "seen_at",
)
"""Of the table of transactions."""

DAY_COLUMNS = (
    "organisation_id",
    "account_id",
    "day",
    "rows",
    "total",
    "closing",
    "digest",
    "as_of",
)
"""Of the table of account days."""

WORDING_COLUMNS = ("organisation_id", "account_id", "id", "words", "first", "days")
"""Of the table of texts."""

Value = str | int | date | datetime | UUID | bytes | None
Row = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """`days` days of one account with `daily` rows each, from `FIRST` on."""

    days: int
    daily: int

    @property
    def as_of(self) -> datetime:
        """The morning after the last day."""
        after = FIRST + timedelta(days=self.days)
        return datetime(after.year, after.month, after.day, tzinfo=UTC)

    def transactions(self) -> Iterator[Transaction]:
        """All rows, oldest first."""
        balance, numbers = 0, count(1)
        for day in (FIRST + timedelta(days=n) for n in range(self.days)):
            for _ in range(self.daily):
                number = next(numbers)
                amount = 1_000 + number * 7_919 % 500_000
                amount = amount if number % 3 else -amount
                balance += amount
                yield _transaction(day, number, amount, balance)

    def statement(self) -> Statement:
        """All of it, complete, as a bank would show it."""
        rows = tuple(self.transactions())
        period = Period(FIRST, FIRST + timedelta(days=self.days - 1))
        source, closing = Source(Channel.ZENGIN), rows[-1].balance
        return Statement(ACCOUNT, period, self.as_of, True, 0, closing, rows, source)

    def rows(self, organisation: UUID, account: UUID) -> Iterator[Row]:
        """Values of COLUMNS for each transaction."""
        for number, row in enumerate(self.transactions()):
            identity = UUID(int=account.int + number)
            yield (
                *(organisation, identity, account, row.booked_on, number % self.daily),
                *(row.value_on, row.amount, row.balance, row.kind and row.kind.value),
                *(row.description, row.counterparty, row.bank_reference, row.edi),
                *(fold(row.description, row.counterparty), self.as_of),
            )

    def account_days(self, organisation: UUID, account: UUID) -> Iterator[Row]:
        """Values of DAY_COLUMNS for each day; its figures are not what is measured."""
        for n in range(self.days):
            figures = (self.daily, 0, None, bytes(32))
            yield (organisation, account, FIRST + timedelta(days=n), *figures, self.as_of)

    def wordings(self, organisation: UUID, account: UUID) -> Iterator[Row]:
        """Values of WORDING_COLUMNS for each text that rows carry, with its days."""
        said: defaultdict[str, set[date]] = defaultdict(set)
        for row in self.transactions():
            said[fold(row.description, row.counterparty)].add(row.booked_on)
        for number, (words, on) in enumerate(said.items()):
            days = DaySet.of(on)
            identity = UUID(int=account.int + number)
            yield (organisation, account, identity, words, days.first, days.to_bytes())


def _transaction(day: date, number: int, amount: int, balance: int) -> Transaction:
    name = RARE if number % _RARELY == 0 else f"{COMMON}{number * 31 % _COUNTERPARTIES}"
    return Transaction(
        booked_on=day,
        amount=amount,
        balance=balance,
        value_on=day,
        kind=TransactionKind.TRANSFER,
        description=_DESCRIPTIONS[number % len(_DESCRIPTIONS)],
        counterparty=f"カ){name}" if number % 2 or name == RARE else "ヤマテコウギョウ",
        bank_reference=f"{number:08}",
    )
