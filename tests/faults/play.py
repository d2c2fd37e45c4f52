"""Plays one combination: a firm and its bank while things break; then all heals, and is proven."""

import asyncio
import itertools
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from demo.household import OWNER_PASSWORD, Bank, Customer
from demo.person import Person
from tests.faults.disk import NoDiskError, small_disk
from tests.faults.line import Line
from tests.faults.office import Office, Played
from tests.faults.pc import Clock, LocalPc, ProcessPc
from tests.faults.plan import Moment, Plan, Trouble
from tests.faults.promises import leaks, prove, wrong_passwords
from tests.faults.town import House, Town

_numbers = itertools.count(1)


async def play(plan: Plan, town: Town, folder: Path) -> Played:
    """Play a plan to its end in an empty folder; raises AssertionError for a broken promise."""
    played = Played(plan)
    async with (
        town.house(plan) as house,
        town.customer(plan, folder) as (bank, customer),
        _opened(played, house, (bank, customer), folder) as office,
    ):
        await office.enrol()
        await office.connect()
        await office.suffer()
        if plan.scenario == "wrong_password":
            assert wrong_passwords(office) <= 1
        await office.heal()
        await prove(office)
        if plan.kill is not None and plan.kill.moment is Moment.RELEASE:
            await office.release()
        played.struck = office.line.struck
    played.secrets |= {customer.password, customer.p12_password, OWNER_PASSWORD}
    assert leaks(folder, played.secrets) == []
    return played


@asynccontextmanager
async def _opened(
    played: Played, house: House, at: tuple[Bank, Customer], folder: Path
) -> AsyncIterator[Office]:
    """A new organisation; its PC is off."""
    email = f"firm{next(_numbers)}@example.jp"
    organisation = await asyncio.to_thread(house.cloud.add_owner, email, f"株式会社{email}")
    bank, customer = at
    clock = Clock()
    with _disk(played.plan, folder) as disk:
        async with Line(house.cloud.port) as line, Person(house.cloud.origin) as person:
            await person.sign_in(email, OWNER_PASSWORD)
            pc: LocalPc | ProcessPc
            if played.plan.dies == "agent":
                pc = ProcessPc(folder, bank.catalogue, line.port)
            else:
                pc = LocalPc(disk or folder, bank.catalogue, line.port, clock)
            office = Office(
                played, house, bank, customer, person, pc, line, clock, organisation, disk
            )
            try:
                yield office
            finally:
                await pc.stop()


@contextmanager
def _disk(plan: Plan, folder: Path) -> Iterator[Path | None]:
    """The small disk of a PC that is to fill it; None where there is no such."""
    if plan.trouble is not Trouble.DISK:
        yield None
        return
    try:
        mounted = small_disk(folder / "disk")
        disk = mounted.__enter__()
    except NoDiskError as error:
        logging.getLogger(__name__).warning("no small disk: %s", error)
        yield None
        return
    try:
        yield disk
    finally:
        mounted.__exit__(None, None, None)
