"""A PC at the mercy of a hostile cloud, in front of a real simulated bank."""

import asyncio
import random
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from uuid import UUID, uuid4

from msgspec.structs import replace as replaced

from demo.household import Bank, Customer
from hikae.agent.engine import ChallengeAsked, Event, FetchChanged, Warned
from hikae.agent.local import LocalEngine
from hikae.agent.profile import Profile
from hikae.agent.safe import FileSafe
from hikae.agent.settings import ProxySettings, Settings
from hikae.agent.surroundings import Surroundings
from hikae.catalogue.catalogue import load_catalogue
from hikae.link.messages import ConnectionView, Refresh, RunFetch
from hikae.model.clock import system_clock
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.hostile_cloud import PATIENCE, HostileCloud, view


@dataclass(slots=True)
class Pc:
    """An engine that is enrolled there; customers by connection."""

    bank: Bank
    cloud: HostileCloud
    given: Surroundings
    engine: LocalEngine
    customers: dict[UUID, Customer] = field(default_factory=dict)

    async def enrol(self) -> None:
        """As a person would; returns when the link is up."""
        await self.engine.enrol(self.cloud.key())
        await self.engine.confirm(same=True)
        await self.cloud.linked()

    async def serve(self, customer: Customer) -> UUID:
        """Have one more connection, with its certificate here and its login in the cloud."""
        plain = view(customer.institution)
        self.cloud.said.connections.append(self.with_login(plain, customer))
        folder = self.given.certificates
        folder.mkdir(parents=True, exist_ok=True)
        (folder / customer.p12.name).write_bytes(customer.p12.read_bytes())
        await self.engine.unlock(customer.p12.name, Secret(customer.p12_password))
        await self.engine.connections()
        certificates = (await self.engine.certificates()).certificates
        own = next(each for each in certificates if each.user_id == customer.login_id)
        await self.engine.select(plain.id, own.thumbprint)
        await self.engine.enable(plain.id, on=True)
        self.customers[plain.id] = customer
        return plain.id

    def login(self, customer: Customer) -> dict[str, Secret]:
        """What a customer types."""
        institution = self.given.catalogue.find(customer.institution)
        assert institution is not None
        return {wanted.name: Secret(customer.password) for wanted in institution.login}

    def with_login(
        self, known: ConnectionView, customer: Customer, version: int = 1
    ) -> ConnectionView:
        """A connection with a customer's login sealed as it should be."""
        login = self.login(customer)
        sealed = self.cloud.sealed_login(known.id, known.institution, login, version=version)
        return replaced(known, login=sealed, login_version=version)

    def run(self, connection: UUID, fetch: UUID | None = None) -> UUID:
        """Have the cloud ask for a fetch; its id."""
        wish = RunFetch(seq=self.cloud.next_number(), fetch=fetch or uuid4(), connection=connection)
        self.cloud.ask(wish)
        return wish.fetch

    async def fetch(
        self, connection: UUID, answer: Callable[[ChallengeAsked], None] | None = None
    ) -> Fetch:
        """Fetch as a person here would; how it ended."""
        events = self.engine.events()
        (fetch,) = await self.engine.fetch([connection], Trigger.COMMAND)
        return await self.ended(events, fetch, answer)

    async def ended(
        self,
        events: AsyncIterator[Event],
        fetch: UUID,
        answer: Callable[[ChallengeAsked], None] | None = None,
    ) -> Fetch:
        """How a fetch ended; `answer` hears what is asked meanwhile."""
        while True:
            known = await self.engine.fetch_state(fetch)
            if known is not None and known.state.final:
                return known
            event = await asyncio.wait_for(anext(events), PATIENCE)
            if isinstance(event, ChallengeAsked) and answer is not None:
                answer(event)
            if isinstance(event, FetchChanged) and event.fetch.id == fetch:
                known = event.fetch

    async def warned(self, events: AsyncIterator[Event], code: ProblemCode) -> Warned:
        """The next warning of a code."""
        while True:
            event = await asyncio.wait_for(anext(events), PATIENCE)
            if isinstance(event, Warned) and event.problem.code is code:
                return event

    async def refused(self) -> int:
        """How much of what the cloud said was not taken."""
        return (await self.engine.status()).refused_messages

    async def is_as_before(self, connection: UUID) -> None:
        """See that the engine lives, knows what it knew, and works for an honest cloud."""
        self.cloud.be_honest()
        await self.is_linked()
        (known,) = [each for each in await self.engine.connections() if each.id == connection]
        assert known.enabled
        assert known.certificate is not None
        assert known.certificate.user_id == self.customers[connection].login_id
        fetch = await self.fetch(connection)
        assert (fetch.state, fetch.problem) == (FetchState.DONE, None)
        assert fetch.counts.added > 0
        assert (await self.engine.status()).unsent == 0

    async def is_linked(self) -> None:
        """See that the cloud's commands come and are acknowledged."""
        await self.cloud.linked()
        number = self.cloud.next_number()
        self.cloud.ask(Refresh(seq=number))
        await self.cloud.until(lambda: self.cloud.kept >= number)

    async def restart(self, **changes: object) -> None:
        """Stop the engine and start it with other surroundings."""
        await self.engine.stop()
        self.given = replace(self.given, **changes)  # type: ignore[arg-type]
        self.engine = await LocalEngine(self.given).start()


@asynccontextmanager
async def open_pc(bank: Bank, folder: Path) -> AsyncIterator[Pc]:
    """Put a PC with nothing on it in front of a hostile cloud."""
    cloud = HostileCloud()
    profile = Profile.at(folder / "pc")
    given = Surroundings(
        profile=profile,
        safe=FileSafe(folder / "keyring.json", profile.name),
        settings=Settings(catalogue=str(bank.catalogue), proxy=ProxySettings("none")),
        catalogue=load_catalogue(bank.catalogue),
        clock=system_clock,
        new_id=uuid4,
        random=random.Random(7),
    )
    pc = Pc(bank, cloud, given, await LocalEngine(given).start())
    try:
        await pc.enrol()
        yield pc
    finally:
        await pc.engine.stop()
        cloud.stop()


@contextmanager
def trap() -> Iterator[tuple[str, list[bytes]]]:
    """A host that nobody may reach: its `host:port`, and what it got all the same."""
    got: list[bytes] = []

    def listen() -> None:
        while True:
            try:
                caller, _ = listener.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(5)
                got.append(caller.recv(65536))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=listen, name="trap")
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}", got
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
