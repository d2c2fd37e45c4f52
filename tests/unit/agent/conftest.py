"""A database and a safe of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hikae.agent.database import Database
from hikae.agent.memory import Memory
from hikae.agent.safe import FileSafe, Safe


@pytest.fixture
def safe(tmp_path: Path) -> Safe:
    """Return an empty safe."""
    return FileSafe(tmp_path / "safe.json", "default")


@pytest.fixture
def database(tmp_path: Path, safe: Safe) -> Iterator[Database]:
    """Return a new database."""
    database = Database(tmp_path / "agent.sqlite", safe)
    yield database
    database.close()


@pytest.fixture
def memory(database: Database) -> Memory:
    """Return what the PC remembers: nothing yet."""
    return Memory(database)
