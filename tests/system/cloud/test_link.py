"""The link against a cloud that runs: what is written for a device reaches it at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypeVar

import msgspec
import pytest
from django.db import connections
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from hikae.cloud.connections.models import Connection
from hikae.cloud.devices.models import Command, Device
from hikae.cloud.devices.presence import is_on
from hikae.cloud.people.tenancy import tenant
from hikae.link.messages import (
    PROTOCOL,
    Ack,
    Down,
    Hello,
    Refresh,
    Refused,
    Release,
    RunFetch,
    Welcome,
    encode,
)
from hikae.model.clock import system_clock
from hikae.model.problems import ProblemCode
from tests.cloud_agent import BASE, TestAgent
from tests.cloud_pages import Person
from tests.fixtures_cloud import running_cloud
from tests.system.cloud.conftest import Office

# ruff: noqa: ASYNC110 - what is waited for happens in another process

Result = TypeVar("Result")

POLL = 0.05

SOON = 20.0
"""Seconds after which a test gives up; less than the minute after which rows are polled."""


@asynccontextmanager
async def link(
    agent: TestAgent, origin: str = "", headers: dict[str, str] | None = None
) -> AsyncIterator[ClientConnection]:
    """An open WebSocket, nothing said yet; the proof is always for the cloud's own origin."""
    headers = headers or agent.headers("GET", f"{BASE}/link")
    address = (origin or agent.origin).replace("http:", "ws:")
    async with connect(f"{address}{BASE}/link", additional_headers=headers, proxy=None) as socket:
        yield socket


async def hear(socket: ClientConnection) -> Down:
    async with asyncio.timeout(SOON):
        said: Down = msgspec.json.decode(await socket.recv(), type=Down)
    return said


async def greet(socket: ClientConnection, after: int = 0) -> Welcome:
    await socket.send(encode(Hello(protocol=PROTOCOL, agent="0.1.0", families=(), after=after)))
    welcome = await hear(socket)
    assert isinstance(welcome, Welcome)
    return welcome


async def closed_with(socket: ClientConnection) -> int | None:
    with pytest.raises(ConnectionClosed) as closed:
        await hear(socket)
    return closed.value.rcvd.code if closed.value.rcvd else None


async def in_thread(call: Callable[[], Result]) -> Result:
    """Do something with the database beside the loop, on a connection of its own."""

    def alone() -> Result:
        try:
            return call()
        finally:
            connections.close_all()

    return await asyncio.to_thread(alone)


async def on(office: Office, agent: TestAgent) -> bool:
    def look() -> bool:
        with tenant(office.organisation):
            return is_on(Device.objects.get(pk=agent.device), system_clock())

    return await in_thread(look)


async def press(office: Office, origin: str, path: str) -> None:
    await in_thread(lambda: Person(origin, office.owner).press(path))


async def commands(office: Office) -> list[int]:
    def read() -> list[int]:
        with tenant(office.organisation):
            return list(Command.objects.order_by("sequence").values_list("sequence", flat=True))

    return await in_thread(read)


async def test_what_was_written_before_is_said_first(agent: TestAgent) -> None:
    async with link(agent) as socket:
        welcome = await greet(socket)
        assert welcome.protocol == PROTOCOL
        assert abs(welcome.now - system_clock()) < timedelta(seconds=60)
        assert await hear(socket) == Refresh(seq=1)


async def test_a_button_on_a_page_reaches_the_pc_at_once_until_it_is_kept(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    async with link(agent) as socket:
        await greet(socket, after=2)
        await press(office, agent.origin, f"/connections/{connection.id}/fetch")
        wanted = await hear(socket)
        assert isinstance(wanted, RunFetch)
        assert wanted.connection == connection.id
    async with link(agent) as socket:
        await greet(socket, after=2)
        assert await hear(socket) == wanted
        await socket.send(encode(Ack(seq=wanted.seq)))
        async with asyncio.timeout(SOON):
            while await commands(office):
                await asyncio.sleep(POLL)


async def test_a_pc_is_on_while_its_link_is_open(agent: TestAgent, office: Office) -> None:
    assert not await on(office, agent)
    async with asyncio.timeout(SOON), link(agent) as socket:
        await greet(socket, after=1)
        while not await on(office, agent):
            await asyncio.sleep(POLL)
    async with asyncio.timeout(SOON):
        while await on(office, agent):
            await asyncio.sleep(POLL)


async def test_a_newer_link_takes_the_place_of_the_older(agent: TestAgent) -> None:
    async with link(agent) as older:
        await greet(older, after=1)
        async with link(agent) as newer:
            await greet(newer, after=1)
            assert await closed_with(older) == 4409
            await newer.ping()


async def test_a_released_pc_is_told_and_its_link_closed(agent: TestAgent, office: Office) -> None:
    async with link(agent) as socket:
        await greet(socket, after=1)
        await press(office, agent.origin, f"/device/{agent.device}/release")
        assert isinstance(await hear(socket), Release)
        assert await closed_with(socket) == 4403
    with pytest.raises(InvalidStatus) as refused:
        async with link(agent):
            pass
    body = refused.value.response.body
    assert body is not None
    problem = msgspec.json.decode(bytes(body), type=Refused).problem
    assert problem.code is ProblemCode.DEVICE_RELEASED


async def test_a_clock_that_is_off_is_told_the_right_time(agent: TestAgent) -> None:
    agent.ahead = timedelta(hours=-3)
    with pytest.raises(InvalidStatus) as refused:
        async with link(agent):
            pass
    assert refused.value.response.status_code == 401
    told = msgspec.json.decode(bytes(refused.value.response.body or b""), type=Refused)
    assert told.problem.code is ProblemCode.CLOCK_WRONG
    assert abs(told.now - system_clock()) < timedelta(seconds=60)


async def test_whoever_does_not_greet_first_is_hung_up_on(agent: TestAgent) -> None:
    for said in ("nonsense", encode(Ack(seq=1)).decode(), '{"kind":"other","v":1}'):
        async with link(agent) as socket:
            await socket.send(said)
            assert await closed_with(socket) == 4400


async def test_an_agent_too_old_to_be_understood_is_told_what_is_needed(
    agent: TestAgent,
) -> None:
    async with link(agent) as socket:
        await socket.send(encode(Hello(protocol=0, agent="0.0.1", families=())))
        assert isinstance(await hear(socket), Welcome)
        assert await closed_with(socket) == 4426


async def test_a_word_from_one_process_wakes_a_link_of_another(
    environment: dict[str, str],
    agent: TestAgent,
    office: Office,
    connection: Connection,
) -> None:
    if "HIKAE_DATABASE_URL" not in environment:
        pytest.skip("SQLite serves one process")
    with running_cloud({**environment, "HIKAE_ORIGIN": agent.origin}) as second:
        async with link(agent, second.address) as socket:
            await greet(socket, after=2)
            await press(office, agent.origin, f"/connections/{connection.id}/fetch")
            assert isinstance(await hear(socket), RunFetch)
            async with link(agent) as newer:
                await greet(newer, after=3)
                assert await closed_with(socket) == 4409
