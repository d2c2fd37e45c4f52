"""A cloud can ask over the link for what is listed, in its turn and in measure, and no more."""

import asyncio
from uuid import UUID, uuid4

import msgspec
import pytest

from hikae.agent.refusals import MOST_AT_ONCE
from hikae.link.messages import PROTOCOL, Pause, Refresh, RunFetch, Welcome, encode
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.hostile_cloud import PING, honest_welcome
from tests.system.agent.books import requests
from tests.system.hostile.pc import Pc, trap

pytestmark = pytest.mark.asyncio(loop_scope="module")

UNLISTED = (
    b'{"v": 1, "kind": "transfer", "seq": %d, "amount": 1000000, "to": "0001-001-1234567"}',
    b'{"v": 1, "kind": "execute", "seq": %d, "code": "import os"}',
    b'{"v": 1, "kind": "run", "seq": "%d", "fetch": "x", "connection": "y"}',
    b'{"v": 1, "kind": "pause", "seq": %d, "on": "yes"}',
    b'{"v": 9, "kind": "refresh", "seq": %d}',
    b'{"kind": "refresh", "seq": %d000000000000000000000}',
    b'{"kind": "refresh", "seq": %d, "deep": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    b'{"kind": "hello", "protocol": 1, "agent": "me", "families": [], "seq": %d}',
)


