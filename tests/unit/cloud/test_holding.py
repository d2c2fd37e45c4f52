"""Which changes wait for a closed month: those of closed days, and what moved rows tie to them."""

from datetime import date
from uuid import UUID

from hikae.cloud.statements.closing.holding import divide, events
from hikae.model.changes import Added, Changes, Corrected, Moved
from hikae.model.statement import Period
from hikae.model.statement import Transaction as Row
from hikae.model.stored import StoredDay, StoredRow
from tests.unit.cloud.conftest import NOW

CLOSED = date(2026, 10, 31)


def day(number: int) -> date:
    return date(2026, 11, number)


def row(at: date) -> Row:
    return Row(at, 100)


def added(at: date) -> Added:
    return Added(StoredRow(UUID(int=1), row(at), NOW), late=False)


def moved(before: date, after: date) -> Moved:
    return Moved(UUID(int=2), row(before), row(after))


def changes(*, new: tuple[Added, ...] = (), went: tuple[Moved, ...] = ()) -> Changes:
    touched = {at.row.transaction.booked_on for at in new}
    touched |= {row.booked_on for each in went for row in (each.before, each.after)}
    days = tuple(StoredDay(at, NOW, ()) for at in sorted(touched))
    return Changes(new, went, (), (), days, (), known=3)


def test_without_a_closing_nothing_waits() -> None:
    division = divide(changes(new=(added(CLOSED),)), None)
    assert (events(division.held), division.days) == ((), None)


def test_only_days_up_to_the_closing_wait() -> None:
    division = divide(changes(new=(added(CLOSED), added(day(1)))), CLOSED)
    assert events(division.held) == (added(CLOSED),)
    assert events(division.applied) == (added(day(1)),)
    assert [each.day for each in division.applied.days] == [day(1)]


def test_rows_that_moved_tie_open_days_to_closed_ones_over_any_number_of_steps() -> None:
    chain = (moved(day(2), day(3)), moved(day(1), day(2)), moved(CLOSED, day(1)))
    apart = moved(day(8), day(9))
    division = divide(changes(new=(added(day(3)),), went=(*chain, apart)), CLOSED)
    assert division.held.moved == chain
    assert division.held.added == (added(day(3)),)
    assert division.applied.moved == (apart,)
    assert division.days == Period(CLOSED, day(3))


def test_a_closed_day_without_an_event_is_confirmed_at_once() -> None:
    confirmed = StoredDay(CLOSED, NOW, ())
    whole = Changes((), (), (), (), (confirmed,), (), known=0)
    assert divide(whole, CLOSED).applied.days == (confirmed,)


def test_a_corrected_row_of_a_closed_day_waits() -> None:
    corrected = Corrected(UUID(int=3), row(CLOSED), Row(CLOSED, 200))
    whole = Changes((), (), (corrected,), (), (), (), known=0)
    assert events(divide(whole, CLOSED).held) == (corrected,)


def test_rows_that_are_known_are_counted_once() -> None:
    division = divide(changes(new=(added(CLOSED), added(day(1)))), CLOSED)
    assert (division.applied.known, division.held.known) == (3, 0)
