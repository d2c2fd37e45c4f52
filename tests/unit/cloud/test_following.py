"""Following the numbered events: each is told once, in order, whatever happened since."""

from datetime import date, timedelta

import msgspec

from hikae.cloud.statements import trace
from hikae.cloud.statements.following import follow
from hikae.cloud.statements.models import Change, Transaction
from tests.unit.cloud.test_delivery import AS_OF, ROWS, Pc, connection, pc, statement

__all__ = ["connection", "pc"]


def amounts(after: int = 0) -> list[tuple[int, int | None]]:
    """Number and amount of each event."""
    return [(event.number, event.after.amount if event.after else None) for event in follow(after)]


def test_rows_that_were_added_together_are_told_one_by_one(pc: Pc) -> None:
    pc.deliver(statement())
    assert Change.objects.count() == 1
    assert amounts() == [(1, 110_000), (2, -330), (3, -330), (4, -55_000)]


def test_who_has_heard_some_of_them_hears_the_others(pc: Pc) -> None:
    pc.deliver(statement())
    assert amounts(2) == [(3, -330), (4, -55_000)]
    assert amounts(4) == []


def test_a_row_is_told_as_it_was_added_when_it_has_changed_since(pc: Pc) -> None:
    pc.deliver(statement())
    for hour, amount in enumerate((-56_000, -57_000), 1):
        corrected = (*ROWS[:3], msgspec.structs.replace(ROWS[3], amount=amount))
        pc.deliver(statement(corrected, as_of=AS_OF + timedelta(hours=hour)))
    assert amounts(3) == [(4, -55_000), (5, -56_000), (6, -57_000)]


def test_a_row_is_told_as_it_was_added_when_it_is_gone(pc: Pc) -> None:
    pc.deliver(statement())
    pc.deliver(statement(ROWS[:3], as_of=AS_OF + timedelta(days=1)))
    *_, added, removed = follow(0)
    assert (added.after, removed.after) == (removed.before, None)
    assert added.transaction == removed.transaction


def test_each_row_of_a_run_has_the_history_of_its_own(pc: Pc) -> None:
    pc.deliver(statement())
    moved = msgspec.structs.replace(ROWS[3], booked_on=date(2026, 11, 11))
    pc.deliver(statement((*ROWS[:3], moved), as_of=AS_OF + timedelta(days=1)))
    histories = [
        [change.kind for change in trace.of_row(row.id)]
        for row in Transaction.objects.order_by("booked_on", "position")
    ]
    assert histories == [["added"], ["added"], ["added"], ["added", "moved"]]
