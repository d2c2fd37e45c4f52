"""An organisation gets a new owner while the PC of the owner before is in the middle of a fetch."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from demo.household import Bank, Cloud
from demo.person import Person
from hikae.agent.engine import Event, FetchChanged
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.fixtures_household import Desk, open_desk
from tests.system.agent.books import WINDOW, in_the_bank, in_the_cloud, signed_out, trespasses


async def test_a_fetch_under_way_is_ended_both_see_why_and_the_new_owners_pc_doubles_nothing(
    bank: Bank, cloud: Cloud, tmp_path: Path
) -> None:
    customer = bank.customer("9902", "slow")
    async with (
        open_desk(bank, cloud, tmp_path / "before") as before,
        open_desk(bank, cloud, tmp_path / "after") as after,
    ):
        await before.enrol()
        await before.connect(customer)
        await join(cloud, before, after)
        await after.enrol()
        await offer(before.person)

        events = before.engine.events()
        (fetch,) = await before.engine.fetch([], Trigger.COMMAND)
        async for event in events:
            if isinstance(event, FetchChanged) and event.fetch.rows > 0:
                break
        await accept(after.person)

        ended = await end_of(events, fetch)
        assert ended.state is FetchState.FAILED
        assert ended.problem is not None
        assert ended.problem.code is ProblemCode.CANCELLED
        assert signed_out(bank, customer)
        await before.until(lambda status: status.device is None)
        told = (await before.engine.status()).ended
        assert told is not None
        assert told.code is ProblemCode.DEVICE_RELEASED
        assert told.details["owner"]
        page = await before.person.visit("/device/")
        assert page.has("オーナーが")
        assert page.has("解除されました")

        await go_on(after, customer.password)
        after.receive(customer)
        await after.engine.unlock(customer.p12.name, Secret(customer.p12_password))
        (connection,) = await after.engine.connections()
        await after.engine.enable(connection.id, on=True)
        (fetched,) = await after.fetch()
        assert fetched.state is FetchState.DONE, fetched.problem
        books = in_the_bank(bank, customer, WINDOW["9902"])
        assert in_the_cloud(after, customer) == books
        (again,) = await after.fetch()
        assert again.counts.added == 0
        assert in_the_cloud(after, customer) == books
        assert trespasses(bank, customer) == []


async def end_of(events: AsyncIterator[Event], fetch: UUID) -> Fetch:
    async for event in events:
        if isinstance(event, FetchChanged) and event.fetch.id == fetch and event.fetch.state.final:
            return event.fetch
    raise AssertionError("the engine has stopped")


async def offer(person: Person) -> None:
    """The owner asks the only other member, and types the password again."""
    page = await person.visit("/people/owner")
    page = await person.prove(await page.press("引き継ぎを申し込む"))
    assert page.has("返事を待っています")


async def accept(person: Person) -> None:
    """The member becomes the owner, and types the password again."""
    page = await person.visit("/people/owner")
    page = await person.prove(await page.press("オーナーになる"))
    assert page.has("オーナーになりました")


async def go_on(desk: Desk, password: str) -> None:
    """The new owner gives the bank's password, sealed to their own PC."""
    page = await desk.person.visit("/connections/")
    page = await page.press("ログイン情報を入力")
    page.fill("ログインパスワード", password)
    await page.press("保存")


async def join(cloud: Cloud, owned: Desk, member: Desk) -> None:
    """Make a desk's person a member of another's organisation, and have them work for it."""
    row = (uuid4().hex, "staff", datetime.now(UTC).isoformat(sep=" "))
    with closing(sqlite3.connect(cloud.data / "hikae.sqlite3", timeout=60)) as database, database:
        database.execute(
            "INSERT INTO people_membership (id, role, joined_at, organisation_id, user_id)"
            " SELECT ?, ?, ?, ?, id FROM people_user WHERE email = ?",
            (*row, organisation(owned).hex, member.email),
        )
    page = await member.person.visit("/connections/")
    await page.press(f"株式会社{owned.email}")


def organisation(desk: Desk) -> UUID:
    assert desk.organisation is not None
    return desk.organisation
