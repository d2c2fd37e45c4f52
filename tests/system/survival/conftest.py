"""One household of real processes for each module; an office of its own for each test."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from demo.household import Bank, Cloud
from tests.system.survival.offices import Office, close_the_day, opened

ROWS = 1000
"""Of each account, so that a month of it travels in several parts."""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """Busy banks on the evening of today."""
    bank = Bank(tmp_path_factory.mktemp("banks"), transactions=4 * ROWS)
    close_the_day(bank)
    yield bank
    bank.program.stop()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Cloud]:
    """A cloud on SQLite."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), bank.catalogue)
    yield cloud
    cloud.program.stop()


@pytest.fixture
async def office(bank: Bank, cloud: Cloud, tmp_path: Path) -> AsyncIterator[Office]:
    """A PC with one connection at the bank that keeps nobody out."""
    async with opened(bank, cloud, tmp_path, bank.customer("9902", "ok")) as office:
        yield office
