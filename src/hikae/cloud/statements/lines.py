"""The rows of a page with the holes between them, where they lie."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from hikae.cloud.pages import wording
from hikae.cloud.pages.labels import ACCOUNT_KINDS
from hikae.cloud.pages.language import language
from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.models import Transaction
from hikae.model.statement import Period


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the books with its account, and how a page writes it: each text made once."""

    row: Transaction
    account: ShownAccount | None
    hole: ClassVar[None] = None

    @property
    def day(self) -> str:
        """When it was booked."""
        return wording.day(self.row.booked_on, language())

    @property
    def of(self) -> str:
        """Kind and number of its account."""
        return f"{ACCOUNT_KINDS[self.account.kind]} {self.account.number}" if self.account else ""

    @property
    def about(self) -> str:
        """What the bank says of it first."""
        return self.row.description or self.row.counterparty or _("(摘要なし)")

    @property
    def who(self) -> str:
        """The counterparty where it is not said already."""
        return (self.row.description and self.row.counterparty) or ""

    @property
    def paid(self) -> str:
        """The amount where money went."""
        return self._amount(self.row.amount) if self.row.amount < 0 else ""

    @property
    def received(self) -> str:
        """The amount where money came."""
        return self._amount(self.row.amount) if self.row.amount >= 0 else ""

    @property
    def balance(self) -> str:
        """The balance after it where the bank said one."""
        return "" if self.row.balance is None else self._amount(self.row.balance)

    def _amount(self, minor_units: int) -> str:
        currency = self.account.currency if self.account else "JPY"
        return wording.amount(minor_units, currency, language())


@dataclass(frozen=True, slots=True)
class Gap:
    """A hole, where it lies."""

    hole: Period


def lines(
    rows: Iterable[Transaction],
    accounts: Mapping[UUID, ShownAccount],
    holes: Iterable[Period],
    *,
    last_page: bool,
) -> Iterator[Line | Gap]:
    """Rows newest first; each hole stands above the first row that is older than it.

    holes: those that the page may show. On the last page the remaining ones stand at the end.
    """
    remaining = sorted(holes, key=lambda hole: hole.first, reverse=True)
    for row in rows:
        while remaining and remaining[0].first > row.booked_on:
            yield Gap(remaining.pop(0))
        yield Line(row, accounts.get(row.account_id))
    if last_page:
        yield from map(Gap, remaining)


def within(
    holes: Iterable[Period], since: date | None, until: date | None, begun: date | None
) -> list[Period]:
    """The holes that touch the days asked for and that no page before has shown.

    begun: the day at which the page before ended, None on the first one.
    """
    return [
        hole
        for hole in holes
        if (since is None or hole.last >= since)
        and (until is None or hole.first <= until)
        and (begun is None or hole.first <= begun)
    ]
