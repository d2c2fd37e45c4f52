"""How a new statement meets what is stored: nothing lost, nothing doubled.

Per account and booking day the newest complete statement wins; an incomplete one only adds.
Within a day a transaction is its amount and its occurrence among equal amounts, because banks
give no identity and write the same row differently in page, CSV and 全銀; texts only pair the
likeliest.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from hikae.model.changes import Added, Changes, Corrected, Moved, Removed
from hikae.model.clock import japan_day
from hikae.model.likeness import SIMILAR, cheapest, likeness
from hikae.model.merging import Sighting, merge
from hikae.model.statement import Period, Statement, Transaction
from hikae.model.stored import StoredDay, StoredRow, digest

__all__ = [
    "Added",
    "Changes",
    "Corrected",
    "Moved",
    "Removed",
    "StoredDay",
    "StoredRow",
    "covered_period",
    "digest",
    "reconcile",
]

_DAY = timedelta(days=1)


def reconcile(stored: Sequence[StoredDay], new: Statement, new_id: Callable[[], UUID]) -> Changes:
    """Say what `new` changes of one account.

    stored: the days that `new` touches as far as they are kept, and the nearest covered days
    before and after them, from which the holes are told. new_id: makes the identity of a row
    that nobody has shown before. Takes time in proportion to the rows.
    """
    kept = {day.day: day for day in stored}
    covered = set(_days(covered_period(new)))
    shown: defaultdict[date, list[Transaction]] = defaultdict(list)
    for transaction in new.transactions:
        shown[transaction.booked_on].append(transaction)
    found = _Differences()
    for day in sorted(covered | shown.keys()):
        before = kept.get(day) or StoredDay(day, None, ())
        merged = merge(before, Sighting(shown[day], new.as_of, day in covered), new_id)
        if merged.day != before:
            found.days.append(merged.day)
        found.added += (Added(row, before.as_of is not None) for row in merged.added)
        found.removed += merged.removed
    covered |= {day.day for day in stored if day.as_of is not None}
    return found.traced(rows=len(new.transactions), holes=_holes(covered))


def covered_period(statement: Statement) -> Period | None:
    """The days of which `statement` shows every row there will be in it.

    The day of `as_of` itself in Japan, and what comes later, is still open. A statement that
    does not say its period covers its first to its last booked day.
    """
    period = statement.period or _booked_period(statement.transactions)
    if period is None or not statement.complete:
        return None
    last = min(period.last, japan_day(statement.as_of) - _DAY)
    return Period(period.first, last) if period.first <= last else None


def _booked_period(transactions: Sequence[Transaction]) -> Period | None:
    days = [transaction.booked_on for transaction in transactions]
    return Period(min(days), max(days)) if days else None


def _days(period: Period | None) -> Iterable[date]:
    if period is None:
        return ()
    return (period.first + _DAY * n for n in range((period.last - period.first).days + 1))


def _holes(covered: Iterable[date]) -> tuple[Period, ...]:
    days = sorted(covered)
    return tuple(
        Period(before + _DAY, after - _DAY)
        for before, after in itertools.pairwise(days)
        if after - before > _DAY
    )


@dataclass(slots=True)
class _Differences:
    """What differs day by day, before rows that went and rows that came are joined."""

    days: list[StoredDay] = field(default_factory=list)
    added: list[Added] = field(default_factory=list)
    removed: list[StoredRow] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    corrected: list[Corrected] = field(default_factory=list)
    identities: dict[UUID, UUID] = field(default_factory=dict)

    def traced(self, rows: int, holes: tuple[Period, ...]) -> Changes:
        """Join what went and what came where it is the same transaction.

        Surest first: another day with similar texts, another amount with similar texts, then
        another day whatever the texts say.
        """
        self.moved += (Moved(*pair) for pair in self._joined(_amount, _similar_on_another_day))
        self.corrected += (Corrected(*pair) for pair in self._joined(_booked_on, _similar))
        self.moved += (Moved(*pair) for pair in self._joined(_amount, _on_another_day))
        changes = len(self.added) + len(self.moved) + len(self.corrected)
        return Changes(
            added=tuple(self.added),
            moved=tuple(self.moved),
            corrected=tuple(self.corrected),
            removed=tuple(Removed(row.id, row.transaction) for row in self.removed),
            days=tuple(self.days)
            if not self.identities
            else tuple(_identified(day, self.identities) for day in self.days),
            holes=holes,
            known=rows - changes,
        )

    def _joined(
        self,
        group: Callable[[Transaction], int | date],
        cost: Callable[[Transaction, Transaction], tuple[float, ...] | None],
    ) -> list[tuple[UUID, Transaction, Transaction]]:
        """Take out of added and removed what belongs together: identity, before, after."""
        if not (self.added and self.removed):
            return []
        went: defaultdict[int | date, list[StoredRow]] = defaultdict(list)
        for row in self.removed:
            went[group(row.transaction)].append(row)
        came: defaultdict[int | date, list[StoredRow]] = defaultdict(list)
        for event in self.added:
            came[group(event.row.transaction)].append(event.row)
        joined = []
        for key, rows in went.items():
            before = [row.transaction for row in rows]
            after = [row.transaction for row in came[key]]
            for i, j in cheapest(before, after, cost):
                self.identities[came[key][j].id] = rows[i].id
                joined.append((rows[i].id, before[i], after[j]))
        kept_ids = set(self.identities.values())
        self.removed = [row for row in self.removed if row.id not in kept_ids]
        self.added = [event for event in self.added if event.row.id not in self.identities]
        return joined


def _amount(row: Transaction) -> int:
    return row.amount


def _booked_on(row: Transaction) -> date:
    return row.booked_on


def _similar(before: Transaction, after: Transaction) -> tuple[float, ...] | None:
    alike = likeness(before, after)
    return (-alike, abs(after.amount - before.amount)) if alike >= SIMILAR else None


def _on_another_day(before: Transaction, after: Transaction) -> tuple[float, ...]:
    distance = abs((after.booked_on - before.booked_on).days)
    return (-likeness(before, after), distance)


def _similar_on_another_day(before: Transaction, after: Transaction) -> tuple[float, ...] | None:
    return _on_another_day(before, after) if likeness(before, after) >= SIMILAR else None


def _identified(day: StoredDay, identities: Mapping[UUID, UUID]) -> StoredDay:
    if not any(row.id in identities for row in day.rows):
        return day
    rows = (
        StoredRow(identities.get(row.id, row.id), row.transaction, row.seen_at) for row in day.rows
    )
    return replace(day, rows=tuple(rows))
