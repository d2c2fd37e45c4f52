"""Twenty banks fetched at once by one PC, against the slowest of those fetched alone.

Each bank lets every answer wait as a line to a data centre does. One PC fetches some of the banks
one after another, another PC fetches all of them at the same time; both visit each bank for the
first time, so their dialogs are the same. A fetch is over when the cloud has its statements.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from uuid import UUID

from demo.household import OWNER_PASSWORD, Agent, Cloud
from demo.person import Person
from demo.story import enrol
from hikae.agent.engine import Engine
from hikae.model.fetch import FetchState, Trigger
from hikae.model.secret import Secret
from hikae.simbank.bank import SimBank
from hikae.simbank.customer import Customer
from hikae.simbank.exchange import Reply, Request, Site
from hikae.simbank.institution import KITAMACHI, Institution
from tests.benchmarks.figures import Figure
from tests.system.survival.offices import ended

_BANKS = 20
_ALONE = 4
_LATENCY = 0.2
"""Seconds that each answer takes longer."""

Say = Callable[[str], None]


class FarSite:
    """A bank's site at the end of a long line."""

    def __init__(self, inner: Site) -> None:
        """Every answer of `inner` waits."""
        self.inner = inner
        self.lock = inner.lock

    @property
    def certificate_path(self) -> str:
        """Where the certificate is demanded."""
        return self.inner.certificate_path

    @property
    def sign_in_path(self) -> str:
        """Where signing in begins."""
        return self.inner.sign_in_path

    def answer(self, request: Request) -> Reply:
        """The site's answer, later."""
        reply = self.inner.answer(request)
        return replace(reply, delay=reply.delay + _LATENCY)

    def forget(self, login_id: str = "") -> None:
        """End all visits, or those of one user."""
        self.inner.forget(login_id)


def measure(folder: Path, say: Say) -> list[Figure]:
    """`parallel_banks_vs_slowest`."""
    with SimBank.start(folder / "banks", institutions=_institutions()) as banks:
        for house in banks.houses.values():
            house.server.site = FarSite(house.site)
        cloud = Cloud(folder, banks.catalogue)
        try:
            return asyncio.run(_measured(folder, banks, cloud, say))
        finally:
            cloud.program.stop()


async def _measured(folder: Path, banks: SimBank, cloud: Cloud, say: Say) -> list[Figure]:
    customers = [banks.customer("ok", code) for code in banks.houses]
    async with _pc(folder, "alone", banks, cloud, customers[:_ALONE]) as engine:
        each = [await _fetched(engine, [one.id]) for one in await engine.connections()]
    async with _pc(folder, "together", banks, cloud, customers) as engine:
        everything = await _fetched(engine, [one.id for one in await engine.connections()])
    say(
        f"alone {', '.join(f'{took:.1f}' for took in each)} s, {_BANKS} together {everything:.1f} s"
    )
    return [Figure("parallel_banks_vs_slowest", everything / max(each), "times", 1.3)]


async def _fetched(engine: Engine, connections: Sequence[UUID]) -> float:
    """Fetch some connections at the same time; the seconds until all are done."""
    events = engine.events()
    began = perf_counter()
    for fetch_id in await engine.fetch(connections, Trigger.COMMAND):
        fetch = await ended(engine, events, fetch_id)
        if fetch.state is not FetchState.DONE:
            raise AssertionError(f"a fetch ended as {fetch.state}: {fetch.problem}")
    return perf_counter() - began


@asynccontextmanager
async def _pc(
    folder: Path, name: str, banks: SimBank, cloud: Cloud, customers: Sequence[Customer]
) -> AsyncIterator[Engine]:
    """A new organisation with a PC that serves a registration with each customer's bank."""
    email = f"{name}@example.jp"
    cloud.add_owner(email, name)
    agent = Agent(folder, banks.catalogue, name)
    agent.start()
    try:
        async with Person(cloud.origin) as person, agent.engine() as engine:
            await person.sign_in(email, OWNER_PASSWORD)
            await enrol(engine, person)
            for customer in customers:
                await person.register(customer.institution.code, customer.password)
                file = customer.certificates["valid"]
                (agent.certificates / file.p12.name).write_bytes(file.p12.read_bytes())
                await engine.unlock(file.p12.name, Secret(file.password))
            for connection in await engine.connections():
                await engine.enable(connection.id, on=True)
            yield engine
    finally:
        agent.stop()


def _institutions() -> list[Institution]:
    return [
        replace(
            KITAMACHI, code=f"{9901 + number}", name=f"北町第{number}銀行", latin=f"Bank {number}"
        )
        for number in range(_BANKS)
    ]
