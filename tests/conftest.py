"""What every test may ask for: the tree itself, and a real PostgreSQL."""

from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = [
    "tests.fixtures_household",
    "tests.fixtures_postgres",
    "tests.fixtures_cloud",
    "tests.fixtures_mail",
]

# Properties are tried with the same examples on every run.
settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")


@pytest.fixture(scope="session")
def tree() -> Path:
    """Return the folder of the whole source tree."""
    return Path(__file__).parent.parent
