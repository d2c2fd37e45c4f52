"""The engine of one profile in this process: it holds the lock and puts the parts together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Self
from uuid import UUID

from hikae import __version__
from hikae.agent import enrolment
from hikae.agent import settings as settings_file
from hikae.agent.database import Database
from hikae.agent.dialing import cloud_as, dial_cloud
from hikae.agent.door import Door
from hikae.agent.engine import (
    CertificateList,
    ChallengeAsked,
    ConnectionsChanged,
    ConnectionState,
    DeviceChanged,
    Event,
    NotEnrolledError,
    RefusedStatement,
    Status,
    Warned,
)
from hikae.agent.events import Events
from hikae.agent.leaving import Leaving
from hikae.agent.memory import EnrolledDevice, Memory
from hikae.agent.outbox import Outbox
from hikae.agent.service import Service
from hikae.agent.setting_aside import set_aside
from hikae.agent.surroundings import Surroundings
from hikae.agent.timetable import Plan
from hikae.agent.wallet import Wallet
from hikae.link.authkey import AuthKey
from hikae.link.messages import DeviceState
from hikae.model.challenge import Answer
from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import Problem, ProblemError
from hikae.model.secret import Secret
from hikae.transport.exchange import Transport

_log = logging.getLogger(__name__)

_LAST_WORDS = 5.0  # seconds


class LocalEngine:
    """See `Engine` for what its methods promise."""

    def __init__(self, surroundings: Surroundings) -> None:
        """Take the profile; raises ProfileInUseError, StorageError, SafeError."""
        self._given = surroundings
        self._lock = surroundings.profile.lock()
        try:
            self._database = Database(surroundings.profile.database, surroundings.safe)
        except ProblemError:
            self._lock.release()
            raise
        self._memory = Memory(self._database)
        self._outbox = Outbox(self._database)
        self._events = Events()
        self._wallet = Wallet(surroundings.certificates, surroundings.safe)
        self._door = Door(self, surroundings.profile.door)
        self._service: Service | None = None
        self._left = Leaving(surroundings.profile.leaving, self._dial)
        self._leaving: asyncio.Task[None] | None = None
        self._farewells: asyncio.Task[None] | None = None

    async def start(self) -> Self:
        """Go to work if this PC is enrolled, and open the door; raises SafeError, OSError."""
        try:
            device = self._memory.device()
            if device is not None and device.confirmed:
                self._go_to_work(device)
            self._say_farewell()
            await self._door.open()
        except BaseException:
            await self.stop()
            raise
        return self

    async def stop(self) -> None:
        """Sign out everywhere, close everything, give the profile back."""
        await self._rest()
        if self._leaving is not None:
            await self._leaving
        if self._farewells is not None:
            self._farewells.cancel()
            await asyncio.gather(self._farewells, return_exceptions=True)
        self._events.end()
        await self._door.close()
        self._database.close()
        self._lock.release()

    # enrolment

    async def enrol(self, key: AuthKey) -> DeviceState:
        """See Engine."""
        given = self._given
        state = await enrolment.enrol(
            key,
            memory=self._memory,
            safe=given.safe,
            open_cloud=partial(cloud_as, given),
            new_id=given.new_id,
        )
        self._left.ended_there(None)
        self._events.tell(DeviceChanged(state))
        return state

    async def confirm(self, *, same: bool) -> None:
        """See Engine."""
        device = self._memory.device()
        if device is None or device.state is None:
            raise NotEnrolledError
        if not same:
            await self.release()
            return
        if device.confirmed:
            return
        device = replace(device, confirmed=True)
        self._memory.keep_device(device)
        self._go_to_work(device)

    async def release(self) -> None:
        """See Engine."""
        await self._rest()
        enrolment.release(self._memory, self._given.safe, self._left)
        try:
            async with asyncio.timeout(_LAST_WORDS):
                await self._left.tell()
        except TimeoutError:
            _log.info("the cloud hears later that this PC has left")
        self._say_farewell()
        self._events.tell(DeviceChanged(None))

    # looking

    async def status(self) -> Status:
        """See Engine."""
        device, service = self._memory.device(), self._service
        return Status(
            device=device.state if device else None,
            confirmed_here=device.confirmed if device else False,
            origin=device.origin if device else "",
            linked=service.linked if service else False,
            unsent=self._outbox.unsent(),
            clock_offset=service.cloud.offset.total_seconds() if service else 0.0,
            version=__version__,
            ended=self._left.ended,
            untold=self._left.untold,
            refused_messages=service.refusals.total if service else 0,
            refused_statements=self._outbox.refused(),
            fetches_ended=dict(service.fetches.outcomes) if service else {},
        )

    async def certificates(self) -> CertificateList:
        """See Engine."""
        return self._wallet.read()

    async def unlock(self, name: str, password: Secret) -> None:
        """See Engine."""
        self._wallet.unlock(name, password)
        self._events.tell(ConnectionsChanged())

    async def connections(self) -> Sequence[ConnectionState]:
        """See Engine."""
        return await self._at_work().connections()

    async def fetch_state(self, fetch: UUID) -> Fetch | None:
        """See Engine."""
        return self._at_work().fetches.state(fetch)

    async def challenges(self) -> Sequence[ChallengeAsked]:
        """See Engine."""
        return self._at_work().challenges.waiting()

    def events(self) -> AsyncIterator[Event]:
        """See Engine."""
        return self._events.listen()

    # acting

    async def select(self, connection: UUID, thumbprint: str) -> None:
        """See Engine."""
        await self._at_work().roster.select(connection, thumbprint)

    async def enable(self, connection: UUID, *, on: bool) -> None:
        """See Engine."""
        await self._at_work().roster.enable(connection, on=on)

    async def fetch(self, connections: Sequence[UUID], trigger: Trigger) -> Sequence[UUID]:
        """See Engine."""
        service = self._at_work()
        chosen = connections or service.roster.enabled()
        return [service.fetches.queue(connection, trigger) for connection in chosen]

    async def answer(self, challenge: UUID, answer: Answer) -> None:
        """See Engine."""
        self._at_work().challenges.answer(challenge, answer)

    async def cancel(self, fetch: UUID) -> None:
        """See Engine."""
        self._at_work().fetches.cancel(fetch)

    async def renew_keys(self) -> DeviceState:
        """See Engine."""
        return await self._at_work().renew_keys()

    async def plan(self) -> Plan:
        """See Engine."""
        return self._given.settings.plan

    async def set_plan(self, plan: Plan) -> None:
        """See Engine."""
        file = self._given.profile.settings
        settings_file.save(file, replace(settings_file.load(file), plan=plan))
        self._given = replace(self._given, settings=replace(self._given.settings, plan=plan))
        if self._service is not None:
            self._service.dues.plan = plan
            self._service.scheduler.look()

    async def send_unsent(self) -> int:
        """See Engine."""
        service = self._at_work()
        await service.delivery.send_all()
        return self._outbox.unsent()

    async def refused_statements(self) -> Sequence[RefusedStatement]:
        """See Engine."""
        return [
            RefusedStatement(
                id=parcel.id,
                connection=parcel.head.connection,
                account=parcel.head.account,
                period=parcel.head.period,
                rows=parcel.head.rows,
                problem=problem,
            )
            for parcel, problem in self._outbox.refusals()
        ]

    async def send_refused(self) -> int:
        """See Engine."""
        service = self._at_work()
        self._outbox.offer_again()
        await service.delivery.send_all()
        return self._outbox.refused()

    async def set_aside(self, folder: str) -> Sequence[str]:
        """See Engine."""
        return [str(path) for path in set_aside(self._outbox, Path(folder))]

    # inside

    def _at_work(self) -> Service:
        if self._service is None:
            raise NotEnrolledError
        return self._service

    def _go_to_work(self, device: EnrolledDevice) -> None:
        self._service = Service(
            given=self._given,
            device=device,
            database=self._database,
            memory=self._memory,
            outbox=self._outbox,
            wallet=self._wallet,
            tell=self._events.tell,
            released=self._released_there,
        )
        self._service.start()

    async def _rest(self) -> None:
        service, self._service = self._service, None
        if service is not None:
            await service.stop()

    def _released_there(self, problem: Problem) -> None:
        """The cloud no longer knows this PC: forget everything of it but why."""
        if self._leaving is None or self._leaving.done():
            self._leaving = asyncio.create_task(self._leave(problem))

    async def _leave(self, problem: Problem) -> None:
        await self._rest()
        try:
            enrolment.forget_released(self._memory, self._given.safe, self._left, problem)
        except ProblemError as error:
            _log.error("not everything of the released device could be erased: %s", error)
        self._events.tell(Warned(problem))
        self._events.tell(DeviceChanged(None))

    def _say_farewell(self) -> None:
        """Go on telling clouds out of reach that this PC has left them."""
        if self._left.untold and (self._farewells is None or self._farewells.done()):
            self._farewells = asyncio.create_task(self._tell_farewells())

    async def _tell_farewells(self) -> None:
        await self._left.tell_until_heard(self._given.random)
        if self._service is None:
            self._events.tell(DeviceChanged(None))

    def _dial(self, origin: str) -> Transport:
        given = self._given
        return dial_cloud(origin, given.settings, given.safe, given.cloud_limits)
