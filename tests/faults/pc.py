"""The PC of one combination: its engine in this process, or in one that may be killed."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from demo.household import Agent, Customer
from hikae.agent import settings as settings_file
from hikae.agent.engine import Engine
from hikae.agent.local import LocalEngine
from hikae.agent.owntime import seconds_awake_and_asleep
from hikae.agent.profile import Profile
from hikae.agent.safe import FileSafe
from hikae.agent.settings import ProxySettings, Settings
from hikae.agent.surroundings import Surroundings
from hikae.agent.timetable import NEVER
from hikae.catalogue.catalogue import load_catalogue
from hikae.killpoint import VARIABLE
from hikae.model.clock import system_clock
from hikae.model.secret import Secret
from hikae.transport.exchange import Limits

_IMPATIENT = Limits(connect=5, idle=4, total=60)


def by_line(port: int) -> ProxySettings:
    """All goes through the line."""
    return ProxySettings("manual", "socks5", "127.0.0.1", port)


class Clock:
    """The PC's clock; ahead: how far it is off. waited: seconds that a test need not sit out."""

    def __init__(self) -> None:
        """Begin right."""
        self.ahead = timedelta()
        self.waited = 0.0

    def seconds(self) -> float:
        """The counter that nobody can set."""
        return seconds_awake_and_asleep() + self.waited

    def __call__(self) -> datetime:
        """The present as the PC believes it."""
        return system_clock() + self.ahead


class LocalPc:
    """An engine in this process, so that its clock and its patience can be passed in."""

    def __init__(self, folder: Path, catalogue: Path, line: int, clock: Clock) -> None:
        """Keep everything below `folder`; nothing runs yet."""
        profile = Profile.at(folder / "pc")
        self.certificates = profile.directory / "certificates"
        self._given = Surroundings(
            profile=profile,
            safe=FileSafe(folder / "keyring.json", profile.name),
            settings=Settings(catalogue=str(catalogue), proxy=by_line(line), plan=NEVER),
            catalogue=load_catalogue(catalogue),
            clock=clock,
            new_id=uuid4,
            random=random.Random(7),
            bank_limits=_IMPATIENT,
            counter=clock.seconds,
        )
        self._engine: LocalEngine | None = None

    async def start(self, armed: str = "") -> None:
        """Switch it on; nobody in this process is to die."""
        if armed:
            raise ValueError(armed)
        self._engine = await LocalEngine(self._given).start()

    async def stop(self) -> bool:
        """Switch it off."""
        if self._engine is not None:
            await self._engine.stop()
        return False

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Engine]:
        """Its engine."""
        if self._engine is None:
            raise ValueError("switched off")
        yield self._engine


class ProcessPc:
    """An engine in a process of its own."""

    def __init__(self, folder: Path, catalogue: Path, line: int) -> None:
        """Keep everything below `folder`; nothing runs yet."""
        self._agent = Agent(folder, catalogue)
        self.certificates = self._agent.certificates
        settings = Settings(proxy=by_line(line), plan=NEVER)
        settings_file.save(Profile.at(self._agent.data).settings, settings)

    async def start(self, armed: str = "") -> None:
        """Switch it on; armed: where it is to die."""
        await asyncio.to_thread(self._agent.start, {VARIABLE: armed})

    async def stop(self) -> bool:
        """Switch it off; whether it had died of what it was armed with."""
        program = self._agent.program
        if program is None:
            return False
        return await asyncio.to_thread(program.stop) == -signal.SIGKILL

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[Engine]:
        """Its engine; raises NoEngineError where it has died."""
        async with self._agent.engine() as engine:
            yield engine


Pc = LocalPc | ProcessPc


async def receive(pc: Pc, customer: Customer) -> None:
    """Put a customer's certificate onto a PC."""
    pc.certificates.mkdir(parents=True, exist_ok=True)
    (pc.certificates / customer.p12.name).write_bytes(customer.p12.read_bytes())
    async with pc.engine() as engine:
        await engine.unlock(customer.p12.name, Secret(customer.p12_password))
