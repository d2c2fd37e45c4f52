"""What every test may ask for: the tree itself, and a real PostgreSQL."""

from pathlib import Path

import pytest

pytest_plugins = ["tests.fixtures_postgres"]


@pytest.fixture(scope="session")
def tree() -> Path:
    """Return the folder of the whole source tree."""
    return Path(__file__).parent.parent
