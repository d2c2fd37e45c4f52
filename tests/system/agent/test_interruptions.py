"""Fetches that are stopped, not answered in time, or met after the engine was killed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from demo.household import Customer
from hikae.agent.database import Database
from hikae.agent.engine import ChallengeAsked, ChallengeEnded, Event, FetchChanged
from hikae.agent.memory import Memory
from hikae.model.challenge import Answer
from hikae.model.clock import system_clock
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.fixtures_household import Desk
from tests.system.agent.books import (
    ask,
    in_the_bank,
    in_the_cloud,
    requests,
    signed_out,
    trespasses,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def fetch_until(
    office: Desk, connection: UUID, true: Callable[[Event], bool]
) -> tuple[UUID, Event, AsyncIterator[Event]]:
    """Start a fetch and wait for an event; the fetch, the event, and those that follow."""
    events = office.engine.events()
    (fetch,) = await office.engine.fetch([connection], Trigger.COMMAND)
    return fetch, await event(events, true), events


async def event(events: AsyncIterator[Event], true: Callable[[Event], bool]) -> Event:
    async for each in events:
        if true(each):
            return each
    raise AssertionError("the engine has stopped")


async def end_of(office: Desk, fetch: UUID, events: AsyncIterator[Event]) -> Fetch:
    ended = await office.engine.fetch_state(fetch)
    while ended is None or not ended.state.final:
        found = await event(events, lambda e: isinstance(e, FetchChanged) and e.fetch.id == fetch)
        assert isinstance(found, FetchChanged)
        ended = found.fetch
    return ended


def later() -> datetime:
    """The present of a PC whose clock is a little ahead, so that its last run is long ago."""
    return system_clock() + timedelta(minutes=11)


def reads_statements(each: Event) -> bool:
    return isinstance(each, FetchChanged) and each.fetch.rows > 0


def asks(each: Event) -> bool:
    return isinstance(each, ChallengeAsked)


async def test_a_cancelled_fetch_signs_out_and_ends_as_cancelled(office: Desk) -> None:
    customer = office.bank.customer("9902", "slow")
    connection = await office.join(customer)
    fetch, _, events = await fetch_until(office, connection, reads_statements)
    await office.engine.cancel(fetch)
    ended = await end_of(office, fetch, events)
    assert ended.state is FetchState.FAILED
    assert ended.problem is not None
    assert ended.problem.code is ProblemCode.CANCELLED
    assert signed_out(office.bank, customer)
    assert trespasses(office.bank, customer) == []


async def test_a_fetch_that_is_cancelled_before_it_begins_asks_the_bank_nothing(
    office: Desk,
) -> None:
    customer = office.bank.customer("9903", "slow")
    connection = await office.join(customer)
    before = requests(office.bank, customer)
    events = office.engine.events()
    (fetch,) = await office.engine.fetch([connection], Trigger.COMMAND)
    await office.engine.cancel(fetch)
    ended = await end_of(office, fetch, events)
    assert ended.state is FetchState.SKIPPED
    assert ended.problem is not None
    assert ended.problem.code is ProblemCode.CANCELLED
    assert requests(office.bank, customer) == before


async def test_an_engine_that_stops_signs_out_and_tells_the_cloud_how_it_ended(
    office: Desk,
) -> None:
    customer = office.bank.customer("9901", "slow")
    connection = await office.join(customer)
    fetch, _, _ = await fetch_until(office, connection, reads_statements)
    await office.engine.stop()
    assert signed_out(office.bank, customer)
    (said,) = ask(office, "SELECT state FROM connections_fetch WHERE id = ?", fetch.hex)
    assert said == ("failed",)
    office.bank.ask("/scenario", {"login": customer.login_id, "scenario": "ok"})
    await office.restart()
    (again,) = await office.fetch(connection)
    assert again.state is FetchState.DONE
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, 93)


async def test_a_scheduled_fetch_leaves_at_a_challenge_so_that_a_person_is_let_in_at_once(
    office: Desk,
) -> None:
    customer = office.bank.customer("9901", "otp")
    connection = await office.join(customer)
    (fetch,) = await office.fetch(connection, trigger=Trigger.SCHEDULE)
    assert fetch.state is FetchState.FAILED
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.CHALLENGE_WAITING
    (attended,) = await office.fetch(
        connection, answers=lambda _: office.bank.one_time_password(customer)
    )
    assert attended.state is FetchState.DONE
    assert trespasses(office.bank, customer) == []


@pytest.fixture(scope="module")
def asked_customer(office: Desk) -> Customer:
    """Return the customer whose bank asks for a one-time password."""
    return office.bank.customer("9902", "otp")


async def test_an_answer_on_the_page_reaches_the_dialog_that_waits(
    office: Desk, asked_customer: Customer
) -> None:
    connection = await office.join(asked_customer)
    fetch, asked, events = await fetch_until(office, connection, asks)
    assert isinstance(asked, ChallengeAsked)
    await until_the_page_asks(office, asked.id)
    await office.person.answer_challenge(office.bank.one_time_password(asked_customer))
    ended = await end_of(office, fetch, events)
    assert ended.state is FetchState.DONE
    assert in_the_cloud(office, asked_customer) == in_the_bank(office.bank, asked_customer, 62)


async def test_a_scheduled_fetch_that_met_a_question_is_started_again_by_who_answers_in_the_cloud(
    office: Desk, asked_customer: Customer
) -> None:
    connection = await of(office, asked_customer)
    await office.restart(clock=later)
    (unattended,) = await office.fetch(connection, trigger=Trigger.SCHEDULE)
    assert unattended.problem is not None
    assert unattended.problem.code is ProblemCode.CHALLENGE_WAITING
    await office.engine.send_unsent()
    events = office.engine.events()
    page = await office.person.visit(f"/connections/{connection}/challenge")
    await page.press("もう一度始める")
    asked = await event(events, asks)
    assert isinstance(asked, ChallengeAsked)
    await until_the_page_asks(office, asked.id)
    await office.person.answer_challenge(office.bank.one_time_password(asked_customer))
    ended = await end_of(office, asked.fetch, events)
    assert (ended.state, ended.trigger) == (FetchState.DONE, Trigger.CLOUD)
    await office.restart(clock=system_clock)


async def test_an_answer_on_the_pc_closes_the_question_in_the_cloud(
    office: Desk, asked_customer: Customer
) -> None:
    connection = await of(office, asked_customer)
    fetch, asked, events = await fetch_until(office, connection, asks)
    assert isinstance(asked, ChallengeAsked)
    await until_the_page_asks(office, asked.id)
    code = office.bank.one_time_password(asked_customer)
    await office.engine.answer(asked.id, Answer(Secret(code)))
    assert (await end_of(office, fetch, events)).state is FetchState.DONE
    await office.restart()  # so that all that was to be told has been told
    assert state_of(office, asked.id) == "answered"
    page = await office.person.visit("/connections/")
    assert not page.offers("追加認証を入力")


async def test_a_challenge_that_nobody_answers_in_time_ends_the_fetch_and_leaves_the_bank(
    office: Desk, asked_customer: Customer
) -> None:
    connection = await of(office, asked_customer)
    await office.restart(patience=timedelta(0))
    fetch, asked, events = await fetch_until(office, connection, asks)
    assert isinstance(asked, ChallengeAsked)
    await event(events, lambda each: isinstance(each, ChallengeEnded))
    ended = await end_of(office, fetch, events)
    assert ended.state is FetchState.FAILED
    assert ended.problem is not None
    assert ended.problem.code is ProblemCode.CHALLENGE_TIMEOUT
    await office.restart(patience=timedelta(minutes=5))
    assert state_of(office, asked.id) != "waiting"
    (again,) = await office.fetch(
        connection, answers=lambda _: office.bank.one_time_password(asked_customer)
    )
    assert again.state is FetchState.DONE


async def test_after_a_kill_the_banks_lockout_is_waited_out_before_anything_is_sent(
    office: Desk,
) -> None:
    customer = office.bank.customer("9901", "ok")
    connection = await office.join(customer)
    await killed_while_signed_in(office, connection, datetime.now(UTC))
    before = requests(office.bank, customer)
    fetch, _, events = await fetch_until(
        office, connection, lambda e: isinstance(e, FetchChanged) and "待って" in e.fetch.step
    )
    assert requests(office.bank, customer) == before
    await office.engine.cancel(fetch)
    await end_of(office, fetch, events)
    assert requests(office.bank, customer) == before

    await killed_while_signed_in(office, connection, datetime.now(UTC) - timedelta(minutes=11))
    (again,) = await office.fetch(connection)
    assert again.state is FetchState.DONE
    assert signed_in_at(office, connection) is None


async def test_a_bank_that_breaks_down_may_keep_its_user_in_so_the_pc_remembers_it(
    office: Desk,
) -> None:
    connection = await office.join(office.bank.customer("9901", "http_500"))
    (fetch,) = await office.fetch(connection)
    assert fetch.state is FetchState.FAILED
    assert signed_in_at(office, connection) is not None


async def killed_while_signed_in(office: Desk, connection: UUID, at: datetime) -> None:
    """Leave behind what an engine leaves that is killed in the middle of a visit."""
    await office.engine.stop()
    database = Database(office.given.profile.database, office.given.safe)
    memory = Memory(database)
    memory.change_connection(connection, lambda known: replace(known, signed_in_at=at))
    database.close()
    await office.restart()


def signed_in_at(office: Desk, connection: UUID) -> datetime | None:
    database = Database(office.given.profile.database, office.given.safe)
    known = Memory(database).connection(connection)
    database.close()
    return known.signed_in_at if known else None


async def of(office: Desk, customer: Customer) -> UUID:
    """The connection of a customer who has joined already."""
    return next(
        each.id
        for each in await office.engine.connections()
        if each.certificate and each.certificate.user_id == customer.login_id
    )


def state_of(office: Desk, challenge: UUID) -> object:
    rows = ask(office, "SELECT state FROM connections_challenge WHERE id = ?", challenge.hex)
    return rows[0][0] if rows else None


async def until_the_page_asks(office: Desk, challenge: UUID) -> None:
    """Look again and again, as a person does."""
    async with asyncio.timeout(30):
        while state_of(office, challenge) != "waiting":
            await office.person.visit("/connections/")
