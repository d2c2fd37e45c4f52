"""Banks and cloud as real processes, shared by a worker; a desk of its own for each test.

A desk is an organisation with its owner, and a PC with an engine in the test's own process, so
that time and chance can be passed in.
"""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from demo.household import OWNER_PASSWORD, Bank, Cloud, Customer
from demo.person import Person
from hikae.agent.engine import ChallengeAsked, ConnectionState, FetchChanged
from hikae.agent.local import LocalEngine
from hikae.agent.profile import Profile
from hikae.agent.safe import FileSafe
from hikae.agent.settings import Settings
from hikae.agent.surroundings import Surroundings
from hikae.agent.timetable import NEVER
from hikae.catalogue.catalogue import load_catalogue
from hikae.link import authkey
from hikae.model.challenge import Answer
from hikae.model.clock import system_clock
from hikae.model.fetch import Fetch, Trigger
from hikae.model.secret import Secret

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def banks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """Return the simulated banks of this worker."""
    bank = Bank(tmp_path_factory.mktemp("banks"), transactions=60)
    yield bank
    bank.program.stop()


@pytest.fixture(scope="module")
def bank(banks: Bank) -> Bank:
    """Return the worker's banks as on their first day, for the tests of one file."""
    banks.ask("/reset", {})
    return banks


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, banks: Bank) -> Iterator[Cloud]:
    """Return the cloud of this worker, on SQLite."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), banks.catalogue)
    yield cloud
    cloud.program.stop()


@dataclass(slots=True)
class Desk:
    """An owner at their pages and their PC."""

    bank: Bank
    cloud: Cloud
    person: Person
    given: Surroundings
    engine: LocalEngine
    organisation: UUID | None = None
    seen: list[Fetch] = field(default_factory=list)
    email: str = ""

    async def enrol(self) -> None:
        """認証キー, fingerprint, confirmation on both sides; returns when the link is up."""
        state = await self.engine.enrol(authkey.parse(await self.person.issue_key()))
        self.organisation = state.organisation_id
        await self.engine.confirm(same=True)
        await self.person.confirm_pc(state.fingerprint)
        await self.until(lambda status: status.linked)

    async def connect(self, *customers: Customer) -> Sequence[ConnectionState]:
        """Register customers on the page, put their certificates onto the PC, switch all on."""
        for customer in customers:
            await self.person.register(customer.institution, customer.password)
            self.receive(customer)
            await self.engine.unlock(customer.p12.name, Secret(customer.p12_password))
        connections = await self.engine.connections()
        for connection in connections:
            await self.engine.enable(connection.id, on=True)
        return await self.engine.connections()

    async def join(self, customer: Customer) -> UUID:
        """Register one more customer beside others of the same bank, and switch it on."""
        known = {each.id for each in await self.engine.connections()}
        await self.person.register(customer.institution, customer.password)
        self.receive(customer)
        await self.engine.unlock(customer.p12.name, Secret(customer.p12_password))
        (new,) = [each.id for each in await self.engine.connections() if each.id not in known]
        certificates = (await self.engine.certificates()).certificates
        own = next(each for each in certificates if each.user_id == customer.login_id)
        await self.engine.select(new, own.thumbprint)
        await self.engine.enable(new, on=True)
        return new

    def receive(self, customer: Customer) -> None:
        """Put a customer's certificate onto this PC."""
        folder = self.given.certificates
        folder.mkdir(parents=True, exist_ok=True)
        (folder / customer.p12.name).write_bytes(customer.p12.read_bytes())

    async def fetch(
        self,
        *connections: UUID,
        trigger: Trigger = Trigger.COMMAND,
        answers: Callable[[ChallengeAsked], str] | None = None,
    ) -> Sequence[Fetch]:
        """Fetch and answer what is asked; the fetches as they ended."""
        events = self.engine.events()
        waiting = set(await self.engine.fetch(connections, trigger))
        ended = [f for i in waiting if (f := await self.engine.fetch_state(i)) and f.state.final]
        waiting -= {fetch.id for fetch in ended}
        while waiting:
            event = await anext(events)
            if isinstance(event, ChallengeAsked):
                assert answers is not None, f"the bank asks: {event.prompt}"
                await self.engine.answer(event.id, Answer(Secret(answers(event))))
            elif isinstance(event, FetchChanged) and event.fetch.id in waiting:
                self.seen.append(event.fetch)
                if event.fetch.state.final:
                    waiting.discard(event.fetch.id)
                    ended.append(event.fetch)
        return ended

    async def until(self, true: Callable[..., bool]) -> None:
        """Wait until the engine's status is as wanted, woken by its events."""
        events = self.engine.events()
        while not true(await self.engine.status()):
            await asyncio.wait_for(anext(events), 30)

    async def restart(self, **changes: object) -> None:
        """Stop the engine and start it with other surroundings (settings=…, clock=…)."""
        await self.engine.stop()
        self.given = replace(self.given, **changes)  # type: ignore[arg-type]
        self.engine = await LocalEngine(self.given).start()


@pytest.fixture
async def desk(bank: Bank, cloud: Cloud, tmp_path: Path) -> AsyncIterator[Desk]:
    """Return an organisation of its own, signed in, with an engine that is not enrolled yet."""
    async with open_desk(bank, cloud, tmp_path) as desk:
        yield desk


@asynccontextmanager
async def open_desk(bank: Bank, cloud: Cloud, folder: Path) -> AsyncIterator[Desk]:
    """Open a desk whose PC keeps its things below `folder`."""
    email = f"owner{next(_numbers)}@example.jp"
    cloud.add_owner(email, f"株式会社{email}")
    profile = Profile.at(folder / "pc")
    given = Surroundings(
        profile=profile,
        safe=FileSafe(folder / "keyring.json", profile.name),
        settings=Settings(catalogue=str(bank.catalogue), plan=NEVER),
        catalogue=load_catalogue(bank.catalogue),
        clock=system_clock,
        new_id=uuid4,
        random=random.Random(7),
    )
    async with Person(cloud.origin) as person:
        await person.sign_in(email, OWNER_PASSWORD)
        desk = Desk(bank, cloud, person, given, await LocalEngine(given).start(), email=email)
        try:
            yield desk
        finally:
            await desk.engine.stop()
