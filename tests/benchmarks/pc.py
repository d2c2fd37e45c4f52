"""A PC with one connection that is switched on, so that its fetch can be measured alone.

Everything is the agent's own: keyring, sealed login information, certificate folder, database.
Only the cloud is not there, because delivery is not a part of what is measured.
"""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

from demo.household import Bank, Customer
from hikae.agent.cloud import Cloud
from hikae.agent.database import Database
from hikae.agent.dialing import dial_cloud
from hikae.agent.dues import Dues
from hikae.agent.fetching import Fetching
from hikae.agent.keys import DeviceKeys
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.outbox import Outbox
from hikae.agent.profile import Profile
from hikae.agent.restraint import Restraint
from hikae.agent.roster import Roster
from hikae.agent.safe import FileSafe
from hikae.agent.settings import Settings
from hikae.agent.surroundings import Surroundings
from hikae.agent.timetable import NEVER
from hikae.agent.unsealing import Unsealer
from hikae.agent.wallet import Wallet
from hikae.catalogue.catalogue import load_catalogue
from hikae.link.messages import ConnectionView
from hikae.link.sealing import LoginContext, seal_login
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import system_clock
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.secret import Secret

_NOWHERE = "http://127.0.0.1:9"
_DEVICE = UUID(int=1)
_ORGANISATION = UUID(int=2)


@dataclass(frozen=True, slots=True)
class Pc:
    """The agent's parts around one connection."""

    fetching: Fetching
    roster: Roster
    connection: RememberedConnection
    given: Surroundings
    outbox: Outbox

    async def fetch(self) -> None:
        """One visit to the bank, as the agent makes it; raises ProblemError."""
        now = self.given.clock()
        fetch = Fetch(uuid4(), self.connection.view.id, Trigger.COMMAND, FetchState.RUNNING, now)
        await self.fetching.fetch(fetch, self.connection, lambda _step, _rows: None)

    def rows(self) -> int:
        """How many rows the outbox holds."""
        heads = iter(self.outbox.next, None)
        count = 0
        for parcel in heads:
            count += parcel.head.rows
            self.outbox.forget(parcel.id)
        return count


@asynccontextmanager
async def pc(folder: Path, bank: Bank, customer: Customer) -> AsyncIterator[Pc]:
    """A PC that has chosen its certificate and never fetched; its data goes below `folder`."""
    given = _surroundings(folder, bank, customer)
    keys = DeviceKeys.make()
    memory = Memory(database := Database(given.profile.database, given.safe))
    outbox = Outbox(database)
    cloud = Cloud(
        origin=_NOWHERE,
        device=_DEVICE,
        key=keys.signing,
        transport=dial_cloud(_NOWHERE, given.settings, given.safe),
        clock=given.clock,
        on_offset=lambda _: None,
    )
    restraint = Restraint(database, memory, given.clock, given.clock)
    roster = Roster(
        memory=memory,
        cloud=cloud,
        catalogue=given.catalogue,
        wallet=Wallet(given.certificates, given.safe),
        restraint=restraint,
        dues=Dues(database, NEVER),
        clock=given.clock,
        tell=lambda _: None,
    )
    fetching = Fetching(
        given=given,
        memory=memory,
        outbox=outbox,
        restraint=restraint,
        roster=roster,
        unsealer=Unsealer(_ORGANISATION, _DEVICE, keys),
        clock=given.clock,
        ask=_nobody_answers,
        waiting=lambda _fetch, _waits: None,
    )
    connection = RememberedConnection(_view(customer, keys), enabled=True)
    connection = replace(connection, certificate=roster.certificate(connection))
    memory.keep_connection(connection)
    try:
        yield Pc(fetching, roster, connection, given, outbox)
    finally:
        await cloud.close()
        database.close()


def _surroundings(folder: Path, bank: Bank, customer: Customer) -> Surroundings:
    profile = Profile.at(folder)
    safe = FileSafe(folder / "keyring.json", profile.name)
    given = Surroundings(
        profile=profile,
        safe=safe,
        settings=Settings(catalogue=str(bank.catalogue), plan=NEVER),
        catalogue=load_catalogue(bank.catalogue),
        clock=system_clock,
        new_id=uuid4,
        random=random.Random(1),
    )
    given.certificates.mkdir(parents=True)
    (given.certificates / customer.p12.name).write_bytes(customer.p12.read_bytes())
    wallet = Wallet(given.certificates, safe)
    wallet.unlock(customer.p12.name, Secret(customer.p12_password))
    return given


def _view(customer: Customer, keys: DeviceKeys) -> ConnectionView:
    connection = uuid4()
    context = LoginContext(_ORGANISATION, connection, customer.institution, str(_DEVICE), 1)
    login = seal_login({"password": Secret(customer.password)}, keys.sealing_public, context)
    return ConnectionView(connection, customer.institution, login, login_version=1, stopped=False)


async def _nobody_answers(_fetch: UUID, _connection: UUID, challenge: Challenge) -> Answer:
    raise AssertionError(f"the bank asks: {challenge.prompt}")
