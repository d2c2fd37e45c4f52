"""Statements as banks might make them: strategies, and one statement that is easy to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from hikae.formats.cleaning import clean
from hikae.model.account import Account, AccountKind
from hikae.model.statement import (
    Channel,
    Period,
    Source,
    Statement,
    Transaction,
    TransactionKind,
)

AS_OF = datetime(2026, 11, 1, 3, tzinfo=UTC)
FILE = Source(Channel.ZENGIN, "made up")

ACCOUNT = Account(
    bank_code="9999",
    bank_name="サンプル銀行",
    branch_code="001",
    branch_name="ホンテン",
    kind=AccountKind.ORDINARY,
    number="0000001",
    holder="カ)ミホン",
)
PAID_IN = Transaction(
    booked_on=date(2026, 10, 5),
    value_on=date(2026, 10, 5),
    amount=110_000,
    balance=1_110_000,
    kind=TransactionKind.TRANSFER,
    description="フリコミ",
    counterparty="サンプルショウジ",
    bank_reference="00000012",
    edi="A-1",
)
PAID_OUT = Transaction(
    booked_on=date(2026, 10, 6), amount=-3_300, balance=1_106_700, description="デンキ"
)
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))


def statement(
    *transactions: Transaction,
    account: Account = ACCOUNT,
    period: Period | None = OCTOBER,
    opening: int | None = 1_000_000,
) -> Statement:
    """A statement of October whose closing balance is right."""
    moved = sum(each.amount for each in transactions)
    return Statement(
        account=account,
        period=period,
        as_of=AS_OF,
        complete=False,
        opening=opening,
        closing=None if opening is None else opening + moved,
        transactions=transactions,
        source=FILE,
    )


@dataclass(frozen=True)
class Repeated:
    """A StatementStream of `count` rows that are made when they are asked for."""

    count: int
    account: Account = ACCOUNT
    period: Period | None = OCTOBER
    as_of: datetime = AS_OF
    complete: bool = False
    opening: int | None = 0
    closing: int | None = None
    source: Source = FILE

    @property
    def transactions(self) -> Iterator[Transaction]:
        day = date(2026, 10, 1)
        for number in range(self.count):
            yield Transaction(day + timedelta(number // 1000), number % 50 + 1, None, None)


def spoken(alphabet: st.SearchStrategy[str], longest: int) -> st.SearchStrategy[str | None]:
    """Texts as readers give them: cleaned, None for nothing."""
    return st.text(alphabet, max_size=longest).map(clean)


ANY_TEXT = spoken(st.characters(exclude_categories=["Cs"]), 40)
"""Whatever a page or a CSV may say."""

HOSTILE = st.text(
    st.one_of(st.sampled_from("=+-@;|\"'\\(*!<&>,\r\n\t\0_x"), st.characters(codec="utf-8")),
    max_size=30,
)
"""Texts that no reader gives, made to break out of where they are written."""

HALF_WIDTH = st.sampled_from(bytes([*range(0x20, 0x7F), *range(0xA1, 0xE0)]).decode("cp932"))


def statements(
    *,
    text: st.SearchStrategy[str | None] = ANY_TEXT,
    accounts: st.SearchStrategy[Account] | None = None,
    most: int = 8,
) -> st.SearchStrategy[Statement]:
    """Statements of October 2026 that add up, days in order, every field present or not."""
    rows = st.lists(
        st.tuples(
            st.dates(OCTOBER.first, OCTOBER.last),
            st.integers(-(10**11), 10**11),
            st.builds(
                Transaction,
                booked_on=st.just(OCTOBER.first),
                amount=st.just(0),
                value_on=st.none() | st.dates(date(2026, 9, 1), date(2026, 12, 1)),
                kind=st.none() | st.sampled_from(TransactionKind),
                description=text,
                counterparty=text,
                bank_reference=st.none() | st.from_regex(r"[0-9]{7}[1-9]", fullmatch=True),
                edi=text,
            ),
        ),
        max_size=most,
    )
    opening = st.integers(-(10**12), 10**12)
    return st.builds(_together, accounts or ACCOUNTS, opening, rows)


ACCOUNTS = st.builds(
    Account,
    bank_code=st.none() | st.from_regex(r"[0-9]{4}", fullmatch=True),
    bank_name=spoken(HALF_WIDTH, 15),
    branch_code=st.none() | st.from_regex(r"[0-9]{3}", fullmatch=True),
    branch_name=spoken(HALF_WIDTH, 15),
    kind=st.sampled_from([kind for kind in AccountKind if kind is not AccountKind.TAX]),
    number=st.from_regex(r"[0-9]{7}|[1-9][0-9]{7,9}", fullmatch=True),
    holder=spoken(HALF_WIDTH, 40),
)


def _together(
    account: Account, opening: int, rows: list[tuple[date, int, Transaction]]
) -> Statement:
    balance = opening
    transactions = []
    for booked_on, amount, said in sorted(rows, key=lambda row: row[0]):
        balance += amount
        transactions.append(
            Transaction(
                booked_on=booked_on,
                amount=amount,
                balance=balance,
                value_on=said.value_on,
                kind=said.kind,
                description=said.description,
                counterparty=said.counterparty,
                bank_reference=said.bank_reference,
                edi=said.edi,
            )
        )
    return statement(*transactions, account=account, opening=opening)
