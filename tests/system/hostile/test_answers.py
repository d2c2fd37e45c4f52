"""What a cloud answers over HTTP is bounded, believed where it fits, and leads nowhere else."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from msgspec.structs import replace as replaced

from hikae.link.messages import DeviceState, NewKeys, Refused, StatementHead, encode
from hikae.model.clock import japan_day, system_clock
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode, ProblemError
from tests.hostile_cloud import Exchange, Heard, Lie
from tests.system.hostile.pc import Pc, trap

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def _impatient(pc: Pc, connection: UUID) -> None:
    """Give the PC little patience with its cloud, so that nobody waits for two minutes."""
    await pc.restart(cloud_limits=replace(pc.given.cloud_limits, total=1.0))


def saying(status: int, body: bytes, **headers: str) -> Lie:
    """The same answer to everything."""
    return lambda exchange, _: exchange.say(status, body, **headers)


def refusing(code: ProblemCode, status: int) -> Lie:
    """A refusal in the protocol's own words."""
    return saying(status, encode(Refused(Problem(code), system_clock())))


def dripping(exchange: Exchange, _: Heard) -> None:
    """An answer that comes byte by byte and never ends."""
    exchange.send_response(200)
    exchange.send_header("Content-Length", "1000000")
    exchange.end_headers()
    while not exchange.server.over.wait(0.05):
        exchange.wfile.write(b" ")


def endless_headers(exchange: Exchange, _: Heard) -> None:
    """Headers without end."""
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not exchange.server.over.is_set():
        exchange.wfile.write(b"X-More: " + b"x" * 4000 + b"\r\n")


def round_and_round(exchange: Exchange, heard: Heard) -> None:
    """A redirect to where it came from."""
    exchange.say(307, b"", Location=f"{exchange.server.origin}/agent/v1/{heard.path}")


STORMS: dict[str, Callable[[], Lie]] = {
    "sign-in page": lambda: saying(200, b"<html>Welcome</html>", Content_Type="text/html"),
    "nothing": lambda: saying(200, b""),
    "something else": lambda: saying(200, b'{"hello": [1, 2, 3]}'),
    "401": lambda: refusing(ProblemCode.CLOUD_REJECTED, 401),
    "403 of a proxy": lambda: saying(403, b"<html>Forbidden</html>"),
    "500": lambda: refusing(ProblemCode.INTERNAL, 500),
    "gzip bomb": lambda: saying(200, gzip.compress(b" " * 64 * 2**20), Content_Encoding="gzip"),
    "endless redirect": lambda: round_and_round,
    "endless headers": lambda: endless_headers,
    "drip": lambda: dripping,
}


@pytest.mark.parametrize("storm", STORMS)
async def test_statements_outlast_a_storm_of_answers_and_the_next_honest_cloud_has_them(
    pc: Pc, connection: UUID, storm: str
) -> None:
    await pc.is_linked()
    pc.cloud.lies["*"] = STORMS[storm]()
    pc.cloud.say(b"[]")  # ends the link, so that the PC asks
    events = pc.engine.events()
    (fetch,) = await pc.engine.fetch([connection], Trigger.COMMAND)
    while not (await pc.engine.status()).unsent:
        await anext(events)
    with pytest.raises(ProblemError):
        await pc.engine.send_unsent()
    assert (await pc.engine.status()).unsent > 0
    pc.cloud.be_honest()
    ended = await pc.ended(events, fetch)
    assert (ended.state, ended.problem) == (FetchState.DONE, None)
    await pc.is_as_before(connection)


async def test_a_redirect_to_another_host_is_not_followed(pc: Pc, connection: UUID) -> None:
    with trap() as (host, got):
        for status in (301, 302, 303, 307, 308):
            await pc.cloud.linked()
            pc.cloud.lies["*"] = saying(status, b"", Location=f"http://{host}/agent/v1/commands")
            pc.cloud.say(b"[]")
            with pytest.raises(ProblemError):
                await pc.engine.renew_keys()
            pc.cloud.be_honest()
        assert got == []
    await pc.is_as_before(connection)


