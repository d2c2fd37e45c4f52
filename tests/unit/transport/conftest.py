"""A bank and a cloud to talk to, and transports that are closed after the test."""

import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from hikae.model.certificate import Identity
from hikae.transport.curl import CurlTransport, open_transport
from hikae.transport.errors import Target
from hikae.transport.exchange import Hosts, Limits
from hikae.transport.proxy import NO_PROXY, Proxy
from tests.unit.transport.authority import Authority, Issued
from tests.unit.transport.web import Site, serving

QUICK = Limits(connect=5, idle=5, total=10, body=1_000_000, redirects=3)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "Trial CA")


@pytest.fixture(scope="session")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("stranger"), "Other CA")


@pytest.fixture(scope="session")
def customer(authority: Authority) -> Issued:
    return authority.issue("user001")


@pytest.fixture
def context(authority: Authority) -> ssl.SSLContext:
    return authority.server_context(authority.issue("server", server=True))


@pytest.fixture
def bank(context: ssl.SSLContext, authority: Authority) -> Iterator[Site]:
    """A bank that lets in nobody without a certificate."""
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.file)
    with serving(context) as site:
        yield site


@pytest.fixture
def site(context: ssl.SSLContext) -> Iterator[Site]:
    """A server that asks for no certificate."""
    with serving(context) as site:
        yield site


@pytest.fixture
def free_place() -> Iterator[str]:
    """A place on loopback that is taken but never listens, so that nobody answers there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"


Open = Callable[..., CurlTransport]


@pytest.fixture
async def connect(authority: Authority) -> AsyncIterator[Open]:
    """Return a function that opens a transport to the given sites."""
    opened: list[CurlTransport] = []

    def connect(
        *sites: Site,
        identity: Identity | None = None,
        proxy: Proxy = NO_PROXY,
        limits: Limits = QUICK,
        target: Target = Target.BANK,
        ca: Path | None = authority.file,
    ) -> CurlTransport:
        hosts = Hosts(frozenset(site.place for site in sites), str(ca) if ca else None)
        opened.append(open_transport(hosts, proxy, identity, limits, target=target))
        return opened[-1]

    yield connect
    for transport in opened:
        await transport.close()
