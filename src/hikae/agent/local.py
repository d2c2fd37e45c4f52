"""The engine of one profile in this process: it holds the lock and puts the parts together."""

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Self
from uuid import UUID

from hikae import __version__
from hikae.agent import enrolment
from hikae.agent.cloud import Cloud
from hikae.agent.database import Database, StorageError
from hikae.agent.dialing import dial_cloud
from hikae.agent.door import Door
from hikae.agent.engine import (
    CertificateList,
    ChallengeAsked,
    ConnectionsChanged,
    ConnectionState,
    DeviceChanged,
    Event,
    NotEnrolledError,
    Status,
)
from hikae.agent.events import Events
from hikae.agent.keys import DeviceKeys, recall
from hikae.agent.memory import EnrolledDevice, Memory
from hikae.agent.outbox import Outbox
from hikae.agent.safe import SafeError
from hikae.agent.service import Service
from hikae.agent.surroundings import Surroundings
from hikae.agent.wallet import Wallet
from hikae.link.authkey import AuthKey
from hikae.link.messages import DeviceState
from hikae.model.challenge import Answer
from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import ProblemError
from hikae.model.secret import Secret

_log = logging.getLogger(__name__)


class LocalEngine:
    """See `Engine` for what its methods promise."""

    def __init__(self, surroundings: Surroundings) -> None:
        """Take the profile; raises ProfileInUseError, StorageError."""
        self._given = surroundings
        self._lock = surroundings.profile.lock()
        try:
            self._database = Database(surroundings.profile.database)
        except StorageError:
            self._lock.release()
            raise
        self._memory = Memory(self._database)
        self._outbox = Outbox(self._database)
        self._events = Events()
        self._wallet = Wallet(surroundings.certificates, surroundings.safe)
        self._door = Door(self, surroundings.profile.door)
        self._service: Service | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def start(self) -> Self:
        """Go to work if this PC is enrolled, and open the door; raises SafeError, OSError."""
        device = self._memory.device()
        try:
            if device is not None and device.confirmed:
                self._go_to_work(device)
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
            open_cloud=self._open_cloud,
            new_id=given.new_id,
        )
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
        device = self._memory.device()
        await self._rest()
        cloud = None if device is None else self._cloud_of(device)
        try:
            await enrolment.release(self._memory, self._given.safe, cloud)
        finally:
            if cloud is not None:
                await cloud.close()
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

    async def send_unsent(self) -> int:
        """See Engine."""
        service = self._at_work()
        await service.delivery.send_all()
        return self._outbox.unsent()

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

    def _released_there(self) -> None:
        """The cloud no longer knows this PC: forget everything of it."""
        if self._leaving is None or self._leaving.done():
            self._leaving = asyncio.create_task(self._leave())

    async def _leave(self) -> None:
        await self._rest()
        try:
            await enrolment.release(self._memory, self._given.safe, cloud=None)
        except ProblemError as error:
            _log.error("not everything of the released device could be erased: %s", error)
        self._events.tell(DeviceChanged(None))

    def _cloud_of(self, device: EnrolledDevice) -> Cloud | None:
        """The cloud, unless this PC has lost the keys to speak to it."""
        try:
            own = recall(self._given.safe, device.id)
        except SafeError as error:
            _log.warning("the cloud cannot be told: %s", error)
            return None
        return self._open_cloud(device.origin, device.id, own)

    def _open_cloud(self, origin: str, device: UUID, own: DeviceKeys) -> Cloud:
        given = self._given
        return Cloud(
            origin=origin,
            device=device,
            key=own.signing,
            transport=dial_cloud(origin, given.settings, given.safe),
            clock=given.clock,
            on_offset=lambda _: None,
        )
