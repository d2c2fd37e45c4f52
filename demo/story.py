"""The main job as a person lives it: enrol a PC, register banks, fetch, answer, fetch again."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from demo.household import OWNER, OWNER_PASSWORD, Customer, Household
from demo.person import Person

BANKS = (("9901", "ok"), ("9902", "otp"), ("9903", "notice"))
"""Three institutions and what happens there; the second asks for a one-time password."""

Say = Callable[[str], None]


class StoryError(Exception):
    """Something did not go as the story goes."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one `hikae agent fetch` came to."""

    states: dict[str, str]
    added: int
    answered: int

    @property
    def done(self) -> bool:
        """Whether every connection ended as done."""
        return bool(self.states) and set(self.states.values()) == {"done"}


async def enrol(house: Household, person: Person, say: Say) -> None:
    """認証キー on the page, into the agent, and both sides confirm."""
    key = await person.issue_key()
    said = house.agent.tell("enrol", "--yes", given=f"{key}\n")
    fingerprint = said[0]["value"]["fingerprint"]
    say(f"パソコンを登録します 指紋 {fingerprint}")
    await person.confirm_pc(fingerprint)
    await _until(lambda: house.agent.tell("status")[0]["value"]["linked"])


async def register(house: Household, person: Person, say: Say) -> list[Customer]:
    """Three banks on the page, their certificates on the PC, and all of them switched on."""
    customers = [house.bank.customer(code, scenario) for code, scenario in BANKS]
    for customer in customers:
        page = await person.register(customer.institution, customer.password)
        if not page.has("登録しました"):
            raise StoryError(f"{customer.institution} could not be registered")
        house.agent.receive(customer)
    await _until(lambda: len(house.agent.tell("connections")[0]["value"]) == len(customers))
    house.agent.tell("enable", "all")
    say(f"{len(customers)}つの金融機関を登録しました")
    return customers


async def fetch(house: Household, person: Person, customers: list[Customer], say: Say) -> Outcome:
    """Fetch all connections; a one-time password is entered on the page while the agent waits."""
    asks = next(customer for customer in customers if "otp" in customer.login_id)
    states: dict[str, str] = {}
    added = answered = 0
    async for line in house.agent.lines("fetch"):
        value = line["value"]
        if line["kind"] == "challenge":
            await _until_offered(person)
            await person.answer_challenge(house.bank.one_time_password(asks))
            answered += 1
        elif line["kind"] == "fetch":
            say(f"{line['title']} {value['state']} {value['step']}".rstrip())
            if value["ended_at"] is not None:
                states[line["title"]] = value["state"]
                added += value["counts"]["added"]
    return Outcome(states, added, answered)


async def tell(house: Household, say: Say) -> dict[str, Any]:
    """The whole story; what came of it."""
    async with Person(house.cloud.origin) as person:
        await person.sign_in(OWNER, OWNER_PASSWORD)
        await enrol(house, person, say)
        customers = await register(house, person, say)
        first = await fetch(house, person, customers, say)
        _know_the_pc(house, customers)
        second = await fetch(house, person, customers, say)
    return {
        "ok": first.done and second.done and first.added > 0 and second.added == 0,
        "connections": len(customers),
        "transactions": first.added,
        "second_fetch_added": second.added,
        "challenges_answered": first.answered + second.answered,
    }


def _know_the_pc(house: Household, customers: list[Customer]) -> None:
    """A bank that asks for more only at a PC it does not know has now seen this one."""
    for customer in customers:
        house.bank.ask("/scenario", {"login": customer.login_id, "scenario": "ok"})


async def _until_offered(person: Person) -> None:
    """Wait until 登録済一覧 offers to answer, as a person who watches it would."""
    for _ in range(200):
        page = await person.visit("/connections/")
        if page.offers("追加認証を入力"):
            return
        await asyncio.sleep(0.05)
    raise StoryError("the page does not ask for the one-time password")


async def _until(true: Callable[[], bool]) -> None:
    for _ in range(100):
        if await asyncio.to_thread(true):
            return
        await asyncio.sleep(0.1)
    raise StoryError("this takes too long")
