"""What a bank has not booked yet: a snapshot beside the books, in no balance and no day."""

from datetime import date, timedelta

import msgspec

from hikae.cloud.statements import books
from hikae.cloud.statements.models import AccountDay, Transaction
from hikae.link import delivery
from hikae.link.messages import StatementHead
from hikae.model.statement import Transaction as Row
from tests.unit.cloud.test_delivery import AS_OF, Pc, connection, pc, statement

__all__ = ["connection", "pc"]

COMING = (Row(date(2026, 11, 24), -12_000, description="カード"),)


def test_rows_that_are_not_booked_are_shown_apart_and_count_nowhere(pc: Pc) -> None:
    pc.deliver(statement(pending=COMING))
    (shown,) = books.accounts()
    assert (shown.pending, shown.pending_at) == (COMING, AS_OF)
    assert shown.balance == 1_054_340
    assert Transaction.objects.count() == 4
    assert not AccountDay.objects.filter(day=COMING[0].booked_on).exists()


def test_a_newer_snapshot_takes_the_place_of_the_one_before(pc: Pc) -> None:
    pc.deliver(statement(pending=COMING))
    pc.deliver(statement(as_of=AS_OF + timedelta(hours=1), pending=()))
    assert books.accounts()[0].pending == ()


def test_an_older_snapshot_and_one_that_says_nothing_change_nothing(pc: Pc) -> None:
    pc.deliver(statement(pending=COMING))
    pc.deliver(statement(as_of=AS_OF - timedelta(hours=1), pending=()))
    pc.deliver(statement(as_of=AS_OF + timedelta(hours=1)))
    assert books.accounts()[0].pending == COMING


def test_nothing_before_the_start_date_is_shown(pc: Pc) -> None:
    pc.connection.start_on = date(2026, 11, 25)
    pc.connection.save()
    pc.deliver(statement(pending=COMING))
    assert books.accounts()[0].pending == ()


def test_an_agent_of_before_says_nothing_of_it(pc: Pc) -> None:
    head = delivery.head(statement(), fetch=pc.fetch, connection=pc.connection.id)
    said = msgspec.to_builtins(head)
    del said["pending"]
    assert msgspec.convert(said, StatementHead) == head
    assert head.pending is None


def test_the_digest_is_the_one_that_an_agent_of_before_computes(pc: Pc) -> None:
    plain, with_pending = statement(), statement(pending=COMING)
    heads = [
        delivery.head(said, fetch=pc.fetch, connection=pc.connection.id)
        for said in (plain, with_pending)
    ]
    assert heads[0].digest == heads[1].digest
