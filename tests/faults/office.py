"""A firm's owner with their PC and their bank, who go on working while things break."""

import asyncio
import signal
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from demo.household import Bank, Customer
from demo.person import Person
from demo.programs import Program
from hikae.agent.bounds import SPACING
from hikae.agent.engine import ChallengeAsked, Engine, EngineError, FetchChanged
from hikae.agent.remote import NoEngineError
from hikae.killpoint import VARIABLE
from hikae.link import authkey
from hikae.model.challenge import Answer
from hikae.model.clock import japan_day, system_clock
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import ProblemCode, ProblemError
from hikae.model.secret import Secret
from tests.faults.disk import fill
from tests.faults.fault import Fault, Leg
from tests.faults.line import Line
from tests.faults.pc import Clock, Pc, receive
from tests.faults.plan import Moment, Plan, Trouble
from tests.faults.town import House
from tests.system.survival.offices import close_the_day

PATIENCE = 150.0
"""Seconds after which something that has not happened will not."""

TRIES = 4
"""How often a person presses 取得 when all is in order again; each answer may ask for one more."""

_A_MOMENT = 0.2
"""Seconds after which a person tries once more."""

_SENDING = "送信待ち"
_GONE = (NoEngineError, StopAsyncIteration, ConnectionError)


@dataclass(slots=True)
class Played:
    """What came of a combination.

    ends: how each fetch ended, in their order; died: whether whoever was to die did.
    """

    plan: Plan
    ends: list[Fetch] = field(default_factory=list)
    died: bool = False
    struck: list[Fault] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)

    def __str__(self) -> str:
        """What happened, on one line."""
        ends = ", ".join(
            str(each.problem.code if each.problem else each.state.value) for each in self.ends
        )
        dead = " somebody died;" if self.died else ""
        return f"{len(self.struck)} faults struck;{dead} fetches: {ends}"

    @property
    def codes(self) -> list[ProblemCode]:
        """The problems of all fetches."""
        return [each.problem.code for each in self.ends if each.problem]


