"""How large the long tests are, and how they say so. FULL=1 makes them as large as promised."""

import os
from collections.abc import Callable

import pytest

Say = Callable[[str], None]


@pytest.fixture(scope="session")
def full() -> bool:
    """Return whether the full size is wanted."""
    return bool(os.environ.get("FULL"))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a way to tell the person in front of the terminal what is done."""

    def say(words: str) -> None:
        with capsys.disabled():
            print(f"\n  {words}", end="", flush=True)

    return say