async def test_answers_that_do_not_fit_are_counted(pc: Pc, connection: UUID) -> None:
    before = await pc.refused()
    pc.cloud.lies["GET connections"] = saying(200, b'{"connections": "all"}')
    await pc.engine.connections()
    assert await pc.refused() == before + 1
    await pc.is_as_before(connection)


async def test_other_peoples_organisation_does_not_take_the_place_of_ones_own(
    pc: Pc, connection: UUID
) -> None:
    enrolled = (await pc.engine.status()).device
    assert enrolled is not None
    for strange in (
        replaced(enrolled, organisation_id=uuid4()),
        replaced(enrolled, device=uuid4()),
    ):
        pc.cloud.lies["POST keys"] = saying(200, encode(strange))
        with pytest.raises(ProblemError):
            await pc.engine.renew_keys()
        assert (await pc.engine.status()).device == enrolled
    pc.cloud.be_honest()
    take_new_keys(pc, pc.cloud.of("POST keys", NewKeys)[-1])
    renewed: DeviceState = await pc.engine.renew_keys()
    assert renewed.organisation_id == enrolled.organisation_id
    await pc.is_as_before(connection)


def take_new_keys(pc: Pc, wish: NewKeys) -> None:
    """Do what a cloud does with new keys."""
    assert pc.cloud.enrolled is not None
    signing, sealing = wish.signing, wish.sealing
    pc.cloud.enrolled = replaced(pc.cloud.enrolled, signing=signing, sealing=sealing)
    (login,) = wish.logins
    (known,) = pc.cloud.said.connections
    pc.cloud.said.connections = [replaced(known, login=login.sealed)]


def by_a_clock(ahead: timedelta) -> Lie:
    """A cloud that insists on its own time, and is honest otherwise."""

    def lie(exchange: Exchange, heard: Heard) -> None:
        now = system_clock() + ahead
        signed = re.search(r"created=(\d+)", heard.headers["Signature-Input"])
        assert signed is not None
        if abs(now.timestamp() - int(signed[1])) > 300:
            refused = Refused(Problem(ProblemCode.CLOCK_WRONG), now)
            exchange.say(401, encode(refused))
        else:
            exchange.honestly(heard)

    return lie


@pytest.mark.parametrize("days", [20, -20, 3000])
async def test_a_clock_that_is_days_off_leaves_no_hole_behind(
    pc: Pc, connection: UUID, days: int
) -> None:
    pc.cloud.lies["*"] = by_a_clock(timedelta(days=days))
    events = pc.engine.events()
    await pc.engine.connections()
    await pc.warned(events, ProblemCode.CLOCK_WRONG)
    await pc.fetch(connection)
    pc.cloud.lies["*"] = by_a_clock(timedelta())
    await pc.engine.connections()
    assert abs((await pc.engine.status()).clock_offset) < 60
    before = len(pc.cloud.of("POST statements", StatementHead))
    fetch = await pc.fetch(connection)
    assert (fetch.state, fetch.problem) == (FetchState.DONE, None)
    today = japan_day(system_clock())
    for head in pc.cloud.of("POST statements", StatementHead)[before:]:
        assert head.period is not None
        assert head.period.last == today
        assert head.period.first <= today - timedelta(days=7)
    await pc.is_as_before(connection)


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "2026-11-24", 7])
async def test_a_clock_that_cannot_be_is_nobodys(pc: Pc, connection: UUID, now: str | int) -> None:
    body = {"problem": {"code": "clock_wrong"}, "now": now}
    pc.cloud.lies["GET connections"] = saying(401, repr(body).replace("'", '"').encode())
    before = (await pc.engine.status()).clock_offset
    await pc.engine.connections()
    assert (await pc.engine.status()).clock_offset == before
    await pc.is_as_before(connection)
