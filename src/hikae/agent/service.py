"""Everything that runs while this PC is enrolled: link, delivery, fetches, challenges."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from hikae.agent import keys
from hikae.agent.challenges import Challenges
from hikae.agent.cloud import Cloud, ReleasedError
from hikae.agent.commands import CommandHandler
from hikae.agent.database import Database
from hikae.agent.delivery import Delivery
from hikae.agent.dialing import cloud_as, dial_cloud, dial_link
from hikae.agent.dues import Dues
from hikae.agent.engine import (
    ConnectionState,
    DeviceChanged,
    Event,
    FetchChanged,
    LinkChanged,
    Warned,
)
from hikae.agent.enrolment import confirmed_there
from hikae.agent.fetches import Fetches
from hikae.agent.fetching import Fetching
from hikae.agent.link import LINK_PATH, Link, Socket
from hikae.agent.memory import EnrolledDevice, Memory
from hikae.agent.outbox import Outbox
from hikae.agent.owntime import OwnTime
from hikae.agent.refusals import Refusals
from hikae.agent.renewal import renew
from hikae.agent.restraint import Restraint
from hikae.agent.roster import Roster
from hikae.agent.scheduler import Scheduler
from hikae.agent.surroundings import Surroundings
from hikae.agent.unsealing import Unsealer
from hikae.agent.wallet import Wallet
from hikae.banks.families import FAMILIES
from hikae.link.messages import DeviceState
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)

_LAST_WORDS = 5.0  # seconds
_FIRST_PAUSE = 1.0  # seconds
_LONGEST_PAUSE = 60.0  # seconds


class Service:
    """The parts of one enrolled device, put together."""

    def __init__(
        self,
        *,
        given: Surroundings,
        device: EnrolledDevice,
        database: Database,
        memory: Memory,
        outbox: Outbox,
        wallet: Wallet,
        tell: Callable[[Event], None],
        released: Callable[[Problem], None],
    ) -> None:
        """Nothing runs yet; raises SafeError when the device's keys are lost, StorageError."""
        own = keys.recall(given.safe, device.id)
        self._given = given
        self._device = device
        self._memory = memory
        self._tell = tell
        self._released = released
        self._tasks: set[asyncio.Task[None]] = set()
        self.linked = False
        self.refusals = Refusals(lambda problem: tell(Warned(problem)), given.counter)
        # A clock that is set meanwhile must not move what is fetched, nor what the cloud is told.
        own_time = OwnTime(given.clock, given.counter)
        self.cloud = Cloud(
            origin=device.origin,
            device=device.id,
            key=own.signing,
            transport=dial_cloud(device.origin, given.settings, given.safe, given.cloud_limits),
            clock=own_time,
            on_offset=self._clock_is_off,
            on_foreign=lambda found: self.refusals.count("answer", found),
        )
        self._wake = asyncio.Event()
        self.dues = Dues(database, given.settings.plan)
        restraint = Restraint(database, memory, own_time, self.cloud.now, own_cloud=given.own_cloud)
        organisation = device.state.organisation_id if device.state else device.id
        self._unsealer = Unsealer(organisation, device.id, own)
        self.roster = Roster(
            memory=memory,
            cloud=self.cloud,
            catalogue=given.catalogue,
            wallet=wallet,
            restraint=restraint,
            dues=self.dues,
            clock=self.cloud.now,
            tell=tell,
        )
        self.challenges = Challenges(
            cloud=self.cloud,
            clock=self.cloud.now,
            new_id=given.new_id,
            random=given.random,
            tell=tell,
            waits=lambda waits: self._link.challenge_waits(waits=waits),
            lifetime=given.patience,
        )
        fetching = Fetching(
            given=given,
            memory=memory,
            outbox=outbox,
            restraint=restraint,
            roster=self.roster,
            unsealer=self._unsealer,
            clock=self.cloud.now,
            ask=self.challenges.ask,
            waiting=lambda fetch, waits: self.fetches.waiting(fetch, waits=waits),
        )
        self.fetches = Fetches(
            memory=memory,
            outbox=outbox,
            restraint=restraint,
            clock=self.cloud.now,
            new_id=given.new_id,
            dialog=fetching.fetch,
            tell=self._tell_of_fetch,
            wake=self._wake,
        )
        self.scheduler = Scheduler(
            device=device.id,
            dues=self.dues,
            memory=memory,
            institution=self.roster.institution,
            queue=self.fetches.queue,
            report=self.roster.report,
            clock=self.cloud.now,
            sleep=given.sleep,
            tell=tell,
        )
        self.delivery = Delivery(self.cloud, outbox, self.fetches, self._wake, given.random)
        commands = CommandHandler(
            memory=memory,
            unsealer=self._unsealer,
            roster=self.roster,
            fetches=self.fetches,
            challenges=self.challenges,
            released=released,
            institution_known=lambda code: given.catalogue.find(code) is not None,
            refuse=self.refusals.count,
        )
        self._link = Link(
            cloud=self.cloud,
            connect=self._connect,
            families=tuple(FAMILIES),
            after=commands.done,
            handle=commands.handle,
            changed=self._link_changed,
            refusals=self.refusals,
            random=given.random,
        )

    async def connections(self) -> Sequence[ConnectionState]:
        """All connections with their fetches as they are this moment."""
        states = await self.roster.refreshed()
        return [replace(each, last_fetch=self.fetches.last(each.id)) for each in states]

    async def renew_keys(self) -> DeviceState:
        """Give this device new keys, for the cloud and for what is sealed to it."""
        async with self.roster.turn:
            with suppress(ProblemError):  # then only what is known here is sealed anew
                await self.roster.read()
            own, state = await renew(
                self._device,
                memory=self._memory,
                safe=self._given.safe,
                open_cloud=partial(cloud_as, self._given),
            )
            self.cloud.sign_with(own.signing)
            self._unsealer.open_with(own)
        known = self._memory.device()
        if known is not None:
            self._memory.keep_device(replace(known, state=state))
        self._tell(DeviceChanged(state))
        return state

    def start(self) -> None:
        """Wait to be confirmed there too, then work."""
        self._spawn(self._work())

    async def stop(self) -> None:
        """Sign out at every bank, tell the cloud what can be told, stop."""
        await self.fetches.stop()
        await self._say_last_words()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.challenges.close()
        await self.cloud.close()

    async def _say_last_words(self) -> None:
        """How the fetches ended; what cannot be said now is said after the next start."""
        try:
            async with asyncio.timeout(_LAST_WORDS):
                await self.delivery.send_all()
        except (ProblemError, TimeoutError) as error:
            _log.info("the cloud hears the rest later: %s", error)

    async def _work(self) -> None:
        await self._finish_renewal()
        if not await self._confirmed():
            self._released(Problem(ProblemCode.DEVICE_RELEASED))
            return
        self.fetches.resume()
        self._spawn(self.delivery.run())
        self._spawn(self._link.run())
        self._spawn(self.scheduler.run())
        try:
            await self.roster.refresh()
        except ProblemError as error:
            _log.warning("connections not read yet: %s", error)

    async def _confirmed(self) -> bool:
        state = self._device.state
        if state is None or state.state == "pending":
            state = await confirmed_there(self.cloud, state)
            self._memory.keep_device(replace(self._device, state=state, confirmed=True))
            self._tell(DeviceChanged(state))
        return state.state == "confirmed"

    async def _finish_renewal(self) -> None:
        """Where new keys were begun before this start, find out which ones the cloud believes."""
        pause = _FIRST_PAUSE
        while keys.recall_next(self._given.safe, self._device.id) is not None:
            try:
                await self.renew_keys()
            except ReleasedError:
                raise
            except ProblemError as error:
                _log.warning("the new keys are not agreed upon yet: %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connect(self) -> Socket:
        headers = self.cloud.signed("GET", LINK_PATH)
        return await dial_link(self.cloud.origin, LINK_PATH, headers, self._given)

    def _tell_of_fetch(self, event: Event) -> None:
        self._tell(event)
        if isinstance(event, FetchChanged) and event.fetch.state.final:
            self.scheduler.ended(event.fetch)

    def _link_changed(self, linked: bool) -> None:
        self.linked = linked
        self._tell(LinkChanged(linked))
        if linked:
            self._wake.set()

    def _clock_is_off(self, offset: timedelta) -> None:
        details = {"seconds": -int(offset.total_seconds())}
        self._tell(Warned(Problem(ProblemCode.CLOCK_WRONG, details=details)))

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, ReleasedError):
            self._released(error.problem)
        else:
            _log.error("a part of the engine stopped", exc_info=error)