async def test_what_is_not_listed_is_refused_and_counted_and_the_person_is_told(
    pc: Pc, connection: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    events = pc.engine.events()
    before, seen = await pc.refused(), requests(pc.bank, pc.customers[connection])
    for words in UNLISTED:
        await pc.cloud.linked()
        pc.cloud.say(words % pc.cloud.next_number())
        await pc.cloud.hung_up()
    assert await pc.refused() == before + len(UNLISTED)
    told = await pc.warned(events, ProblemCode.CLOUD_REJECTED)
    assert told.problem.details["refused"] == 1
    assert "not taken from the cloud" in caplog.text
    assert not any(secret in caplog.text for secret in ("0001-001-1234567", "import os"))
    assert requests(pc.bank, pc.customers[connection]) == seen
    await pc.is_as_before(connection)


async def test_hosts_paths_authorities_proxies_and_limits_in_a_message_are_nobodys(
    pc: Pc, connection: UUID
) -> None:
    with trap() as (host, got):
        smuggled = {
            "host": host,
            "hosts": [host],
            "url": f"https://{host}/",
            "login_url": f"https://{host}/",
            "path": "/transfer",
            "ca": "-----BEGIN CERTIFICATE-----",
            "proxy": f"http://{host}",
            "limits": {"total": 1_000_000, "redirects": 99},
            "code": "import os",
            "presses": ["振込実行"],
        }
        honest = pc.cloud.said.connections
        dressed = [msgspec.to_builtins(each) | smuggled for each in honest]
        whole = {"organisation_id": str(uuid4()), "device": str(uuid4()), "connections": dressed}
        body = msgspec.json.encode(whole | smuggled)
        pc.cloud.lies["GET connections"] = lambda exchange, _: exchange.say(200, body)
        welcome = msgspec.json.decode(honest_welcome()) | smuggled
        pc.cloud.welcome = msgspec.json.encode(welcome)
        events = pc.engine.events()
        run = RunFetch(seq=pc.cloud.next_number(), fetch=uuid4(), connection=connection)
        pc.cloud.say(msgspec.json.encode(msgspec.to_builtins(run) | smuggled))
        await pc.ended(events, run.fetch)
        fetch = await pc.fetch(connection)
        assert (fetch.state, fetch.problem) == (FetchState.DONE, None)
        assert got == []
    await pc.is_as_before(connection)


async def test_an_institution_that_the_catalogue_does_not_list_cannot_be_visited(
    pc: Pc, connection: UUID
) -> None:
    with trap() as (host, got):
        made_up = [
            msgspec.structs.replace(pc.cloud.said.connections[0], id=uuid4(), institution=name)
            for name in (host, f"https://{host}/", "../../9901", "9901/../9902", "0000")
        ]
        honest, pc.cloud.said.connections = (
            pc.cloud.said.connections,
            [*pc.cloud.said.connections, *made_up],
        )
        shown = {each.id: each for each in await pc.engine.connections()}
        for each in made_up:
            problem = shown[each.id].problem
            assert problem is not None
            assert problem.code is ProblemCode.AGENT_OUTDATED
            assert (await pc.fetch(each.id)).state is FetchState.SKIPPED
        assert got == []
    pc.cloud.said.connections = honest
    await pc.is_as_before(connection)
    assert len(await pc.engine.connections()) == len(honest)


async def test_a_command_is_carried_out_once_and_none_out_of_its_turn(
    pc: Pc, connection: UUID
) -> None:
    await pc.is_linked()
    before = await pc.refused()
    pause = Pause(seq=pc.cloud.next_number(), on=True, institution="9901", words="停止中")
    pc.cloud.ask(pause)
    pc.cloud.ask(Pause(seq=pc.cloud.next_number(), on=False, institution="9901"))
    pc.cloud.say(encode(pause))  # again, though its turn is over
    await pc.is_linked()
    assert await pc.refused() == before
    pc.cloud.say(encode(Refresh(seq=2**52)))
    await pc.cloud.hung_up()
    assert await pc.refused() == before + 1
    await pc.is_as_before(connection)


async def test_a_pause_of_what_no_catalogue_lists_is_not_kept(pc: Pc, connection: UUID) -> None:
    await pc.is_linked()
    before = await pc.refused()
    for number in range(20):
        pc.cloud.ask(Pause(seq=pc.cloud.next_number(), on=True, institution=f"made up {number}"))
    await pc.is_linked()
    assert await pc.refused() == before + 20
    await pc.is_as_before(connection)


async def test_a_flood_of_messages_and_a_giant_one_are_cut_off_and_told(
    pc: Pc, connection: UUID
) -> None:
    counter = pc.given.counter
    await pc.restart(counter=lambda: 0.0)  # no allowance comes back
    await pc.is_linked()
    for flood in (
        [encode(Refresh(seq=1))] * (MOST_AT_ONCE + 100),  # long done, only acknowledged again
        [b'{"kind": "refresh", "seq": 1, "x": "' + b"x" * 1_000_000 + b'"}'],
    ):
        events = pc.engine.events()
        await pc.cloud.linked()
        await asyncio.to_thread(pc.cloud.pour, flood)
        await pc.cloud.hung_up()
        told = await pc.warned(events, ProblemCode.CLOUD_REJECTED)
        assert told.problem.details["part"] == "flood"
        await pc.restart(counter=counter)
    await pc.cloud.linked()
    await asyncio.to_thread(pc.cloud.pour, [b""] * 5000, PING)
    await pc.is_as_before(connection)


@pytest.mark.parametrize(
    "welcome",
    [
        Welcome(protocol=PROTOCOL, minimum=PROTOCOL + 1, now=system_clock()),
        Welcome(protocol=0, minimum=0, now=system_clock()),
        Welcome(protocol=PROTOCOL + 1, minimum=PROTOCOL, now=system_clock()),
    ],
    ids=["too-high", "downgraded", "unspoken"],
)
async def test_a_version_that_this_agent_does_not_speak_ends_the_link_and_nothing_else(
    pc: Pc, connection: UUID, welcome: Welcome
) -> None:
    await pc.is_linked()
    events = pc.engine.events()
    pc.cloud.welcome = encode(welcome)
    pc.cloud.say(b"[]")
    code = ProblemCode.CLOUD_REJECTED
    if welcome.minimum > PROTOCOL:
        code = ProblemCode.AGENT_OUTDATED
    else:
        await pc.restart()
        events = pc.engine.events()
    await pc.warned(events, code)
    await pc.is_as_before(connection)
