"""The main job as a person lives it: enrol a PC, register banks, fetch, answer, fetch again."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from demo.household import OWNER, OWNER_PASSWORD, Bank, Customer, Household
from demo.person import NotShownError, Person
from demo.programs import ProgramError
from hikae.agent.console import Console
from hikae.agent.engine import ChallengeAsked, Engine, Event, FetchChanged
from hikae.link import authkey
from hikae.model.fetch import Fetch, FetchState, Trigger

BANKS = (("9901", "ok"), ("9902", "otp"), ("9903", "notice"))
"""Three institutions and what happens there; the second asks for a one-time password."""

_PATIENCE = 60.0
"""Seconds after which a story in which nothing happens any more has failed."""


@dataclass(slots=True)
class Round:
    """One 取得 of all connections: what still runs, what has ended, what was said and asked."""

    titles: Mapping[UUID, str]
    running: set[UUID]
    ended: list[Fetch] = field(default_factory=list)
    said: dict[UUID, object] = field(default_factory=dict)
    answered: int = 0

    @property
    def done(self) -> bool:
        """Whether every connection ended as done."""
        return bool(self.ended) and all(each.state is FetchState.DONE for each in self.ended)

    @property
    def added(self) -> int:
        """New rows of all connections."""
        return sum(each.counts.added for each in self.ended)


@dataclass(frozen=True, slots=True)
class Story:
    """Who takes part: a house, the engine of its PC, a person, and where it is told."""

    house: Household
    engine: Engine
    person: Person
    console: Console
    say: Callable[[str], None]

    async def tell(self) -> dict[str, Any]:
        """The whole story; what came of it. Raises NotShownError or ProblemError."""
        await self.person.sign_in(OWNER, OWNER_PASSWORD)
        self.say("1. パソコンを登録します")
        fingerprint = await enrol(self.engine, self.person)
        self.say(f"   指紋 {fingerprint} を画面と見比べました")
        self.say("2. 金融機関を登録し、電子証明書を選びます")
        customers = [self.house.bank.customer(code, scenario) for code, scenario in BANKS]
        await self._register(customers)
        self.say("3. 取得します")
        first = await self._fetch(customers)
        _know_the_pc(self.house.bank, customers)
        self.say("4. もう一度取得します(同じ明細は増えません)")
        second = await self._fetch(customers)
        return {
            "ok": first.done and second.done and first.added > 0 and second.added == 0,
            "connections": len(customers),
            "transactions": first.added,
            "second_fetch_added": second.added,
            "challenges_answered": first.answered + second.answered,
        }

    async def _register(self, customers: Sequence[Customer]) -> None:
        """Register banks on the page, put their certificates onto the PC, switch all on."""
        for customer in customers:
            page = await self.person.register(customer.institution, customer.password)
            if not page.has("登録しました"):
                raise NotShownError(f"{customer.institution} could not be registered")
            await self.house.agent.receive(self.engine, customer)
        for connection in await self.engine.connections():
            await self.engine.enable(connection.id, on=True)
        connections = await self.engine.connections()
        self.console.connections(connections)
        if [each.enabled for each in connections] != [True] * len(customers):
            raise NotShownError("a connection could not be enabled")

    async def _fetch(self, customers: Sequence[Customer]) -> Round:
        """Fetch all; a one-time password is entered on the page while the agent waits."""
        events = self.engine.events()
        titles = {each.id: each.title for each in await self.engine.connections()}
        round_ = Round(titles, set(await self.engine.fetch([], Trigger.COMMAND)))
        for fetch_id in list(round_.running):
            fetch = await self.engine.fetch_state(fetch_id)
            if fetch is not None and fetch.state.final:  # skipped before anybody could listen
                self._moved(round_, fetch)
        while round_.running:
            event = await _next(events)
            if isinstance(event, FetchChanged):
                self._moved(round_, event.fetch)
            elif isinstance(event, ChallengeAsked):
                self.console.challenge(titles[event.connection], event)
                asks = next(each for each in customers if "otp" in each.login_id)
                await until_offered(self.person)
                await self.person.answer_challenge(self.house.bank.one_time_password(asks))
                round_.answered += 1
        return round_

    def _moved(self, round_: Round, fetch: Fetch) -> None:
        if fetch.id not in round_.running:
            return
        now = (fetch.state, fetch.step, fetch.rows)
        if round_.said.get(fetch.id) != now:
            self.console.progress(round_.titles.get(fetch.connection, ""), fetch)
        round_.said[fetch.id] = now
        if fetch.state.final:
            round_.running.discard(fetch.id)
            round_.ended.append(fetch)


async def enrol(engine: Engine, person: Person) -> str:
    """認証キー from the page into the engine, both sides confirm, the link is up: fingerprint."""
    events = engine.events()
    state = await engine.enrol(authkey.parse(await person.issue_key()))
    await engine.confirm(same=True)
    await person.confirm_pc(state.fingerprint)
    while not (await engine.status()).linked:
        await _next(events)
    return state.fingerprint


async def _next(events: AsyncIterator[Event]) -> Event:
    """What happens next; raises TimeoutError, or ProgramError when the engine has ended."""
    try:
        return await asyncio.wait_for(anext(events), _PATIENCE)
    except StopAsyncIteration:
        raise ProgramError("hikae agent ended") from None


def _know_the_pc(bank: Bank, customers: Sequence[Customer]) -> None:
    """A bank that asks for more only at a PC it does not know has now seen this one."""
    for customer in customers:
        bank.ask("/scenario", {"login": customer.login_id, "scenario": "ok"})


async def until_offered(person: Person) -> None:
    """Wait until 登録済一覧 offers to answer, as a person who watches it would."""
    for _ in range(200):
        page = await person.visit("/connections/")
        if page.offers("追加認証を入力"):
            return
        await asyncio.sleep(0.05)
    raise NotShownError("the page does not ask for the one-time password")
