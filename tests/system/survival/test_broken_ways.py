"""The way between PC and cloud breaks; what waits gets through when it can."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from demo.household import OWNER_PASSWORD, Bank, Cloud
from demo.person import Person
from demo.story import until_offered
from hikae.agent.engine import ChallengeAsked, FetchChanged
from hikae.model.fetch import Fetch, Trigger
from tests.system.survival.gate import Gate
from tests.system.survival.offices import (
    PATIENCE,
    Office,
    done,
    ended,
    opened,
    sqlite_books,
    until_linked,
)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    """What stands between the PC and the cloud."""
    gate = Gate()
    yield gate
    gate.stop()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, bank: Bank, gate: Gate) -> Iterator[Cloud]:
    """A cloud on SQLite, known to the world by the address of its gate."""
    origin = {"HIKAE_ORIGIN": gate.origin}
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), bank.catalogue, environment=origin)
    gate.behind = cloud.port
    yield cloud
    cloud.program.stop()


@pytest.fixture
async def office(
    bank: Bank, cloud: Cloud, gate: Gate, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    """A PC behind an open gate, linked, and a person who reaches the pages past the gate."""
    gate.is_open = gate.upgrades = True
    customer = bank.customer("9902", getattr(request, "param", "ok"))
    async with (
        opened(bank, cloud, tmp_path, customer) as office,
        Person(f"http://127.0.0.1:{cloud.port}") as person,
    ):
        await person.sign_in(office.email, OWNER_PASSWORD)
        office.person = person
        yield office


async def test_what_was_fetched_while_the_cloud_was_away_is_delivered_when_it_is_back(
    office: Office,
) -> None:
    async with office.agent.engine() as engine:
        events = engine.events()
        office.cloud.program.stop()
        (fetch_id,) = await engine.fetch([], Trigger.COMMAND)
        await _moved(events, "送信待ち")
        assert (await engine.status()).unsent > 0
        office.cloud.start(office.cloud.port)
        fetch = await ended(engine, events, fetch_id)
    assert done(fetch), fetch.problem
    assert sqlite_books(office.cloud)(office.organisation) == office.bank.books(office.customer)


async def test_a_command_given_while_the_link_is_lost_is_carried_out_when_it_is_back(
    office: Office, gate: Gate
) -> None:
    async with office.agent.engine() as engine:
        events = engine.events()
        gate.is_open = False
        gate.cut()
        await until_linked(engine, linked=False)
        await _press_again(office)
        gate.is_open = True
        fetch = await _next_end(events)
        await until_linked(engine)
    assert (fetch.trigger, done(fetch)) == (Trigger.CLOUD, True)
    assert sqlite_books(office.cloud)(office.organisation) == office.bank.books(office.customer)


@pytest.mark.parametrize("office", ["otp"], indirect=True)
async def test_where_no_websocket_passes_the_agent_asks_for_commands_and_answers(
    office: Office, gate: Gate
) -> None:
    async with office.agent.engine() as engine:
        events = engine.events()
        gate.upgrades = False
        gate.cut()
        await until_linked(engine, linked=False)
        await _press_again(office)
        await _asked(events)
        await until_offered(office.person)
        await office.person.answer_challenge(office.bank.one_time_password(office.customer))
        fetch = await _next_end(events)
        assert not (await engine.status()).linked
    assert (fetch.trigger, done(fetch)) == (Trigger.CLOUD, True)
    assert sqlite_books(office.cloud)(office.organisation) == office.bank.books(office.customer)


async def _press_again(office: Office) -> None:
    page = await office.person.visit("/connections/")
    await page.press("再取得")


async def _moved(events: AsyncIterator[object], step: str) -> None:
    """Wait until a fetch is at this step."""
    event = await asyncio.wait_for(anext(events), PATIENCE)
    while not (isinstance(event, FetchChanged) and event.fetch.step == step):
        event = await asyncio.wait_for(anext(events), PATIENCE)


async def _asked(events: AsyncIterator[object]) -> None:
    """Wait until the bank asks."""
    while not isinstance(await asyncio.wait_for(anext(events), PATIENCE), ChallengeAsked):
        pass


async def _next_end(events: AsyncIterator[object]) -> Fetch:
    """The next fetch that ends."""
    while True:
        event = await asyncio.wait_for(anext(events), PATIENCE)
        if isinstance(event, FetchChanged) and event.fetch.state.final:
            return event.fetch
