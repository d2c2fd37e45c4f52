"""The link with thousands of PCs: what each costs, how soon a command is there, who comes back.

A real cloud on a real PostgreSQL, and agents that prove themselves (`fleet`). A command is written
by another process (`desk`), as by another server of the same cloud, and timed from before its
commit until the PC has read it. A cloud that starts again is timed from when it says it is ready.
"""

import asyncio
import json
import random
import resource
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from uuid import UUID, uuid4

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from demo.household import Cloud
from demo.programs import surroundings
from hikae.link.messages import PROTOCOL
from hikae.model.clock import system_clock
from tests.benchmarks.agent import resident
from tests.benchmarks.clouds import on_postgresql
from tests.benchmarks.figures import Figure
from tests.benchmarks.fleet import Fleet, Identity

_PCS = 3_000
_FIRST = 200
"""PCs that link before memory is looked at, so that all threads have worked."""

_AT_ONCE = 300
"""PCs that link together at first: they were switched on one after another."""

_PATIENCE = 60.0
_PUSHES = 400
_ROUNDS = 3
_COLUMNS = (
    *("id", "organisation_id", "person_id", "auth_key_id", "state"),
    *("signing", "sealing", "name", "system", "agent", "protocol", "commanded"),
    *("enrolled_at", "confirmed_at", "ended_by", "ended_for"),
)
_FILES = 2 * _PCS + 1_000

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Pc:
    """A PC and for whom it works."""

    organisation: UUID
    identity: Identity


