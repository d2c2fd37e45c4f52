"""Closed months: what comes late for them waits for a person, and then joins by the same rules."""

from datetime import date, timedelta

import msgspec
import pytest

from hikae.cloud.people.models import AuditEntry, User
from hikae.cloud.statements.closing.adjustments import accept, waiting
from hikae.cloud.statements.closing.months import (
    OpenMonthError,
    close_month,
    closed,
    reopen_month,
)
from hikae.cloud.statements.following import follow
from hikae.cloud.statements.models import Account, Adjustment
from hikae.model.changes import Added, Corrected, Moved, Removed
from hikae.model.fetch import Counts
from hikae.model.statement import Period, Statement
from hikae.model.statement import Transaction as Row
from tests.unit.cloud.conftest import NOW
from tests.unit.cloud.test_delivery import AS_OF, Pc, connection, kept, pc, statement

__all__ = ["connection", "pc"]

OCTOBER = date(2026, 10, 1)
SPAN = Period(date(2026, 10, 20), date(2026, 11, 22))
ROWS = (
    Row(date(2026, 10, 28), 1_000, description="ア"),
    Row(date(2026, 10, 30), -300, description="テスウリョウ"),
    Row(date(2026, 11, 2), 2_000, description="イ"),
)
LATE = Row(date(2026, 10, 29), 70, description="オクレ")


def said(rows: tuple[Row, ...], days_later: int = 0, **more: object) -> Statement:
    """What the bank says of October and November on a day."""
    as_of = AS_OF + timedelta(days=days_later)
    return statement(rows, period=SPAN, as_of=as_of, **more)


@pytest.fixture
def october_closed(pc: Pc, owner: User) -> Pc:
    """Books up to today, October closed for all accounts."""
    pc.deliver(said(ROWS))
    close_month(None, OCTOBER, owner, NOW)
    return pc


def amounts() -> list[int]:
    return [amount for _, amount, _ in kept()]


def test_a_late_row_of_a_closed_month_waits_and_new_ones_of_an_open_month_do_not(
    october_closed: Pc,
) -> None:
    new = Row(date(2026, 11, 3), 5_000, description="ウ")
    delivered = october_closed.deliver(said((ROWS[0], LATE, *ROWS[1:], new), 1))
    assert delivered.counts == Counts(added=1, known=3)
    assert amounts() == [1_000, -300, 2_000, 5_000]
    (held,) = waiting()
    assert held.days == Period(LATE.booked_on, LATE.booked_on)
    (event,) = held.events
    assert isinstance(event, Added)
    assert event.row.transaction.amount == 70


def test_accepting_applies_the_change_once_and_tells_the_audit(
    october_closed: Pc, owner: User
) -> None:
    october_closed.deliver(said((ROWS[0], LATE, *ROWS[1:]), 1))
    assert accept(waiting()[0].id, owner, NOW) == Counts(added=1)
    assert amounts() == [1_000, 70, -300, 2_000]
    assert waiting() == []
    assert AuditEntry.objects.get(action="adjustment.accepted").details["added"] == 1
    with pytest.raises(Adjustment.DoesNotExist):
        accept(Account.objects.get().id, owner, NOW)


def test_the_same_late_row_fetched_every_day_waits_once(october_closed: Pc) -> None:
    for days_later in (1, 2, 3):
        october_closed.deliver(said((ROWS[0], LATE, *ROWS[1:]), days_later))
    assert Adjustment.objects.count() == 1


def test_nothing_waits_any_more_when_the_bank_takes_it_back(october_closed: Pc) -> None:
    october_closed.deliver(said((ROWS[0], LATE, *ROWS[1:]), 1))
    october_closed.deliver(said(ROWS, 2))
    assert not Adjustment.objects.exists()
    assert amounts() == [1_000, -300, 2_000]


def test_the_same_incomplete_statement_again_waits_once(october_closed: Pc) -> None:
    for days_later in (1, 2):
        october_closed.deliver(said((LATE,), days_later, complete=False))
    assert Adjustment.objects.count() == 1


def test_corrected_and_removed_rows_of_a_closed_month_wait(october_closed: Pc, owner: User) -> None:
    corrected = msgspec.structs.replace(ROWS[1], amount=-330)
    october_closed.deliver(said((corrected, ROWS[2]), 1))
    assert amounts() == [1_000, -300, 2_000]
    (held,) = waiting()
    assert {type(event) for event in held.events} == {Corrected, Removed}
    assert accept(held.id, owner, NOW) == Counts(known=0, corrected=1, removed=1)
    assert amounts() == [-330, 2_000]


def test_a_row_that_moves_out_of_a_closed_month_waits_on_both_sides(
    october_closed: Pc, owner: User
) -> None:
    moved = msgspec.structs.replace(ROWS[1], booked_on=date(2026, 11, 1))
    delivered = october_closed.deliver(said((ROWS[0], moved, ROWS[2]), 1))
    assert delivered.counts == Counts(known=2)
    assert amounts() == [1_000, -300, 2_000]
    (held,) = waiting()
    assert [type(event) for event in held.events] == [Moved]
    assert accept(held.id, owner, NOW).moved == 1
    assert [day for day, _, _ in kept()][1] == date(2026, 11, 1)


def test_changes_are_numbered_when_they_are_accepted(october_closed: Pc, owner: User) -> None:
    october_closed.deliver(said((ROWS[0], LATE, *ROWS[1:]), 1))
    assert [event.late for event in follow(0)] == [False] * 3
    accept(waiting()[0].id, owner, NOW)
    assert [(event.number, event.late) for event in follow(3)] == [(4, True)]


def test_a_month_that_is_not_over_cannot_be_closed(owner: User) -> None:
    with pytest.raises(OpenMonthError):
        close_month(None, date(2026, 11, 1), owner, NOW)


def test_one_account_may_be_closed_further_than_all(october_closed: Pc, owner: User) -> None:
    account = Account.objects.get()
    reopen_month(None, owner, NOW)
    assert closed().until(account.id) == date(2026, 9, 30)
    close_month(account.id, OCTOBER, owner, NOW)
    assert closed().until(account.id) == date(2026, 10, 31)
    assert closed().until(None) == date(2026, 9, 30)


def test_closing_again_or_an_earlier_month_opens_nothing(owner: User, pc: Pc) -> None:
    close_month(None, OCTOBER, owner, NOW)
    close_month(None, date(2026, 8, 5), owner, NOW)
    assert closed().all == date(2026, 10, 31)
    assert AuditEntry.objects.filter(action="months.closed").count() == 1


def test_after_a_month_is_opened_again_late_rows_join_at_once(
    october_closed: Pc, owner: User
) -> None:
    reopen_month(None, owner, NOW)
    october_closed.deliver(said((ROWS[0], LATE, *ROWS[1:]), 1))
    assert amounts() == [1_000, 70, -300, 2_000]
