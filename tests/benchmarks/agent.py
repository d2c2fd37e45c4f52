"""The agent as a process: how soon it is linked, and how much memory it holds."""

import asyncio
import json
import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter

from demo.household import Bank, Cloud, Customer
from demo.programs import HIKAE
from hikae.model.fetch import FetchState
from tests.benchmarks.figures import Figure
from tests.system.survival.offices import opened

_STARTS = 7


def measure(
    folder: Path, bank: Bank, customer: Customer, say: Callable[[str], None]
) -> list[Figure]:
    """`agent_rss_mb` after a fetch, and `agent_start_s` until the link is up."""
    cloud = Cloud(folder, bank.catalogue)
    try:
        return asyncio.run(_measure(folder, bank, cloud, customer, say))
    finally:
        cloud.program.stop()


async def _measure(
    folder: Path, bank: Bank, cloud: Cloud, customer: Customer, say: Callable[[str], None]
) -> list[Figure]:
    async with opened(bank, cloud, folder, customer) as office:
        agent = office.agent
        fetch = await office.fetch()
        if fetch.state is not FetchState.DONE or agent.program is None:
            raise AssertionError(f"the agent's fetch ended as {fetch.state}")
        held = resident(agent.program.pid)
        words = agent.program.words
        agent.stop()
        starts = [_start(words, agent.environment) for _ in range(_STARTS)]
    say(f"agent after {fetch.counts.added} rows, {_STARTS} starts: medians")
    return [
        Figure("agent_rss_mb", held, "MB", 70),
        Figure("agent_start_s", median(starts), "s", 1),
    ]


def resident(pid: int) -> float:
    """Resident memory, shared libraries included, in millions of bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024 / 1e6


def _start(words: Sequence[str], environment: Mapping[str, str]) -> float:
    """Seconds from the start of the process until it says that it is linked."""
    began = perf_counter()
    with subprocess.Popen(
        [*HIKAE, *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    ) as process:
        for line in process.stdout or ():
            said = json.loads(line)
            if said["kind"] == "LinkChanged" and said["value"]["linked"]:
                took = perf_counter() - began
                process.terminate()
                return took
    raise AssertionError("the agent ended without a link")
