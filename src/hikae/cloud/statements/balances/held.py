"""What every account held at the end of a day, and how sure that is."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Max

from hikae.cloud.statements import books
from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.carried import carried, known_days
from hikae.cloud.statements.models import AccountDay
from hikae.model.statement import Period


@dataclass(frozen=True, slots=True)
class Held:
    """An account at the end of a day.

    amount: minor units, None where nothing tells it. at: the day at whose end the account held
    it: the one asked for, or the last one before it that is known. holes: those before that day.
    """

    account: ShownAccount
    day: date
    amount: int | None
    at: date | None
    holes: tuple[Period, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the amount is that of the day asked for."""
        return self.at == self.day

    @property
    def is_proven(self) -> bool:
        """Whether no day before it lacks its rows either."""
        return self.is_sure and not self.holes


@dataclass(frozen=True, slots=True)
class Total:
    """Of the accounts of a currency; whole: whether all of them are sure."""

    currency: str
    amount: int
    whole: bool


def held_on(day: date) -> list[Held]:
    """Every account of the organisation being worked for."""
    stated = _last_stated(day)
    return [_held(account, day, stated.get(account.id)) for account in books.accounts()]


def totals(held: Iterable[Held]) -> list[Total]:
    """What the accounts whose amount is sure held together, by currency."""
    by_currency: defaultdict[str, list[Held]] = defaultdict(list)
    for each in held:
        by_currency[each.account.currency].append(each)
    return [
        Total(
            currency,
            sum(each.amount or 0 for each in some if each.is_sure),
            all(each.is_sure for each in some),
        )
        for currency, some in sorted(by_currency.items())
    ]


def _last_stated(day: date) -> dict[UUID, date]:
    """The last day until then of which a bank said the balance, by account."""
    found = AccountDay.objects.filter(day__lte=day, closing__isnull=False).order_by()
    return dict(found.values("account").annotate(last=Max("day")).values_list("account", "last"))


def _held(account: ShownAccount, day: date, stated: date | None) -> Held:
    holes = tuple(hole for hole in account.holes if hole.first <= day)
    if stated is None:
        return Held(account, day, None, None, holes)
    ends = carried(known_days(account.id, stated, day))
    amount, at = [(balance, end) for end, balance in ends if balance is not None][-1]
    return Held(account, day, amount, at, holes)
