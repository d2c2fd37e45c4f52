"""What a cloud refuses is kept, shown, sent again or set aside; nothing of it is lost."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from hikae.link.messages import Refused, StatementHead, encode
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from tests.hostile_cloud import Exchange, Heard
from tests.system.hostile.pc import Pc

pytestmark = pytest.mark.asyncio(loop_scope="module")


def refuse(exchange: Exchange, _: Heard) -> None:
    """Judge a statement to be wrong, whatever it says."""
    details: dict[str, str | int] = {"row": 1, "expected": 2, "found": 3}
    problem = Problem(ProblemCode.STATEMENT_INCONSISTENT, details)
    exchange.say(422, encode(Refused(problem, system_clock())))


async def refused_fetch(pc: Pc, connection: UUID) -> list[StatementHead]:
    """Fetch from a bank for a cloud that takes no statement; what it did not take."""
    before = len(pc.cloud.of("POST statements", StatementHead))
    pc.cloud.lies["POST statements"] = refuse
    fetch = await pc.fetch(connection)
    assert fetch.state is FetchState.FAILED
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.STATEMENT_INCONSISTENT
    pc.cloud.be_honest()
    return pc.cloud.of("POST statements", StatementHead)[before:]


async def test_refused_statements_are_shown_and_sent_again_when_somebody_wants_it(
    pc: Pc, connection: UUID
) -> None:
    heads = await refused_fetch(pc, connection)
    status = await pc.engine.status()
    assert (status.unsent, status.refused_statements) == (0, len(heads))
    shown = await pc.engine.refused_statements()
    assert [each.account for each in shown] == [head.account for head in heads]
    assert [each.rows for each in shown] == [head.rows for head in heads]
    assert {each.problem.code for each in shown} == {ProblemCode.STATEMENT_INCONSISTENT}
    assert await pc.engine.send_refused() == 0
    again = pc.cloud.of("POST statements", StatementHead)[-len(heads) :]
    assert again == heads
    assert (await pc.engine.status()).refused_statements == 0
    await pc.is_as_before(connection)


async def test_refused_statements_are_set_aside_with_all_their_rows(
    pc: Pc, connection: UUID, tmp_path: Path
) -> None:
    heads = await refused_fetch(pc, connection)
    files = [Path(file) for file in await pc.engine.set_aside(str(tmp_path / "aside"))]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    for file, head in zip(files, heads, strict=True):
        (written,) = json.loads(file.read_text())
        assert written["account"]["number"] == head.account.number
        assert written["closing_balance"] == head.closing
        assert len(written["transactions"]) == head.rows
    assert await pc.engine.refused_statements() == []
    assert (await pc.engine.status()).refused_statements == 0
    await pc.is_as_before(connection)
