"""Which part of a statement's changes must wait because it concerns closed days.

It knows the model's changes only, no table.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from hikae.model.changes import Added, Changes, Corrected, Moved, Removed
from hikae.model.statement import Period

Event = Added | Moved | Corrected | Removed

_NOTHING = Changes(added=(), moved=(), corrected=(), removed=(), days=(), holes=(), known=0)


@dataclass(frozen=True, slots=True)
class Division:
    """What is applied at once, and what waits."""

    applied: Changes
    held: Changes

    @property
    def days(self) -> Period | None:
        """From the first to the last day that waits."""
        waiting = sorted(day for event in events(self.held) for day in days_of(event))
        return Period(waiting[0], waiting[-1]) if waiting else None


def divide(changes: Changes, closed_until: date | None) -> Division:
    """Hold every event of a closed day, and what hangs together with it by rows that moved.

    A closed day without an event is confirmed like any other: it keeps its rows and amounts.
    """
    waiting = _waiting(changes, closed_until)
    if not waiting:
        return Division(changes, _NOTHING)
    return Division(
        _part(changes, waiting, held=False), replace(_part(changes, waiting, held=True), known=0)
    )


def events(changes: Changes) -> tuple[Event, ...]:
    """Everything that happens to a row, by kind."""
    return (*changes.added, *changes.moved, *changes.corrected, *changes.removed)


def days_of(event: Event) -> set[date]:
    """The days whose rows an event changes."""
    match event:
        case Added():
            return {event.row.transaction.booked_on}
        case Removed():
            return {event.before.booked_on}
    return {event.before.booked_on, event.after.booked_on}


def _waiting(changes: Changes, closed_until: date | None) -> set[date]:
    if closed_until is None:
        return set()
    touched = set().union(*map(days_of, events(changes)))
    waiting = {day for day in touched if day <= closed_until}
    joined = [days_of(moved) for moved in changes.moved]
    while following := [days for days in joined if days & waiting and not days <= waiting]:
        waiting.update(*following)
    return waiting


def _part(changes: Changes, waiting: set[date], *, held: bool) -> Changes:
    def mine(days: Iterable[date]) -> bool:
        return held == (not waiting.isdisjoint(days))

    return replace(
        changes,
        added=tuple(event for event in changes.added if mine(days_of(event))),
        moved=tuple(event for event in changes.moved if mine(days_of(event))),
        corrected=tuple(event for event in changes.corrected if mine(days_of(event))),
        removed=tuple(event for event in changes.removed if mine(days_of(event))),
        days=tuple(day for day in changes.days if mine({day.day})),
    )
