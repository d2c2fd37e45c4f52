"""Offices whose agent, cloud and bank are processes that a test may kill, and their two books.

What the bank's books say and what the cloud's say are read apart from everything under test: the
one by the bank's control listener, the other from the database itself.
"""

import asyncio
import itertools
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

import psycopg

from demo.household import OWNER_PASSWORD, Agent, Bank, Books, Cloud, Customer, Row
from demo.person import Person
from demo.story import enrol
from hikae.agent.engine import Engine, FetchChanged
from hikae.agent.remote import RemoteEngine
from hikae.model.clock import JAPAN, japan_day, system_clock
from hikae.model.fetch import Fetch, FetchState, Trigger

PATIENCE = 60.0
"""Seconds after which something that has not happened will not."""

ReadBooks = Callable[[UUID], Books]
"""What a cloud's database says of one organisation."""

_numbers = itertools.count(1)
_ROWS = (
    "SELECT a.number, t.booked_on, t.amount, t.balance"
    " FROM statements_transaction t JOIN statements_account a ON a.id = t.account_id"
    " WHERE t.organisation_id = {} ORDER BY a.number, t.booked_on, t.position"
)


@dataclass(slots=True)
class Office:
    """An owner in front of the pages, their PC's agent, and their customer number at a bank."""

    bank: Bank
    cloud: Cloud
    agent: Agent
    person: Person
    customer: Customer
    email: str
    organisation: UUID

    async def fetch(self) -> Fetch:
        """Fetch the connection, and see it end."""
        async with self.agent.engine() as engine:
            events = engine.events()
            (fetch_id,) = await engine.fetch([], Trigger.COMMAND)
            return await ended(engine, events, fetch_id)

    async def fetch_from_page(self) -> Fetch:
        """Press 再取得 on the page, and see the fetch end on the PC."""
        async with self.agent.engine() as engine:
            events = engine.events()
            page = await self.person.visit("/connections/")
            await page.press("再取得")
            return await last_ended(events)

    async def fetch_into_death(self) -> int:
        """Start a fetch in an agent that will not survive it; the exit code of its process."""
        async with self.agent.engine() as engine:
            await engine.fetch([], Trigger.COMMAND)
        assert self.agent.program is not None
        return await asyncio.to_thread(self.agent.program.wait, PATIENCE)

    async def everything_sent(self) -> None:
        """Wait until the outbox is empty."""
        async with self.agent.engine() as engine:
            events = engine.events()
            while (await engine.status()).unsent:
                await asyncio.wait_for(anext(events), PATIENCE)


async def ended(engine: Engine, events: AsyncIterator[object], fetch_id: UUID) -> Fetch:
    """Wait for the end of a fetch, woken by the events of its engine."""
    while True:
        fetch = await engine.fetch_state(fetch_id)
        if fetch is not None and fetch.state.final:
            return fetch
        event = await asyncio.wait_for(anext(events), PATIENCE)
        while not (isinstance(event, FetchChanged) and event.fetch.state.final):
            event = await asyncio.wait_for(anext(events), PATIENCE)


async def last_ended(events: AsyncIterator[object]) -> Fetch:
    """The next fetch that ends."""
    while True:
        event = await asyncio.wait_for(anext(events), PATIENCE)
        if isinstance(event, FetchChanged) and event.fetch.state.final:
            return event.fetch


async def until_linked(engine: RemoteEngine, *, linked: bool = True) -> None:
    """Wait until the link is up, or down."""
    events = engine.events()
    while (await engine.status()).linked is not linked:
        await asyncio.wait_for(anext(events), PATIENCE)


@asynccontextmanager
async def opened(
    bank: Bank,
    cloud: Cloud,
    folder: Path,
    customer: Customer,
    *,
    catalogue: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> AsyncIterator[Office]:
    """A new organisation with a PC of its own that serves one connection; nothing is fetched."""
    email = f"survivor{next(_numbers)}@example.jp"
    organisation = cloud.add_owner(email, f"株式会社{email}")
    agent = Agent(folder, catalogue or bank.catalogue)
    agent.start(environment)
    try:
        async with Person(cloud.origin) as person, agent.engine() as engine:
            await person.sign_in(email, OWNER_PASSWORD)
            await enrol(engine, person)
            await person.register(customer.institution, customer.password)
            await agent.receive(engine, customer)
            (connection,) = await engine.connections()
            await engine.enable(connection.id, on=True)
            yield Office(bank, cloud, agent, person, customer, email, organisation)
    finally:
        agent.stop()


def close_the_day(bank: Bank) -> None:
    """Move the bank to the evening of today, so that no new row comes between two readings."""
    evening = datetime.combine(japan_day(system_clock()), time(18), JAPAN)
    bank.ask("/clock", {"now": evening.isoformat()})


def sqlite_books(cloud: Cloud) -> ReadBooks:
    """Read the file of a cloud on SQLite."""

    def read(organisation: UUID) -> Books:
        file = f"file:{cloud.data / 'hikae.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(file, uri=True)) as connection:
            return _grouped(connection.execute(_ROWS.format("?"), (organisation.hex,)))

    return read


def postgresql_books(url: str) -> ReadBooks:
    """Read a PostgreSQL as a role that no wall binds."""

    def read(organisation: UUID) -> Books:
        with psycopg.connect(url) as connection:
            return _grouped(connection.execute(_ROWS.format("%s").encode(), (organisation,)))

    return read


def _grouped(rows: Iterable[tuple[str, date | str, int, int]]) -> Books:
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for number, booked_on, amount, balance in rows:
        found[number].append((str(booked_on), amount, balance))
    return found


def done(fetch: Fetch) -> bool:
    """Whether a fetch went well."""
    return fetch.state is FetchState.DONE
