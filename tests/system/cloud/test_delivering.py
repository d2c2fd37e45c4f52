"""Delivering to a cloud that runs: killed in the middle, or asked twice at once."""

import http.client
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from hikae.cloud.connections.models import Connection
from hikae.cloud.people import audit
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements.following import follow
from hikae.cloud.statements.models import StatementRecord, Transaction
from hikae.link import delivery
from hikae.link.messages import Delivered, encode
from hikae.model.account import Account, AccountKind
from hikae.model.fetch import Counts
from hikae.model.statement import Channel, Period, Source, Statement
from hikae.model.statement import Transaction as Row
from tests.cloud_agent import RefusedError, TestAgent
from tests.fixtures_cloud import Server, running_cloud
from tests.system.cloud.conftest import Office


def statement(rows: int) -> Statement:
    """A statement of plausible rows, several parts long."""
    said, balance = [], 500_000
    for number in range(rows):
        amount = 1_000 + number if number % 3 else -700
        balance += amount
        day = date(2026, 11, 1 + number * 20 // rows)
        said.append(Row(day, amount, balance, description=f"振込 {number}"))
    return Statement(
        account=Account("001", AccountKind.ORDINARY, "1234567"),
        period=Period(date(2026, 11, 1), date(2026, 11, 21)),
        as_of=datetime(2026, 11, 23, 1, tzinfo=UTC),
        complete=True,
        opening=500_000,
        closing=balance,
        transactions=tuple(said),
        source=Source(Channel.PAGE),
    )


def kept(office: Office) -> tuple[int, int, int]:
    """Rows, events and statements."""
    with tenant(office.organisation):
        return (
            Transaction.objects.count(),
            len(list(follow(0))),
            StatementRecord.objects.count(),
        )


@pytest.fixture
def dying_cloud(cloud: Server, environment: dict[str, str]) -> Iterator[Server]:
    """A second process of the same cloud that is killed before its first merge is committed."""
    armed = {**environment, "HIKAE_ORIGIN": cloud.origin, "HIKAE_KILL_AT": "merge.applied"}
    with running_cloud(armed) as server:
        yield server


def test_a_cloud_killed_in_the_middle_of_a_merge_keeps_nothing_and_doubles_nothing(
    cloud: Server, dying_cloud: Server, agent: TestAgent, office: Office, connection: Connection
) -> None:
    said, fetch, name = statement(1_200), uuid4(), uuid4()
    doomed = replace(agent, address=dying_cloud.address)
    with pytest.raises((http.client.HTTPException, OSError)):
        doomed.deliver(said, connection.id, fetch=fetch, name=name)
    assert dying_cloud.process.wait(timeout=30) == -9
    assert kept(office) == (0, 0, 0)
    delivered = agent.complete(said, connection.id, fetch=fetch, name=name)
    assert delivered.counts == Counts(added=1_200)
    assert kept(office) == (1_200, 1_200, 1)


def test_two_deliveries_at_once_get_the_same_answer_and_one_is_merged(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    said, fetch, name = statement(800), uuid4(), uuid4()

    def deliver(_: int) -> Delivered:
        return agent.deliver(said, connection.id, fetch=fetch, name=name)

    with ThreadPoolExecutor(2) as both:
        first, second = both.map(deliver, range(2))
    assert first == second
    assert kept(office) == (800, 800, 1)


def test_the_same_fetch_under_two_names_at_once_adds_its_rows_once(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    said = statement(800)

    def deliver(_: int) -> Counts:
        return agent.deliver(said, connection.id, fetch=uuid4(), name=uuid4()).counts

    with ThreadPoolExecutor(2) as both:
        counts = sorted(both.map(deliver, range(2)), key=lambda each: each.added)
    assert counts == [Counts(known=800), Counts(added=800)]
    assert kept(office) == (800, 800, 2)
    with tenant(office.organisation):
        assert audit.first_broken() is None


def test_a_missing_part_is_named_as_one_that_may_come_again(
    agent: TestAgent, connection: Connection
) -> None:
    said, name = statement(1_200), uuid4()
    parts = list(delivery.parts(connection.id, said.transactions))
    agent.send("PUT", f"/statements/{name}/parts/2", encode(parts[2]))
    with pytest.raises(RefusedError) as refused:
        agent.complete(said, connection.id, fetch=uuid4(), name=name)
    assert refused.value.status == 424
    assert refused.value.refused.problem.details == {"part": "missing", "number": 0}
