"""The rows of a page with the holes between them, where they lie."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.models import Transaction
from hikae.model.statement import Period


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its account, or a hole."""

    row: Transaction | None = None
    account: ShownAccount | None = None
    hole: Period | None = None


def lines(
    rows: Iterable[Transaction],
    accounts: Mapping[UUID, ShownAccount],
    holes: Iterable[Period],
    *,
    last_page: bool,
) -> Iterator[Line]:
    """Rows newest first; each hole stands above the first row that is older than it.

    holes: those that the page may show. On the last page the remaining ones stand at the end.
    """
    remaining = sorted(holes, key=lambda hole: hole.first, reverse=True)
    for row in rows:
        while remaining and remaining[0].first > row.booked_on:
            yield Line(hole=remaining.pop(0))
        yield Line(row, accounts.get(row.account_id))
    if last_page:
        yield from (Line(hole=hole) for hole in remaining)


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
