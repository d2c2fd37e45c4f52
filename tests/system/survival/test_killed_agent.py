"""The agent's process dies at the worst moments; nothing is lost, nothing is doubled."""

import signal

import pytest

from hikae.killpoint import VARIABLE
from tests.system.survival.offices import Office, done, sqlite_books


@pytest.mark.parametrize(
    "moment",
    ["fetching.downloaded", "outbox.write", "delivery.part", "delivery.acknowledged"],
)
async def test_an_agent_that_is_killed_loses_and_doubles_nothing(
    office: Office, moment: str
) -> None:
    office.agent.stop()
    office.agent.start({VARIABLE: moment})
    assert await office.fetch_into_death() == -signal.SIGKILL
    office.agent.start()
    await office.everything_sent()
    assert done(again := await office.fetch()), again.problem
    books = sqlite_books(office.cloud)(office.organisation)
    assert books == office.bank.books(office.customer)
    assert done(once_more := await office.fetch())
    assert once_more.counts.added == 0
    assert sqlite_books(office.cloud)(office.organisation) == books