@dataclass(slots=True)
class Office:
    """A firm's owner, their PC behind a line, and their bank."""

    played: Played
    house: House
    bank: Bank
    customer: Customer
    person: Person
    pc: Pc
    line: Line
    clock: Clock
    organisation: UUID
    disk: Path | None = None
    connection: UUID | None = None

    @property
    def plan(self) -> Plan:
        """What is to happen."""
        return self.played.plan

    # enrolment

    async def enrol(self) -> None:
        """認証キー, fingerprint, confirmation, as often as it takes a patient person."""
        self.line.turn(Leg.CLOUD, *self.plan.enrolling)
        await self._start(Moment.ENROL)
        key = authkey.parse(await self.person.issue_key())
        self.played.secrets.add(key.text())
        fingerprint = ""
        while not fingerprint:
            try:
                async with self.pc.engine() as engine:
                    fingerprint = (await engine.enrol(key)).fingerprint
                    await engine.confirm(same=True)
            except (*_GONE, ProblemError):
                await self._again()
        await self.person.confirm_pc(fingerprint)
        await self._until_linked()

    async def connect(self) -> None:
        """Register the bank, put the certificate onto the PC, switch it on."""
        self.line.heal()
        await self.person.register(self.customer.institution, self.customer.password)
        await receive(self.pc, self.customer)
        async with self.pc.engine() as engine:
            (connection,) = await engine.connections()
            self.connection = connection.id
            await engine.enable(connection.id, on=True)

    async def _until_linked(self) -> None:
        async with self.pc.engine() as engine:
            events = engine.events()
            while not (await engine.status()).linked:
                await asyncio.wait_for(anext(events), PATIENCE)

    async def _start(self, moment: Moment) -> None:
        kill = self.plan.kill
        armed = self.plan.dies == "agent" and kill is not None and kill.moment is moment
        await self.pc.start(kill.armed if kill is not None and armed else "")

    async def _again(self) -> None:
        """Switch the PC on again where it has died; otherwise only try again."""
        if self.plan.dies == "agent" and await self._has_died():
            await self.pc.start()

    async def _has_died(self) -> bool:
        try:
            async with self.pc.engine():
                return False
        except NoEngineError:
            self.played.died |= await self.pc.stop()
            return True

    # trouble

    async def suffer(self) -> None:
        """Everything that was planned, all at once, once or twice."""
        with self._disk(), self._clock():
            for number in range(self.plan.rounds):
                for leg in Leg:
                    self.line.turn(leg, *(f for f in self.plan.faults if f.leg is leg))
                await self._arm()
                troubled = self.plan.trouble is Trouble.DATABASE
                async with self.house.troubled() if troubled else nullcontext():
                    await self._until_over(self._work(from_the_page=not number))
                self._do_business(number)
                if self.plan.unattended:
                    self.clock.waited += SPACING.total_seconds()

    async def _arm(self) -> None:
        kill = self.plan.kill
        if kill is None or kill.moment in {Moment.ENROL, Moment.RELEASE}:
            return
        armed = {VARIABLE: kill.armed}
        match self.plan.dies:
            case "agent":
                await self.pc.stop()
                await self.pc.start(kill.armed)
            case "cloud":
                cloud = self.house.cloud
                await asyncio.to_thread(cloud.stop)
                await asyncio.to_thread(cloud.start, cloud.port, armed)
            case "bank":
                await asyncio.to_thread(self.bank.stop)
                await asyncio.to_thread(self.bank.start, armed)
                self._greet_bank()

    def _greet_bank(self) -> None:
        """Tell a bank that was started again what time it is and whom it has before it."""
        close_the_day(self.bank)
        change = {"login": self.customer.login_id, "scenario": self.plan.scenario}
        self.bank.ask("/scenario", change)

    async def _work(self, *, from_the_page: bool) -> None:
        kill = self.plan.kill
        if kill is not None and kill.moment is Moment.RENEW:
            async with self.pc.engine() as engine:
                with suppress(ProblemError):
                    await engine.renew_keys()
        asked = from_the_page and self.plan.from_the_page and not self.plan.unattended
        await self.fetch(from_the_page=asked, unattended=self.plan.unattended)

    async def _until_over(self, work: Coroutine[Any, Any, None]) -> None:
        """Until the work is done; whoever dies meanwhile is started again at once."""
        program = self._mortal()
        watching = asyncio.create_task(self._watch(program)) if program else None
        try:
            await work
        except (*_GONE, EngineError):
            if self.plan.dies != "agent":
                raise  # what a PC that dies leaves undone is no mistake
        finally:
            if program is not None and watching is not None:
                await asyncio.to_thread(program.stop)
                await watching
        if self.plan.dies == "agent":
            self.played.died |= await self.pc.stop()
            await self.pc.start()

    def _mortal(self) -> Program | None:
        """The process beside this one that may die here."""
        match self.plan.dies:
            case "cloud":
                return self.house.cloud.program
            case "bank":
                return self.bank.program
            case _:
                return None

    async def _watch(self, program: Program) -> None:
        """When it has ended, one way or the other, start it again."""
        code = await asyncio.to_thread(program.wait, 4 * PATIENCE)
        self.played.died |= code == -signal.SIGKILL
        if self.plan.dies == "cloud":
            await asyncio.to_thread(self.house.cloud.start, self.house.cloud.port)
        else:
            await asyncio.to_thread(self.bank.start)
            self._greet_bank()

    @contextmanager
    def _disk(self) -> Iterator[None]:
        if self.disk is None:
            yield
            return
        filling = fill(self.disk)
        try:
            yield
        finally:
            filling.unlink()

    @contextmanager
    def _clock(self) -> Iterator[None]:
        self.clock.ahead = self.plan.ahead
        yield
        if self.plan.seed % 2:
            self.clock.ahead = timedelta()

    def _do_business(self, number: int) -> None:
        """Rows that come late, on days that were fetched already, some of them alike."""
        if self.plan.dies == "bank":
            return  # it would forget them in its next death
        dice = Random(f"business {self.plan.seed} {number}")
        today = japan_day(system_clock())
        for _ in range(self.plan.rows):
            posting = {
                "login": self.customer.login_id,
                "account": dice.choice(sorted(self.bank.books(self.customer))),
                "booked_on": (today - timedelta(days=dice.randrange(6))).isoformat(),
                "amount": dice.choice((5_500, 5_500, -330, dice.randrange(1, 90_000))),
                "description": dice.choice(("ﾌﾘｺﾐﾃｽｳﾘﾖｳ", "ｶ)ﾔﾏﾓﾄ", "ATM")),
            }
            self.bank.ask("/post", posting)

    # fetching

    async def fetch(self, *, from_the_page: bool = False, unattended: bool = False) -> Fetch:
        """Fetch, answer what is asked, and see it end or wait for a cloud out of reach."""
        async with self.pc.engine() as engine:
            events = engine.events()
            if from_the_page:
                await self._press()
                fetch_id = await _begun_by(Trigger.CLOUD, events)
            else:
                trigger = Trigger.SCHEDULE if unattended else Trigger.COMMAND
                (fetch_id,) = await engine.fetch([], trigger)
            fetch = await self._end(engine, events, fetch_id)
        self.played.ends.append(fetch)
        return fetch

    async def _press(self) -> None:
        """再取得 on the page, again where the cloud does not answer."""
        while True:
            try:
                page = await self.person.visit("/connections/")
                await page.press("再取得")
            except ProblemError:
                await asyncio.sleep(_A_MOMENT)
            else:
                return

    async def _end(self, engine: Engine, events: AsyncIterator[object], fetch_id: UUID) -> Fetch:
        for challenge in await engine.challenges():
            await self._answer(engine, challenge)
        while True:
            fetch = await engine.fetch_state(fetch_id)
            if fetch is not None and fetch.state.final:
                return fetch
            if fetch is not None and fetch.step == _SENDING:
                with suppress(ProblemError):
                    await engine.send_unsent()
                return await engine.fetch_state(fetch_id) or fetch
            event = await asyncio.wait_for(anext(events), PATIENCE)
            while not _tells_of(event, fetch_id):
                if isinstance(event, ChallengeAsked):
                    await self._answer(engine, event)
                event = await asyncio.wait_for(anext(events), PATIENCE)

    async def _answer(self, engine: Engine, challenge: ChallengeAsked) -> None:
        code = self.bank.one_time_password(self.customer)
        with suppress(EngineError):  # the bank has given up meanwhile
            await engine.answer(challenge.id, Answer(Secret(code)))

    # afterwards

    async def heal(self) -> None:
        """Line, bank, keys and login information are in order again."""
        self.line.heal()
        self.bank.ask("/scenario", {"login": self.customer.login_id, "scenario": "ok"})
        if {ProblemCode.WRONG_PASSWORD, ProblemCode.ACCOUNT_LOCKED} & set(self.played.codes):
            page = await self.person.visit(f"/connections/{self.connection}/edit")
            page.fill("ログインパスワード", self.customer.password)
            await page.press("保存", near="ログイン情報を直す")
        async with self.pc.engine() as engine:
            if self.plan.kill is not None and self.plan.kill.moment is Moment.RENEW:
                await engine.renew_keys()
            await engine.connections()

    async def fetch_all(self) -> Fetch:
        """Press 取得 until it is done, as a person does; the last fetch.

        What is still being sent of an earlier one counts as running, so it goes first.
        """
        async with self.pc.engine() as engine:
            await engine.send_unsent()
        fetch = await self.fetch()
        for _ in range(TRIES - 1):
            if fetch.state is FetchState.DONE:
                break
            fetch = await self.fetch()
        async with self.pc.engine() as engine:
            assert await engine.send_unsent() == 0
        return fetch

    async def release(self) -> None:
        """このパソコンの登録を解除, on the PC, and whoever is to die dies of it."""
        await self._arm_for_release()
        await self._until_over(self._leave())
        async with self.pc.engine() as engine:
            events = engine.events()
            while (status := await engine.status()).device is not None or status.untold:
                await asyncio.wait_for(anext(events), PATIENCE)

    async def _arm_for_release(self) -> None:
        kill = self.plan.kill
        if kill is None:
            return
        if self.plan.dies == "agent":
            await self.pc.stop()
            await self.pc.start(kill.armed)
        else:
            cloud = self.house.cloud
            await asyncio.to_thread(cloud.stop)
            await asyncio.to_thread(cloud.start, cloud.port, {VARIABLE: kill.armed})
            await self._until_linked()

    async def _leave(self) -> None:
        async with self.pc.engine() as engine:
            await engine.release()


def _tells_of(event: object, fetch_id: UUID) -> bool:
    return isinstance(event, FetchChanged) and event.fetch.id == fetch_id


async def _begun_by(trigger: Trigger, events: AsyncIterator[object]) -> UUID:
    while True:
        event = await asyncio.wait_for(anext(events), PATIENCE)
        if isinstance(event, FetchChanged) and event.fetch.trigger is trigger:
            return event.fetch.id
