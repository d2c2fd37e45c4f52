"""An engine reached from another process of the same user, and the command line."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from hikae.agent.cloud import CloudError
from hikae.agent.door import DoorFile
from hikae.agent.engine import (
    ChallengeAsked,
    ConnectionsChanged,
    EngineError,
    FetchChanged,
    NotEnrolledError,
)
from hikae.agent.local import LocalEngine
from hikae.agent.profile import ProfileInUseError
from hikae.agent.remote import NoEngineError, RemoteEngine
from hikae.link import authkey
from hikae.model.challenge import Answer
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.fixtures_household import Desk


@asynccontextmanager
async def visiting(desk: Desk) -> AsyncIterator[RemoteEngine]:
    engine = await RemoteEngine.connect(desk.given.profile)
    try:
        yield engine
    finally:
        await engine.close()


async def test_every_method_works_through_the_door(desk: Desk) -> None:
    async with visiting(desk) as engine:
        with pytest.raises(EngineError) as unknown:
            await engine.connections()
        assert unknown.value.problem.code is ProblemCode.DEVICE_RELEASED

        state = await engine.enrol(authkey.parse(await desk.person.issue_key()))
        await engine.confirm(same=True)
        await desk.person.confirm_pc(state.fingerprint)
        await desk.until(lambda status: status.linked)
        status = await engine.status()
        assert status == await desk.engine.status()
        assert status.linked

        customer = desk.bank.customer("9903", "otp")
        await desk.person.register(customer.institution, customer.password)
        desk.receive(customer)
        await engine.unlock(customer.p12.name, Secret(customer.p12_password))
        (certificate,) = (await engine.certificates()).certificates
        (connection,) = await engine.connections()
        await engine.select(connection.id, certificate.thumbprint)
        await engine.enable(connection.id, on=True)

        events = engine.events()
        (fetch,) = await engine.fetch([], Trigger.COMMAND)
        async for event in events:
            if isinstance(event, ChallengeAsked):
                assert list(await engine.challenges()) == [event]
                code = desk.bank.one_time_password(customer)
                await engine.answer(event.id, Answer(Secret(code)))
            elif isinstance(event, FetchChanged) and event.fetch.state.final:
                break
        ended = await engine.fetch_state(fetch)
        assert ended is not None
        assert ended.state is FetchState.DONE
        await engine.cancel(fetch)
        assert await engine.send_unsent() == 0
        assert list(await engine.connections()) == list(await desk.engine.connections())

        await engine.release()
        assert (await engine.status()).device is None


async def test_events_reach_every_guest(desk: Desk) -> None:
    async with visiting(desk) as first, visiting(desk) as second:
        listeners = [first.events(), second.events()]
        customer = desk.bank.customer("9901", "ok")
        desk.receive(customer)
        await first.unlock(customer.p12.name, Secret(customer.p12_password))
        for events in listeners:
            assert await anext(events) == ConnectionsChanged()


async def test_a_guest_without_the_token_is_shown_out(desk: Desk) -> None:
    path = desk.given.profile.door
    assert path.stat().st_mode & 0o077 == 0
    door = msgspec.json.decode(path.read_bytes(), type=DoorFile)
    path.write_bytes(msgspec.json.encode(DoorFile(door.port, "guessed")))
    with pytest.raises(NoEngineError):
        await RemoteEngine.connect(desk.given.profile)


@pytest.mark.parametrize(
    "line",
    [
        b'{"id": 1, "method": "_go_to_work", "arguments": {}}',
        b'{"id": 1, "method": "confirm", "arguments": {}}',
        b'{"id": 1, "method": "confirm", "arguments": {"same": "yes"}}',
    ],
)
async def test_a_call_that_is_none_is_answered_with_a_problem(desk: Desk, line: bytes) -> None:
    door = msgspec.json.decode(desk.given.profile.door.read_bytes(), type=DoorFile)
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(json.dumps({"token": door.token}).encode() + b"\n" + line + b"\n")
    reply = json.loads(await reader.readline())
    assert reply["problem"]["code"] == "internal"
    writer.close()
    await writer.wait_closed()


async def test_a_second_engine_of_a_profile_is_refused(desk: Desk) -> None:
    with pytest.raises(ProfileInUseError):
        LocalEngine(desk.given)


async def test_the_door_closes_with_the_engine_and_its_guests_hear_it(desk: Desk) -> None:
    async with visiting(desk) as engine:
        events = engine.events()
        await desk.engine.stop()
        assert [event async for event in events] == []
        with pytest.raises(EngineError):
            await engine.status()
    assert not desk.given.profile.door.exists()
    with pytest.raises(NoEngineError):
        await RemoteEngine.connect(desk.given.profile)


async def test_a_person_who_sees_another_fingerprint_undoes_the_enrolment(desk: Desk) -> None:
    await desk.engine.enrol(authkey.parse(await desk.person.issue_key()))
    await desk.engine.confirm(same=False)
    assert (await desk.engine.status()).device is None
    with pytest.raises(NotEnrolledError):
        await desk.engine.fetch([], Trigger.COMMAND)


async def test_a_key_that_was_used_or_never_issued_is_refused_and_leaves_nothing(
    desk: Desk,
) -> None:
    key = authkey.parse(await desk.person.issue_key())
    await desk.engine.enrol(key)
    await desk.engine.release()
    with pytest.raises(CloudError) as used:
        await desk.engine.enrol(key)
    assert used.value.problem.code is ProblemCode.AUTH_KEY_USED
    assert (await desk.engine.status()).device is None
