"""Statements taken by a cloud, against the same rows written straight into its database.

A hundred thousand transactions go in parts of 500 through the whole way: signed requests over
HTTP, several on their way at once as an agent has them, digests, sums, reconciling, rows, days and
the trace of every change, in one transaction.
The floor is COPY (PostgreSQL) or executemany (SQLite) of the rows alone into a table of the same
columns without an index. Both take turns, each time with an account of its own; medians. Where
the time goes is told beside it: the seconds of processor that the agent's and the cloud's process
take (what is left is the database's, the network's and waiting).
"""

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from uuid import uuid4

from hikae.agent.delivery import send_parts
from hikae.link import delivery
from hikae.link.messages import encode
from hikae.model.statement import Statement
from tests.benchmarks.clouds import Running, at_work, on_postgresql
from tests.benchmarks.figures import Figure
from tests.benchmarks.ledger import ACCOUNT, COLUMNS, Ledger, Row

_LEDGER = Ledger(days=250, daily=400)
_TURNS = 3


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds: a first delivery, of which parts, the same rows again, and the floor.

    agent, cloud: seconds of processor of the first delivery.
    """

    first: float
    parts: float
    agent: float
    cloud: float
    again: float
    floor: float


@dataclass(frozen=True, slots=True)
class Delivery:
    """Seconds of one delivery, as in `Took`."""

    whole: float
    parts: float
    agent: float
    cloud: float


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """`ingest_vs_copy`, `ingest_vs_executemany` and `ingest_again_vs_first` of both."""
    with on_postgresql() as environment:
        copy = asyncio.run(_measure(folder / "postgresql", environment))
    many = asyncio.run(_measure(folder / "sqlite", {}))
    for name, took in (("PostgreSQL", copy), ("SQLite", many)):
        say(
            f"{_LEDGER.days * _LEDGER.daily:,} rows into {name}: first {took.first:.2f} s"
            f" (parts {took.parts:.2f} s; processor: agent {took.agent:.2f} s, cloud"
            f" {took.cloud:.2f} s), again {took.again:.2f} s, floor {took.floor:.2f} s"
        )
    again = max(took.again / took.first for took in (copy, many))
    return [
        Figure("ingest_vs_copy", copy.floor / copy.first, "times", 0.25, "at least"),
        Figure("ingest_vs_executemany", many.floor / many.first, "times", 0.25, "at least"),
        Figure("ingest_again_vs_first", again, "times", 1),
    ]


async def _measure(folder: Path, environment: dict[str, str]) -> Took:
    statement, numbers = _LEDGER.statement(), count(1_000_001)
    turns = []
    async with at_work(folder, environment) as running:
        rows = list(running.plain(_LEDGER.rows(running.organisation, uuid4())))
        for _ in range(_TURNS):
            account = replace(ACCOUNT, number=str(next(numbers)))
            said = replace(statement, account=account)
            first = await _deliver(running, said, added=len(rows))
            later = replace(said, as_of=said.as_of + timedelta(hours=1))
            again = await _deliver(running, later, added=0)
            floor = _floor(running, rows)
            turns.append(
                Took(first.whole, first.parts, first.agent, first.cloud, again.whole, floor)
            )
    return Took(*(median(getattr(turn, name) for turn in turns) for name in Took.__slots__))


async def _deliver(running: Running, statement: Statement, *, added: int) -> Delivery:
    """One delivery, as the agent makes it of what its outbox holds."""
    head = delivery.head(statement, fetch=uuid4(), connection=running.connection)
    parts = map(encode, delivery.parts(running.connection, statement.transactions))
    bodies, name = list(parts), uuid4()
    agent, cloud = process_time(), _processor(running)
    began = perf_counter()
    await send_parts(running.agent, name, enumerate(bodies))
    parts_there = perf_counter()
    delivered = await running.agent.complete(name, head)
    ended = perf_counter()
    if delivered.counts.added != added:
        raise AssertionError(f"{delivered.counts.added} rows were added, not {added}")
    return Delivery(
        whole=ended - began,
        parts=parts_there - began,
        agent=process_time() - agent,
        cloud=_processor(running) - cloud,
    )


def _processor(running: Running) -> float:
    """Seconds of processor that the cloud's process has taken."""
    fields = Path(f"/proc/{running.cloud.program.pid}/stat").read_text(encoding="ascii")
    user, system = fields.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _floor(running: Running, rows: list[Row]) -> float:
    table = running.floor.copy_of("statements_transaction", COLUMNS)
    began = perf_counter()
    running.floor.insert(table, COLUMNS, rows)
    took = perf_counter() - began
    running.floor.execute(f"DROP TABLE {table}")
    return took
