"""One day: its stored rows and the rows that a statement shows of it.

The k-th row of an amount is proven by the newest statement that showed k of them. Counting this
way, the same statements end in the same amounts in whatever order they arrive. Which texts
belong to which row is the likeliest pairing, and the newest sighting's texts win wholly.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from hikae.model.likeness import likeliest
from hikae.model.statement import Transaction
from hikae.model.stored import StoredDay, StoredRow


@dataclass(frozen=True, slots=True)
class Sighting:
    """What one statement shows of one day; complete: all there is, so what it lacks is gone."""

    rows: Sequence[Transaction]
    as_of: datetime
    complete: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """The day afterwards, and which of its rows are new or gone."""

    day: StoredDay
    added: tuple[StoredRow, ...] = ()
    removed: tuple[StoredRow, ...] = ()


@dataclass(slots=True)
class _Matching:
    """What becomes of stored rows: shown again (by position in the sighting), kept, gone."""

    shown: dict[int, StoredRow] = field(default_factory=dict)
    kept: list[StoredRow] = field(default_factory=list)
    gone: list[StoredRow] = field(default_factory=list)


def merge(before: StoredDay, sighting: Sighting, new_id: Callable[[], UUID]) -> Merged:
    """Apply `sighting` to a day; one that is not newer than the day's coverage says nothing."""
    if before.as_of is not None and sighting.as_of <= before.as_of:
        return Merged(before)
    as_of = sighting.as_of if sighting.complete else before.as_of
    if not before.rows:
        fresh = tuple(StoredRow(new_id(), row, sighting.as_of) for row in sighting.rows)
        return Merged(StoredDay(before.day, as_of, fresh), fresh)
    if sighting.complete and before.transactions == tuple(sighting.rows):
        return Merged(replace(before, as_of=as_of))
    matching = _match(before.rows, sighting)
    added = []
    for position, transaction in enumerate(sighting.rows):
        if position not in matching.shown:
            row = StoredRow(new_id(), transaction, sighting.as_of)
            matching.shown[position] = row
            added.append(row)
    day = StoredDay(before.day, as_of, _in_order(before.rows, matching, sighting))
    return Merged(day, tuple(added), tuple(matching.gone))


def _match(stored: Iterable[StoredRow], sighting: Sighting) -> _Matching:
    rows: defaultdict[int, list[StoredRow]] = defaultdict(list)
    for row in stored:
        rows[row.transaction.amount].append(row)
    shown: defaultdict[int, list[int]] = defaultdict(list)
    for position, transaction in enumerate(sighting.rows):
        shown[transaction.amount].append(position)
    matching = _Matching()
    for amount, group in rows.items():
        _match_amount(group, shown[amount], sighting, matching)
    return matching


def _match_amount(
    stored: list[StoredRow], shown: list[int], sighting: Sighting, matching: _Matching
) -> None:
    """Match rows of one amount; those that a newer statement proves take their share first."""
    newer = [row for row in stored if row.seen_at > sighting.as_of]
    older = [row for row in stored if row.seen_at <= sighting.as_of]
    older.sort(key=lambda row: row.seen_at, reverse=True)
    confirmed = _pairs(newer, shown, sighting)
    fresh = sorted(set(shown) - set(confirmed.values()))
    again = _pairs(older, fresh, sighting)
    for i, position in confirmed.items():
        matching.shown[position] = newer[i]
    for i, position in again.items():
        transaction = sighting.rows[position]
        matching.shown[position] = StoredRow(older[i].id, transaction, sighting.as_of)
    matching.kept += [row for i, row in enumerate(newer) if i not in confirmed]
    rest = [row for i, row in enumerate(older) if i not in again]
    if sighting.complete:
        matching.gone += rest
    else:
        matching.kept += _least_proven(rest, older)


def _pairs(rows: list[StoredRow], shown: list[int], sighting: Sighting) -> dict[int, int]:
    """Index of a row → position in the sighting."""
    before = [row.transaction for row in rows]
    pairs = likeliest(before, [sighting.rows[position] for position in shown])
    return {i: shown[j] for i, j in pairs}


def _least_proven(rest: list[StoredRow], older: list[StoredRow]) -> Iterable[StoredRow]:
    """Rows that an incomplete statement did not show, with the oldest proofs of their amount.

    The statement took the place of the newest proofs, whichever texts it paired with.
    """
    proofs = [row.seen_at for row in older][len(older) - len(rest) :]
    again = zip(rest, proofs, strict=True)
    return (StoredRow(row.id, row.transaction, proof) for row, proof in again)


def _in_order(
    stored: Sequence[StoredRow], matching: _Matching, sighting: Sighting
) -> tuple[StoredRow, ...]:
    """The bank's order: that of the newest statement, other rows after their predecessors."""
    survivors = {row.id: row for row in (*matching.shown.values(), *matching.kept)}
    as_stored = [survivors[row.id] for row in stored if row.id in survivors]
    as_shown = [row for _, row in sorted(matching.shown.items())]
    if any(row.seen_at > sighting.as_of for row in as_stored):
        return _interleaved(as_stored, as_shown)
    return _interleaved(as_shown, as_stored)


def _interleaved(order: list[StoredRow], others: list[StoredRow]) -> tuple[StoredRow, ...]:
    placed = {row.id for row in order}
    followers: defaultdict[UUID | None, list[StoredRow]] = defaultdict(list)
    before: UUID | None = None
    for row in others:
        if row.id in placed:
            before = row.id
        else:
            followers[before].append(row)
    joined = list(followers[None])
    for row in order:
        joined += (row, *followers[row.id])
    return tuple(joined)
