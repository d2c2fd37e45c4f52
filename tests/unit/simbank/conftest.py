"""The simulated banks, started once; every test finds them as on their first day."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hikae.simbank import Customer, SimBank
from tests.unit.simbank.person import Person

NOON = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)  # a Wednesday, noon in Tokyo


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimBank]:
    with SimBank.start(tmp_path_factory.mktemp("simbank"), clock=lambda: NOON) as bank:
        yield bank


@pytest.fixture
def bank(started: SimBank) -> SimBank:
    started.reset()
    return started


@pytest.fixture
def browser(bank: SimBank) -> Iterator[Callable[..., Person]]:
    """Open a browser for a customer: `browser(customer, pem=…)`."""
    people: list[Person] = []

    def open_one(customer: Customer, pem: Path | None = None, **options: bool) -> Person:
        people.append(Person(bank, customer, pem=pem, **options))
        return people[-1]

    yield open_one
    for person in people:
        person.close()
