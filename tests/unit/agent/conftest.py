"""A database of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hikae.agent.database import Database
from hikae.agent.memory import Memory


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Return a new database."""
    database = Database(tmp_path / "agent.sqlite")
    yield database
    database.close()


@pytest.fixture
def memory(database: Database) -> Memory:
    """Return what the PC remembers: nothing yet."""
    return Memory(database)
