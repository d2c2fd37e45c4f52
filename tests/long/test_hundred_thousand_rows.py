"""An account with a hundred thousand rows, from the bank's files into the cloud's database."""

from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import pytest

from demo.household import Bank, Cloud
from tests.long.conftest import Say
from tests.system.survival.offices import close_the_day, done, opened, sqlite_books

GROWTH = 150_000_000
"""Bytes that the agent's memory may grow by at its peak. The agent holds one file at a time, here
a month of 5 MB with half of the rows; its peak is not to follow the number of months."""


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[Bank]:
    """The banks on the evening of today."""
    bank = Bank(tmp_path)
    close_the_day(bank)
    yield bank
    bank.program.stop()


@pytest.fixture
def cloud(tmp_path: Path, bank: Bank) -> Iterator[Cloud]:
    """A cloud on SQLite."""
    cloud = Cloud(tmp_path, bank.catalogue)
    yield cloud
    cloud.program.stop()


async def test_all_rows_arrive_with_the_banks_own_sums_in_bounded_memory(
    bank: Bank, cloud: Cloud, tmp_path: Path, say: Say
) -> None:
    async with opened(bank, cloud, tmp_path, bank.customer("9901", "100000_rows")) as office:
        assert office.agent.program is not None
        pid = office.agent.program.pid
        before, began = memory(pid, "VmRSS"), monotonic()
        assert done(fetch := await office.fetch()), fetch.problem
        took, peak = monotonic() - began, memory(pid, "VmHWM")
        ((number, rows),) = bank.books(office.customer).items()
        assert len(rows) >= 100_000
        assert sqlite_books(cloud)(office.organisation) == {number: rows}
        assert fetch.counts.added == len(rows)
        say(
            f"{len(rows)} rows, sum {sum(amount for _, amount, _ in rows):,} yen, {took:.0f} s;"
            f" agent {before / 1e6:.0f} MB before, {peak / 1e6:.0f} MB at its peak"
        )
        assert peak - before < GROWTH


def memory(pid: int, kind: str) -> int:
    """Resident memory of a process in bytes: VmRSS now, VmHWM at its peak."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(f"{kind}:"))
    return int(line.split()[1]) * 1024
