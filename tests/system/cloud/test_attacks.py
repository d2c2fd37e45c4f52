"""Attacks on the agent API of a cloud that runs: stolen keys, changed and replayed requests."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import ParamSpec
from uuid import uuid4

import msgspec
import pytest
from websockets.exceptions import InvalidStatus

from hikae.cloud.connections.models import Connection, Fetch, SealedLogin
from hikae.cloud.people.tenancy import tenant
from hikae.link.messages import (
    OLDEST_PROTOCOL,
    PROTOCOL,
    ConnectionReport,
    DeviceState,
    Enrol,
    FetchReport,
    Hello,
    NewKeys,
    Refresh,
    Refused,
    Welcome,
    encode,
)
from hikae.link.vouching import vouch_for_keys
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import ProblemCode
from tests.cloud_agent import BASE, RefusedError, TestAgent, public
from tests.fixtures_cloud import Server
from tests.system.cloud.conftest import Office
from tests.system.cloud.test_link import closed_with, commands, greet, hear, in_thread, link

ENABLED = encode(ConnectionReport(enabled=True, certificate=None))


Arguments = ParamSpec("Arguments")


def refusal(
    call: Callable[Arguments, object], *args: Arguments.args, **kwargs: Arguments.kwargs
) -> tuple[ProblemCode, object]:
    """The code and the part of what a request was refused for."""
    with pytest.raises(RefusedError) as refused:
        call(*args, **kwargs)
    problem = refused.value.refused.problem
    return problem.code, problem.details.get("part")


def rejected_for(part: str) -> tuple[ProblemCode, str]:
    return ProblemCode.CLOUD_REJECTED, part


# a stolen 認証キー


async def test_a_stolen_key_without_confirmation_gets_no_login_no_connection_and_no_command(
    cloud: Server, office: Office
) -> None:
    def stolen() -> TestAgent:
        office.register()
        thief = TestAgent(cloud.origin)
        state = thief.enrol(office.key())
        assert state.state == "pending"
        everything = [
            ("GET", "/connections", b""),
            ("GET", "/commands?after=0", b""),
            ("PUT", f"/connections/{uuid4()}", ENABLED),
            ("PUT", f"/fetches/{uuid4()}", b"{}"),
            ("PUT", f"/challenges/{uuid4()}", b"{}"),
            ("PUT", f"/statements/{uuid4()}/parts/0", b"{}"),
            ("POST", f"/statements/{uuid4()}/complete", b"{}"),
            ("POST", "/keys", b"{}"),
        ]
        for method, path, body in everything:
            asked = refusal(thief.send, method, path, body)
            assert asked == rejected_for("pending"), path
        with tenant(office.organisation):
            assert SealedLogin.objects.get().holder.startswith("server:")
        return thief

    thief = await in_thread(stolen)
    with pytest.raises(InvalidStatus) as refused:
        async with link(thief):
            pass
    told = msgspec.json.decode(bytes(refused.value.response.body or b""), type=Refused)
    assert told.problem.details == {"part": "pending"}


def test_the_honest_pc_hears_that_its_key_was_used_and_a_new_key_shuts_the_thief_out(
    cloud: Server, office: Office
) -> None:
    key = office.key()
    thief, honest = TestAgent(cloud.origin), TestAgent(cloud.origin)
    shown = thief.enrol(key).fingerprint
    assert refusal(honest.enrol, key)[0] is ProblemCode.AUTH_KEY_USED
    state = honest.enrol(office.key())
    assert state.fingerprint != shown
    office.confirm(honest)
    assert thief.ask(DeviceState, "GET", "/device").state == "refused"
    assert refusal(thief.send, "GET", "/connections")[0] is ProblemCode.DEVICE_RELEASED
    honest.send("GET", "/connections")


# requests that were changed or replayed


def test_a_request_signed_for_another_cloud_is_refused(agent: TestAgent) -> None:
    elsewhere = TestAgent("https://other.example", agent.device, agent.signing, agent.sealing)
    elsewhere.address = agent.origin
    assert refusal(elsewhere.send, "GET", "/device") == rejected_for("signature")


def test_a_replayed_report_is_refused_and_changes_nothing(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    path = f"/connections/{connection.id}"
    seen = agent.headers("PUT", BASE + path, ENABLED)
    agent.send_with(seen, "PUT", path, ENABLED)
    agent.send("PUT", path, encode(ConnectionReport(enabled=False, certificate=None)))
    replayed = refusal(agent.send_with, seen, "PUT", path, ENABLED)
    assert replayed == rejected_for("replayed")
    with tenant(office.organisation):
        assert not Connection.objects.get().enabled


def test_a_replayed_state_of_a_fetch_is_refused(
    agent: TestAgent, office: Office, connection: Connection
) -> None:
    path = f"/fetches/{uuid4()}"
    now = datetime.now(UTC)
    running = FetchReport(connection.id, Trigger.DESKTOP, FetchState.RUNNING, now, step="ログイン")
    body = encode(running)
    seen = agent.headers("PUT", BASE + path, body)
    agent.send_with(seen, "PUT", path, body)
    agent.send("PUT", path, encode(msgspec.structs.replace(running, step="照会")))
    assert refusal(agent.send_with, seen, "PUT", path, body) == rejected_for("replayed")
    with tenant(office.organisation):
        assert Fetch.objects.get().step == "照会"


async def test_a_replayed_upgrade_opens_no_link(agent: TestAgent) -> None:
    headers = agent.headers("GET", f"{BASE}/link")
    async with link(agent, headers=headers) as socket:
        await greet(socket, after=1)
        with pytest.raises(InvalidStatus) as refused:
            async with link(agent, headers=headers):
                pass
        await socket.ping()
    told = msgspec.json.decode(bytes(refused.value.response.body or b""), type=Refused)
    assert told.problem.details == {"part": "replayed"}


def test_a_clock_two_hours_off_works_once_the_right_time_is_adopted(agent: TestAgent) -> None:
    for hours in (-2, 2):
        agent.ahead = timedelta(hours=hours)
        with pytest.raises(RefusedError) as refused:
            agent.send("GET", "/connections")
        assert refused.value.refused.problem.code is ProblemCode.CLOCK_WRONG
        agent.ahead += refused.value.refused.now - (datetime.now(UTC) + agent.ahead)
        agent.send("GET", "/connections")


# versions of the protocol


def test_an_agent_too_old_is_not_enrolled_and_its_key_is_not_used_up(
    cloud: Server, office: Office
) -> None:
    old = TestAgent(cloud.origin)
    key = office.key()
    wish = Enrol(
        old.device, key, public(old.signing), public(old.sealing), "PC", "Windows", "0.0.1", 0
    )
    code, _ = refusal(old.send, "POST", "/enrol", encode(wish))
    assert code is ProblemCode.AGENT_OUTDATED
    assert old.enrol(key).state == "pending"


@pytest.mark.parametrize("version", [0, 99])
async def test_a_word_in_a_version_that_nobody_agreed_to_ends_the_link(
    agent: TestAgent, version: int
) -> None:
    async with link(agent) as socket:
        hello = Hello(v=version, protocol=1, agent="0.1.0", families=())
        await socket.send(encode(hello))
        assert await closed_with(socket) == 4426


@pytest.mark.parametrize("protocol", [0, -1, -(2**70)])
async def test_an_agent_that_claims_an_older_protocol_hears_the_oldest_and_is_hung_up_on(
    agent: TestAgent, protocol: int
) -> None:
    async with link(agent) as socket:
        await socket.send(encode(Hello(protocol=protocol, agent="0.0.1", families=())))
        told = await hear(socket)
        assert isinstance(told, Welcome)
        assert told.minimum == OLDEST_PROTOCOL
        assert await closed_with(socket) == 4426


@pytest.mark.parametrize("protocol", [PROTOCOL + 1, 2**70])
async def test_an_agent_that_claims_a_newer_protocol_is_answered_in_one_that_is_spoken(
    agent: TestAgent, protocol: int
) -> None:
    async with link(agent) as socket:
        await socket.send(encode(Hello(protocol=protocol, agent="9.0", families=(), after=1)))
        told = await hear(socket)
        assert isinstance(told, Welcome)
        assert told.protocol == PROTOCOL
        await socket.ping()


ABSURD = [
    b'{"kind":"hello","v":1,"protocol":"1","agent":"0.1.0","families":[]}',
    b'{"kind":"hello","v":1,"protocol":1.5,"agent":"0.1.0","families":[]}',
    b'{"kind":"hello","v":null,"protocol":1,"agent":"0.1.0","families":[]}',
    b'{"kind":"hello","v":1,"protocol":1,"agent":"0.1.0","families":[],"after":-1}',
    b'{"kind":"hello","v":1,"protocol":1,"agent":"0.1.0","families":[],"after":%d}' % 2**70,
    b'{"kind":"hello","v":1,"protocol":1,"agent":"\xed\xa0\x80","families":[]}',
    b"[" * 10_000,
]


@pytest.mark.parametrize("said", ABSURD, ids=range(len(ABSURD)))
async def test_a_first_word_that_cannot_be_meant_ends_the_link_and_nothing_else(
    agent: TestAgent, said: bytes
) -> None:
    async with link(agent) as socket:
        await socket.send(said)
        assert await closed_with(socket) == 4400
    async with link(agent) as socket:
        await greet(socket, after=1)


async def test_an_acknowledgement_of_more_than_can_be_numbered_forgets_nothing(
    agent: TestAgent, office: Office
) -> None:
    async with link(agent) as socket:
        await greet(socket)
        assert isinstance(await hear(socket), Refresh)
        await socket.send(b'{"kind":"ack","v":1,"seq":%d}' % 2**70)
        assert await closed_with(socket) == 4400
    assert await commands(office) == [1]


# keys that were given up


def renewed(agent: TestAgent) -> tuple[TestAgent, bytes]:
    """The agent with new keys, and the request by which it asks for them."""
    new = TestAgent(agent.origin, agent.device)
    vouched = vouch_for_keys(
        new.signing,
        sealing=new.sealing.public_key().public_bytes_raw(),
        before=agent.signing.public_key().public_bytes_raw(),
        device=agent.device,
        origin=agent.origin,
    )
    return new, encode(NewKeys(public(new.signing), public(new.sealing), vouched, ()))


async def test_after_a_renewal_the_old_keys_are_refused_and_their_link_is_closed(
    agent: TestAgent,
) -> None:
    new, body = renewed(agent)
    async with link(agent) as socket:
        await greet(socket, after=1)
        await asyncio.to_thread(agent.send, "POST", "/keys", body)
        assert await closed_with(socket) == 4409
    old = await asyncio.to_thread(refusal, agent.send, "GET", "/connections")
    assert old == rejected_for("signature")
    await asyncio.to_thread(new.send, "GET", "/connections")


def test_new_keys_are_taken_from_nobody_but_the_holder_of_the_old_ones(
    agent: TestAgent,
) -> None:
    _, body = renewed(agent)
    stranger = TestAgent(agent.origin, agent.device)
    assert refusal(stranger.send, "POST", "/keys", body) == rejected_for("signature")
    agent.send("GET", "/connections")


def test_a_farewell_of_another_device_or_for_another_cloud_ends_nothing(agent: TestAgent) -> None:
    stranger = TestAgent(agent.origin, agent.device)
    assert refusal(stranger.leave) == rejected_for("signature")
    elsewhere = TestAgent("https://other.example", agent.device, agent.signing, agent.sealing)
    elsewhere.address = agent.origin
    assert refusal(elsewhere.leave) == rejected_for("signature")
    agent.send("GET", "/connections")


def test_a_released_pc_delivers_nothing_any_more(agent: TestAgent, connection: Connection) -> None:
    agent.leave()
    for method, path in (
        ("PUT", f"/statements/{uuid4()}/parts/0"),
        ("POST", f"/statements/{uuid4()}/complete"),
        ("POST", "/keys"),
    ):
        asked = refusal(agent.send, method, path, b"{}")
        assert asked[0] is ProblemCode.DEVICE_RELEASED
