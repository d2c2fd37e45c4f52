"""Which rows an export takes, and how many of which account they are."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from hikae.cloud.statements import books
from hikae.cloud.statements.books import Wanted
from hikae.cloud.statements.exports.marks import not_exported
from hikae.cloud.statements.models import Account, Transaction
from hikae.model.statement import Period


@dataclass(frozen=True, slots=True)
class Selection:
    """The rows that a filter wants; only_new: of them, those that `target` does not have yet."""

    wanted: Wanted
    target: str
    only_new: bool

    def rows(self) -> QuerySet[Transaction]:
        """The rows, in no order."""
        found = books.wanted_rows(self.wanted)
        return not_exported(found, self.target) if self.only_new else found


@dataclass(frozen=True, slots=True)
class Extent:
    """What a selection has of an account; days: of its first and last row.

    received, paid: sums of money that came and that went, both positive, minor units.
    """

    account: Account
    rows: int
    days: Period
    received: int
    paid: int


def extents(selection: Selection) -> list[Extent]:
    """Of each account with rows, in the order of the list of accounts."""
    came, went = Q(amount__gt=0), Q(amount__lt=0)
    by_account = selection.rows().order_by().values_list("account_id")
    counted = by_account.annotate(
        rows=Count("id"),
        first=Min("booked_on"),
        last=Max("booked_on"),
        received=Coalesce(Sum("amount", filter=came), 0),
        paid=Coalesce(Sum("amount", filter=went), 0),
    )
    found = {account_id: said for account_id, *said in counted}
    order = ("institution", "branch_code", "kind", "number", "currency")
    accounts = Account.objects.filter(id__in=found).order_by(*order)
    return [_extent(account, *found[account.id]) for account in accounts]


def _extent(
    account: Account, rows: int, first: date, last: date, received: int, paid: int
) -> Extent:
    # PostgreSQL sums up to decimals.
    return Extent(account, rows, Period(first, last), int(received), -int(paid))
