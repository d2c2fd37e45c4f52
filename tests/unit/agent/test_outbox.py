"""Statements between bank and cloud."""

from uuid import UUID

import msgspec

from hikae.agent.database import Database
from hikae.agent.outbox import Outbox
from hikae.link.messages import PART_ROWS, StatementPart
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CONNECTION, statement

FETCH, FIRST, SECOND = UUID(int=10), UUID(int=11), UUID(int=12)


def put(outbox: Outbox, statement_id: UUID, rows: int = 2) -> None:
    outbox.put({statement_id: statement(rows)}, fetch=FETCH, connection=CONNECTION)


def test_a_statement_waits_in_parts_that_hold_all_its_rows(database: Database) -> None:
    outbox = Outbox(database)
    put(outbox, FIRST, PART_ROWS + 1)
    parcel = outbox.next()
    assert parcel is not None
    assert (parcel.id, parcel.head.rows, parcel.head.parts) == (FIRST, PART_ROWS + 1, 2)
    parts = [msgspec.json.decode(body, type=StatementPart) for _, body in outbox.parts(FIRST)]
    rows = tuple(row for part in parts for row in part.transactions)
    assert rows == statement(PART_ROWS + 1).transactions


def test_the_oldest_goes_first_and_is_erased_with_its_parts(database: Database) -> None:
    outbox = Outbox(database)
    put(outbox, SECOND)
    put(outbox, FIRST)
    parcel = outbox.next()
    assert parcel is not None
    assert parcel.id == SECOND
    outbox.forget(SECOND)
    assert list(outbox.parts(SECOND)) == []
    assert outbox.unsent() == outbox.unsent(FETCH) == 1


def test_a_refused_statement_no_longer_waits_but_is_kept(database: Database) -> None:
    outbox = Outbox(database)
    put(outbox, FIRST)
    outbox.refuse(FIRST, Problem(ProblemCode.STATEMENT_INCONSISTENT))
    assert outbox.next() is None
    assert outbox.unsent(FETCH) == 0
    assert outbox.refused() == 1
    assert list(outbox.parts(FIRST)) != []
