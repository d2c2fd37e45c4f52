"""The line that breaks as it is told to, between a real client and real servers."""

import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from hikae.model.problems import ProblemCode
from hikae.transport.curl import CurlTransport, open_transport
from hikae.transport.errors import TransportError
from hikae.transport.exchange import Hosts, Limits, Request, Response
from hikae.transport.proxy import ManualProxy, ProxyKind
from tests.faults.fault import Fault, Kind, Leg, Way
from tests.faults.line import Line
from tests.unit.transport.authority import Authority
from tests.unit.transport.web import Site, serving

LIMITS = Limits(connect=5, idle=2, total=60)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Who vouches for the bank's server."""
    return Authority(tmp_path_factory.mktemp("authority"), "Trial CA")


@pytest.fixture
def cloud() -> Iterator[Site]:
    """A server in clear HTTP."""
    with serving(None) as site:
        yield site


@pytest.fixture
def bank(authority: Authority) -> Iterator[Site]:
    """A server behind TLS."""
    context: ssl.SSLContext = authority.server_context(authority.issue("server", server=True))
    with serving(context) as site:
        yield site


@pytest.fixture
async def line(cloud: Site) -> AsyncIterator[Line]:
    """The way to both."""
    async with Line(cloud.port) as line:
        yield line


@pytest.fixture
async def client(
    line: Line, cloud: Site, bank: Site, authority: Authority
) -> AsyncIterator[CurlTransport]:
    """A client that takes the line."""
    ca: Path = authority.file
    hosts = Hosts(frozenset({cloud.place, bank.place}), str(ca))
    proxy = ManualProxy(ProxyKind.SOCKS5, "127.0.0.1", line.port)
    transport = open_transport(hosts, proxy, None, LIMITS)
    yield transport
    await transport.close()


async def ask(client: CurlTransport, site: Site, path: str = "/") -> Response:
    return await client.send(Request("GET", site.address + path))


async def code_of(client: CurlTransport, site: Site) -> ProblemCode:
    with pytest.raises(TransportError) as caught:
        await ask(client, site, "/big?bytes=20000")
    return caught.value.problem.code


BREAKING = [
    *(Fault(leg, kind) for leg in Leg for kind in (Kind.REFUSE, Kind.CLOSE)),
    *(
        Fault(leg, kind, way, after, seconds=60 if kind is Kind.SILENCE else 0)
        for leg in Leg
        for kind in (Kind.RESET, Kind.CUT, Kind.SILENCE)
        for way, after in ((Way.UP, 0), (Way.DOWN, 0), (Way.DOWN, 400))
    ),
]


@pytest.mark.parametrize("fault", BREAKING, ids=str)
async def test_a_broken_line_is_told_and_the_next_call_gets_through(
    line: Line, client: CurlTransport, cloud: Site, bank: Site, fault: Fault
) -> None:
    site = cloud if fault.leg is Leg.CLOUD else bank
    line.turn(fault.leg, fault)
    broken = {
        *(ProblemCode.BANK_UNREACHABLE, ProblemCode.BANK_TLS_FAILED),
        *(ProblemCode.PROXY_UNREACHABLE, ProblemCode.PROXY_NOT_A_PROXY, ProblemCode.PROXY_REFUSED),
    }
    assert await code_of(client, site) in broken
    assert line.struck == [fault]
    line.heal()
    assert (await ask(client, site)).status == 200


@pytest.mark.parametrize("leg", list(Leg))
@pytest.mark.parametrize("kind", [Kind.DELAY, Kind.DRIP])
async def test_what_is_only_slow_arrives_whole(
    line: Line, client: CurlTransport, cloud: Site, bank: Site, leg: Leg, kind: Kind
) -> None:
    site = cloud if leg is Leg.CLOUD else bank
    whole = (await ask(client, site, "/big?bytes=20000")).body
    line.turn(leg, Fault(leg, kind, Way.DOWN, after=50, times=3, seconds=0.01))
    assert (await ask(client, site, "/big?bytes=20000")).body == whole
    assert len(line.struck) == 3


@pytest.mark.parametrize("last", [False, True])
async def test_a_request_in_clear_http_arrives_twice_and_is_answered_once(
    line: Line, client: CurlTransport, cloud: Site, last: bool
) -> None:
    line.turn(Leg.CLOUD, Fault(Leg.CLOUD, Kind.TWICE, Way.UP, last=last))
    request = Request("POST", f"{cloud.address}/echo", body=b"once")
    assert (await client.send(request)).status == 200
    assert (await ask(client, cloud)).status == 200
    assert cloud.requests == ["POST /echo", "POST /echo", "GET /"]


async def test_a_request_within_tls_cannot_arrive_twice(
    line: Line, client: CurlTransport, bank: Site
) -> None:
    await ask(client, bank)
    line.turn(Leg.BANK, Fault(Leg.BANK, Kind.TWICE, Way.UP))
    # The first of both records is whole, so it may be answered before the second breaks the line.
    with suppress(TransportError):
        await client.send(Request("POST", f"{bank.address}/echo", body=b"once"))
    assert line.struck
    assert bank.requests.count("POST /echo") == 1
