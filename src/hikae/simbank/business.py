"""A plausible Japanese firm: the transactions its accounts see, day by day.

Knows only the ledger's types. Everything follows from the seed, so the same firm does the same
business in every run. Banks are open on weekdays here; public holidays are left out on purpose, so
that no calendar can go out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import count
from random import Random

from hikae.simbank.clock import at_tokyo
from hikae.simbank.ledger import AccountKind, Kind, Posting

_REMITTERS = (
    ("ｶ)ﾔﾏﾓﾄｼﾖｳｶｲ", "ﾐﾔｺ", "ﾎﾝﾃﾝ"),
    ("ｶ)ﾐｽﾞﾉｺｳｷﾞﾖｳ", "ｵｵｶﾜ", "ｶﾜﾊﾞﾀ"),
    ("ﾕ)ｻｸﾗｲﾝｻﾂ", "ｷﾀﾏﾁ", "ｸﾗﾏｴ"),
    ("ﾄﾞ)ﾏﾂｵｶｹﾝｾﾂ", "ﾐﾅﾄﾊﾏｼﾝｷﾝ", "ﾊﾏﾄﾞｵﾘ"),
    ("ﾄｳﾖｳﾌﾞﾂｻﾝ(ｶ", "ﾄｳﾄ", "ﾆﾎﾝﾊﾞｼ"),
    ("ｻﾄｳ ﾊﾅｺ", "ﾐﾔｺ", "ｴｷﾏｴ"),
    ("ｽｽﾞｷ ｲﾁﾛｳ", "ﾄｳﾄ", "ｱｵﾊﾞ"),
    ("ｲ)ｱｵｿﾞﾗｶｲ", "ｷﾀﾏﾁ", "ｺｳﾅﾝ"),
)
_PAYEES = ("ｶ)ｵｵﾀﾆｶﾐ", "ｶ)ﾆｼｳﾝﾕ", "ﾀｶﾊｼｾｲｻｸｼﾖ", "ﾕ)ﾊｼﾓﾄｼﾞﾑｷ", "ｷﾕｳﾖ", "ｶ)ﾐﾅﾐﾘ-ｽ")
_DIRECT_DEBITS = ("ﾃﾞﾝｷﾘﾖｳ", "ｽｲﾄﾞｳﾘﾖｳ", "ﾃﾞﾝﾜﾘﾖｳ", "ｼﾔｶｲﾎｹﾝﾘﾖｳ", "ﾘ-ｽﾘﾖｳ", "ﾔﾁﾝ")
_FIRST_HOUR, _OPEN_SECONDS = 9, 6 * 3600
_LOW = 500_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much a customer has.

    Each account saw `transactions` in the `days` before the bank was opened; from then on it goes
    on at the same pace.
    """

    accounts: int = 3
    transactions: int = 90
    days: int = 120


def schedule(
    seed: str, kind: AccountKind, opening: int, start: date, size: Size
) -> Iterator[tuple[datetime, Posting]]:
    """The account's transactions from `start` on for ever, in the order of their moments.

    The first `size.days` days hold exactly `size.transactions` of them; later days go on at the
    same pace.
    """
    dice = Random(seed)  # noqa: S311 - a book that repeats itself, nothing secret
    open_days = sum(_is_open(start + timedelta(days=n)) for n in range(size.days))
    pace = Fraction(size.transactions, open_days)
    balance = opening
    for index, day in enumerate(_open_days(start)):
        today = int((index + 1) * pace) - int(index * pace)
        for moment in sorted(dice.sample(range(_OPEN_SECONDS), today)):
            posting = _transaction(dice, kind, day, balance)
            balance += posting.amount
            yield at_tokyo(day, _FIRST_HOUR) + timedelta(seconds=moment), posting


def _open_days(start: date) -> Iterator[date]:
    return (day for n in count() if _is_open(day := start + timedelta(days=n)))


def _is_open(day: date) -> bool:
    return day.weekday() < 5


def _transaction(dice: Random, kind: AccountKind, day: date, balance: int) -> Posting:
    if balance < _LOW or dice.random() < 0.5:
        return _credit(dice, day)
    debits = [_payment, _direct_debit, _cash, _fee]
    if kind is AccountKind.CURRENT:
        debits.append(_cheque)
    debit: Callable[[Random, date, int], Posting] = dice.choice(debits)
    return debit(dice, day, balance)


def _credit(dice: Random, day: date) -> Posting:
    name, bank, branch = dice.choice(_REMITTERS)
    edi = f"INV{day:%y%m}{dice.randrange(10_000):04}" if dice.random() < 0.3 else ""
    return Posting(
        booked_on=day,
        value_on=day,
        amount=dice.randrange(300, 9_000) * 110,
        kind=Kind.TRANSFER,
        description=name,
        remitter=name,
        remitter_code=f"{dice.randrange(10**9):010}",
        bank=bank,
        branch=branch,
        edi=edi,
    )


def _payment(dice: Random, day: date, balance: int) -> Posting:
    amount = min(dice.randrange(200, 5_000) * 110, balance // 2)
    return Posting(day, day, -amount, Kind.TRANSFER, dice.choice(_PAYEES))


def _direct_debit(dice: Random, day: date, balance: int) -> Posting:
    amount = min(dice.randrange(3_000, 180_000), balance // 2)
    return Posting(day, day, -amount, Kind.BOOK_TRANSFER, dice.choice(_DIRECT_DEBITS))


def _cash(dice: Random, day: date, balance: int) -> Posting:
    amount = min(dice.randrange(1, 30) * 10_000, balance // 2)
    return Posting(day, day, -amount, Kind.CASH, "ATM")


def _fee(dice: Random, day: date, balance: int) -> Posting:
    amount = min(dice.choice((110, 220, 330, 550, 660)), balance)
    return Posting(day, day, -amount, Kind.OTHER, "ﾌﾘｺﾐﾃｽｳﾘﾖｳ")


def _cheque(dice: Random, day: date, balance: int) -> Posting:
    amount = min(dice.randrange(10, 400) * 5_000, balance // 2)
    number = f"{dice.randrange(10**6):07}"
    before = day - timedelta(days=1)
    return Posting(day, before, -amount, Kind.CLEARING, "ｺｷﾞﾂﾃ", cheque=number)
