"""However much a cloud says, an agent's process stays small and goes on."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.household import Agent, Bank
from hikae.agent import settings
from hikae.agent.profile import Profile
from hikae.agent.settings import ProxySettings, Settings
from hikae.link.messages import Refresh
from tests.hostile_cloud import PING, PONG, Exchange, Heard, HostileCloud

MOST = 160 * 2**20
"""Bytes that an agent may need more than at rest, most of it for what the link has not read yet."""

MEGABYTE = b" " * 2**20


@pytest.fixture
async def cloud() -> AsyncIterator[HostileCloud]:
    """Return a hostile cloud that nobody knows yet."""
    cloud = HostileCloud()
    yield cloud
    cloud.stop()


def at_its_largest(pid: int) -> int:
    """The most memory that a process has had since it was asked to forget, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


def endless_body(exchange: Exchange, _: Heard) -> None:
    """Half a gigabyte of what could be JSON."""
    exchange.send_response(200)
    exchange.send_header("Content-Length", str(512 * 2**20))
    exchange.end_headers()
    for _again in range(512):
        exchange.wfile.write(b"[" + MEGABYTE[1:])


def bomb(exchange: Exchange, _: Heard) -> None:
    """Little that unpacks to very much."""
    exchange.say(200, gzip.compress(MEGABYTE * 256), Content_Encoding="gzip")


def hollow(exchange: Exchange, _: Heard) -> None:
    """As many empty things as fit an answer that is just not too large."""
    entries = ",".join(["[]"] * 1_300_000)
    exchange.say(200, f'{{"commands": [], "more": [{entries}]}}'.encode())


async def test_bombs_giants_and_floods_leave_an_agent_small_and_at_work(
    bank: Bank, cloud: HostileCloud, tmp_path: Path
) -> None:
    agent = Agent(tmp_path, bank.catalogue)
    settings.save(Profile.at(agent.data).settings, Settings(proxy=ProxySettings("none")))
    agent.start()
    try:
        async with agent.engine() as engine:
            await engine.enrol(cloud.key())
            await engine.confirm(same=True)
            await cloud.linked()
            assert agent.program is not None
            pid = agent.program.pid
            at_rest = at_its_largest(pid)
            for lie in (endless_body, bomb, hollow):
                cloud.lies["GET connections"] = lie
                await engine.connections()
            cloud.be_honest()
            wide = json.dumps({"kind": "refresh", "seq": 1, "more": "x" * 32_000}).encode()
            for flood, kind in (([wide] * 4000, 1), ([MEGABYTE], 1), ([b""] * 20_000, PING)):
                await cloud.linked()
                await asyncio.to_thread(cloud.pour, flood, kind)
                await cloud.hung_up()
            await cloud.linked()
            await asyncio.to_thread(cloud.pour, [b"x" * 100] * 20_000, PONG)
            number = cloud.next_number()
            cloud.ask(Refresh(seq=number))
            await cloud.until(lambda: cloud.kept >= number)
            assert (await engine.status()).refused_messages >= 3
            assert at_its_largest(pid) < at_rest + MOST
    finally:
        agent.stop()