def measure(folder: Path, say: Say) -> list[Figure]:
    """`link_bytes_per_device`, `push_p99_ms`, `push_all_ms` and `reconnect_3000_s`."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (_FILES, max(_FILES, _most_files())))
    (catalogue := folder / "catalogue").mkdir()
    with on_postgresql() as environment:
        cloud = Cloud(folder, catalogue, environment=environment)
        try:
            pcs = _enrolled(environment["HIKAE_DATABASE_OWNER_URL"], _PCS)
            return asyncio.run(_measured(cloud, environment, pcs, say))
        finally:
            cloud.program.stop()


async def _measured(
    cloud: Cloud, environment: Mapping[str, str], pcs: Sequence[Pc], say: Say
) -> list[Figure]:
    fleet = Fleet(cloud.origin, [pc.identity for pc in pcs])
    await fleet.start(_FIRST)
    before = resident(cloud.program.pid)
    for _ in range(_FIRST, _PCS, _AT_ONCE):
        await fleet.start(min(_AT_ONCE, _PCS - fleet.size))
    each = (resident(cloud.program.pid) - before) * 1e6 / (_PCS - _FIRST)
    say(f"{fleet.size} PCs are linked, {each:.0f} bytes each")
    async with _desk({**environment, "HIKAE_DATA": str(cloud.data)}) as desk:
        ones = await _pushes(fleet, desk, pcs)
        alls = [await _push(fleet, desk, pcs) for _ in range(_ROUNDS)]
    p99 = quantiles(ones, n=100)[98]
    say(f"a command: p50 {median(ones) * 1000:.2f} ms, p99 {p99 * 1000:.2f} ms")
    say(f"a command for all: {', '.join(f'{took * 1000:.0f}' for took in alls)} ms")
    back = await _restarted(cloud, fleet, say)
    await fleet.stop()
    return [
        Figure("link_bytes_per_device", each, "bytes", 22_000),
        Figure("push_p99_ms", p99 * 1000, "ms", 1),
        Figure("push_all_ms", median(alls) * 1000, "ms", 100),
        Figure("reconnect_3000_s", back, "s", 30),
    ]


async def _pushes(fleet: Fleet, desk: Process, pcs: Sequence[Pc]) -> list[float]:
    """A command for one PC after another, each alone; the seconds of each."""
    chosen = random.Random(1)
    return [await _push(fleet, desk, [chosen.choice(pcs)]) for _ in range(_PUSHES)]


async def _push(fleet: Fleet, desk: Process, pcs: Sequence[Pc]) -> float:
    """A command for some PCs; the seconds until the last of them has read it."""
    fleet.arrivals.expect(len(pcs))
    whom = [(str(pc.organisation), str(pc.identity.id)) for pc in pcs]
    began = float(await _asked(desk, whom))
    async with asyncio.timeout(_PATIENCE):
        await fleet.arrivals.all_in.wait()
    return max(fleet.arrivals.at) - began


async def _restarted(cloud: Cloud, fleet: Fleet, say: Say) -> float:
    """Stop the cloud and start it again; the seconds until every PC is back."""
    began = perf_counter()
    await asyncio.to_thread(cloud.program.stop)
    await fleet.lost()
    stopped = perf_counter()
    await asyncio.to_thread(cloud.start, cloud.port)
    fleet.refused.clear()
    ready = perf_counter()
    await fleet.back()
    took = perf_counter() - ready
    say(f"stopped in {stopped - began:.1f} s, down for {ready - stopped:.1f} s, back in {took:.1f}")
    if fleet.refused:
        raise AssertionError(f"{len(fleet.refused)} upgrades were refused: {fleet.refused[:3]}")
    return took


@asynccontextmanager
async def _desk(environment: Mapping[str, str]) -> AsyncIterator[Process]:
    desk = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.benchmarks.desk"),
        stdin=PIPE,
        stdout=PIPE,
        env=surroundings(environment),
        limit=2**20,
    )
    try:
        await _line(desk)
        yield desk
    finally:
        if desk.stdin is not None:
            desk.stdin.close()
        await desk.wait()


async def _asked(desk: Process, whom: Sequence[tuple[str, str]]) -> str:
    if desk.stdin is None:
        raise AssertionError("the desk has no standard input")
    desk.stdin.write(json.dumps(whom).encode() + b"\n")
    await desk.stdin.drain()
    return await _line(desk)


async def _line(desk: Process) -> str:
    line = await desk.stdout.readline() if desk.stdout is not None else b""
    if not line:
        raise AssertionError("the desk has ended")
    return line.decode()


def _most_files() -> int:
    return resource.getrlimit(resource.RLIMIT_NOFILE)[1]


def _enrolled(url: str, count: int) -> list[Pc]:
    """PCs whose enrolment is over, each of an organisation and a person of its own."""
    pcs = [Pc(uuid4(), Identity(uuid4(), Ed25519PrivateKey.generate())) for _ in range(count)]
    with psycopg.connect(url) as connection:
        for table, columns, rows in _tables(pcs):
            copy = f"COPY {table} ({columns}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(copy.encode()) as copying:
                for row in rows:
                    copying.write_row(row)
    return pcs


def _tables(pcs: Sequence[Pc]) -> Iterator[tuple[str, str, list[tuple[object, ...]]]]:
    """What an enrolment leaves in the directory: table, columns, rows."""
    now = system_clock()
    keys = {pc.organisation: uuid4() for pc in pcs}
    # A person's id is that of the organisation, which is another table's.
    yield (
        "people_organisation",
        "id, name, created_at",
        [(pc.organisation, "株式会社みほん商店", now) for pc in pcs],
    )
    yield (
        "people_user",
        "id, email, name, language, is_active, joined_at, password",
        [
            (pc.organisation, f"{number}@example.jp", "", "ja", True, now, "!")
            for number, pc in enumerate(pcs)
        ],
    )
    yield (
        "devices_authkey",
        "id, hash, organisation_id, issuer_id, issued_at, expires_at, used_at",
        [
            (keys[pc.organisation], str(number), pc.organisation, pc.organisation, now, now, now)
            for number, pc in enumerate(pcs)
        ],
    )
    yield (
        "devices_device",
        ", ".join(_COLUMNS),
        [_device(pc, keys[pc.organisation], now) for pc in pcs],
    )


def _device(pc: Pc, key: UUID, now: datetime) -> tuple[object, ...]:
    public = pc.identity.key.public_key().public_bytes_raw()
    whose = (pc.identity.id, pc.organisation, pc.organisation, key, "confirmed")
    what = (public, public, "KEIRI-01", "Windows 11", "0.1.0", PROTOCOL, 0)
    return (*whose, *what, now, now, "", "")
