"""The way through proxies: what is read from settings, and real proxies on loopback."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from hikae.transport.address import parse
from hikae.transport.curl import CurlTransport, open_transport
from hikae.transport.errors import TransportError
from hikae.transport.exchange import Hosts, Limits, Request
from hikae.transport.proxy import (
    NO_PROXY,
    ManualProxy,
    ProxyAuth,
    ProxyKind,
    SystemProxy,
    UnreadableProxyError,
    route,
)
from tests.unit.transport.conftest import QUICK, Open
from tests.unit.transport.proxies import (
    FORBIDDEN_PORT,
    PASSWORD,
    USER,
    ConnectProxy,
    Gateway,
    SocksProxy,
    gateway,
)
from tests.unit.transport.web import Site

BANK = parse("https://www.bank.example/top")


def through(server: Gateway, kind: ProxyKind, *, password: str | None = None) -> ManualProxy:
    user = USER if password else ""
    return ManualProxy(kind, "127.0.0.1", server.port, user, Secret(password) if password else None)


async def problem_of(transport: CurlTransport, url: str) -> tuple[ProblemCode, object]:
    with pytest.raises(TransportError) as caught:
        await transport.send(Request("GET", url))
    return caught.value.problem.code, caught.value.problem.details["reason"]


# What settings say


@pytest.mark.parametrize(
    ("environment", "host"),
    [
        ({}, None),
        ({"https_proxy": "http://proxy.example:3128"}, "proxy.example"),
        ({"HTTPS_PROXY": "proxy.example:3128"}, "proxy.example"),
        ({"http_proxy": "http://proxy.example:3128"}, None),
        ({"all_proxy": "socks5h://proxy.example"}, "proxy.example"),
        ({"https_proxy": "", "all_proxy": "http://all.example"}, "all.example"),
        ({"https_proxy": "http://p.example", "no_proxy": "bank.example"}, None),
        ({"https_proxy": "http://p.example", "no_proxy": ".bank.example"}, None),
        ({"https_proxy": "http://p.example", "no_proxy": "www.bank.example:443"}, None),
        ({"https_proxy": "http://p.example", "no_proxy": "*"}, None),
        ({"https_proxy": "http://p.example", "no_proxy": "notbank.example, x"}, "p.example"),
        ({"https_proxy": "http://p.example", "no_proxy": "bank.example:8443"}, "p.example"),
    ],
)
def test_the_environment_names_the_systems_proxy(
    environment: dict[str, str], host: str | None
) -> None:
    found = route(SystemProxy(environment), BANK)
    assert (found.host if found else None) == host


def test_a_login_in_the_environment_is_read_and_hidden() -> None:
    proxy = SystemProxy({"https_proxy": "http://tanaka:p%40ss@proxy.example:3128"})
    found = route(proxy, BANK)
    assert found == ManualProxy(
        ProxyKind.HTTP, "proxy.example", 3128, "tanaka", Secret("p@ss"), ProxyAuth.ANY
    )
    assert "p@ss" not in repr(found)
    assert "p%40ss" not in repr(proxy)


def test_the_systems_proxy_is_not_asked_for_loopback() -> None:
    proxy = SystemProxy({"https_proxy": "http://proxy.example"})
    assert route(proxy, parse("https://127.0.0.1:8443/")) is None


def test_no_proxy_goes_straight_whatever_the_environment_says() -> None:
    assert route(NO_PROXY, BANK) is None


@pytest.mark.parametrize(
    "setting", ["ftp://proxy.example", "http://", "http://p:port", "http://[:"]
)
def test_a_setting_that_names_no_proxy_is_refused_unquoted(setting: str) -> None:
    with pytest.raises(UnreadableProxyError) as caught:
        route(SystemProxy({"https_proxy": setting}), BANK)
    assert setting not in str(caught.value)


async def test_an_unreadable_setting_is_a_problem_of_the_proxy() -> None:
    hosts = Hosts(frozenset({BANK.place}))
    transport = open_transport(hosts, SystemProxy({"https_proxy": "ftp://p"}), None, QUICK)
    found = await problem_of(transport, BANK.url)
    await transport.close()
    assert found == (ProblemCode.PROXY_UNREACHABLE, "setting_unreadable")


# Real proxies


@pytest.mark.parametrize(
    ("handler", "kind", "login"),
    [
        (ConnectProxy, ProxyKind.HTTP, "none"),
        (ConnectProxy, ProxyKind.HTTP, "basic"),
        (ConnectProxy, ProxyKind.HTTP, "digest"),
        (SocksProxy, ProxyKind.SOCKS5, "none"),
        (SocksProxy, ProxyKind.SOCKS5, "password"),
    ],
)
async def test_a_proxy_leads_to_the_bank(
    site: Site,
    connect: Open,
    handler: type[ConnectProxy | SocksProxy],
    kind: ProxyKind,
    login: str,
) -> None:
    with gateway(handler, login) as server:
        proxy = through(server, kind, password=None if login == "none" else PASSWORD)
        transport = connect(site, proxy=proxy)
        response = await transport.send(Request("GET", f"{site.address}/"))
        await transport.close()
        assert response.status == 200
        assert server.passed == [site.place]


@pytest.mark.parametrize("password", [None, "wrong"])
@pytest.mark.parametrize(
    ("handler", "kind", "login"),
    [
        (ConnectProxy, ProxyKind.HTTP, "basic"),
        (ConnectProxy, ProxyKind.HTTP, "digest"),
        (SocksProxy, ProxyKind.SOCKS5, "password"),
    ],
)
async def test_a_missing_or_wrong_login_is_proxy_login(
    site: Site,
    connect: Open,
    handler: type[ConnectProxy | SocksProxy],
    kind: ProxyKind,
    login: str,
    password: str | None,
) -> None:
    with gateway(handler, login) as server:
        transport = connect(site, proxy=through(server, kind, password=password))
        code, _ = await problem_of(transport, f"{site.address}/")
    assert code is ProblemCode.PROXY_LOGIN
    assert site.connections == 0


@pytest.mark.parametrize(
    ("handler", "kind", "reason"),
    [(ConnectProxy, ProxyKind.HTTP, "connect_503"), (SocksProxy, ProxyKind.SOCKS5, "socks_19")],
)
async def test_a_bank_out_of_the_proxys_reach_is_the_banks_problem(
    free_place: str, handler: type[ConnectProxy | SocksProxy], kind: ProxyKind, reason: str
) -> None:
    with gateway(handler) as server:
        hosts = Hosts(frozenset({free_place}))
        transport = open_transport(hosts, through(server, kind), None, QUICK)
        found = await problem_of(transport, f"https://{free_place}/")
        await transport.close()
    assert found == (ProblemCode.BANK_UNREACHABLE, reason)


@pytest.mark.parametrize(
    ("handler", "kind", "reason"),
    [(ConnectProxy, ProxyKind.HTTP, "connect_403"), (SocksProxy, ProxyKind.SOCKS5, "socks_23")],
)
async def test_a_proxy_that_does_not_permit_the_bank_refuses(
    handler: type[ConnectProxy | SocksProxy], kind: ProxyKind, reason: str
) -> None:
    place = f"127.0.0.1:{FORBIDDEN_PORT}"
    with gateway(handler) as server:
        transport = open_transport(Hosts(frozenset({place})), through(server, kind), None, QUICK)
        found = await problem_of(transport, f"https://{place}/")
        await transport.close()
    assert found == (ProblemCode.PROXY_REFUSED, reason)


class WebServer(BaseHTTPRequestHandler):
    """Knows GET only, as web servers do that are no proxies."""

    def log_message(self, *args: object) -> None:
        """Nothing on the tests' output."""


class Silent(BaseHTTPRequestHandler):
    """Hangs up on everybody."""

    def handle(self) -> None:
        self.request.recv(1)


@pytest.fixture(params=[WebServer, Silent])
def no_proxy_at_all(request: pytest.FixtureRequest) -> Iterator[Gateway]:
    with gateway(request.param) as server:
        yield server


@pytest.mark.parametrize("kind", [ProxyKind.HTTP, ProxyKind.HTTPS])
async def test_a_port_that_is_no_proxy_is_named_so(
    site: Site, connect: Open, no_proxy_at_all: Gateway, kind: ProxyKind
) -> None:
    transport = connect(site, proxy=through(no_proxy_at_all, kind))
    code, _ = await problem_of(transport, f"{site.address}/")
    assert code is ProblemCode.PROXY_NOT_A_PROXY


async def test_a_port_that_is_no_socks_proxy_is_named_so(site: Site, connect: Open) -> None:
    with gateway(Silent) as server:
        transport = connect(site, proxy=through(server, ProxyKind.SOCKS5))
        code, _ = await problem_of(transport, f"{site.address}/")
    assert code is ProblemCode.PROXY_NOT_A_PROXY


async def test_a_proxy_that_does_not_answer_is_unreachable(site: Site, connect: Open) -> None:
    with gateway(WebServer) as server:
        waits_for_a_line = through(server, ProxyKind.SOCKS5)
        transport = connect(site, proxy=waits_for_a_line, limits=Limits(connect=0.3))
        found = await problem_of(transport, f"{site.address}/")
    assert found == (ProblemCode.PROXY_UNREACHABLE, "silent")


async def test_a_bank_taken_for_a_proxy_is_none(site: Site, connect: Open) -> None:
    transport = connect(site, proxy=ManualProxy(ProxyKind.HTTP, "127.0.0.1", site.port))
    code, _ = await problem_of(transport, f"{site.address}/")
    assert code is ProblemCode.PROXY_NOT_A_PROXY


@pytest.mark.parametrize("kind", list(ProxyKind))
async def test_a_proxy_with_a_closed_port_is_unreachable(
    site: Site, connect: Open, free_place: str, kind: ProxyKind
) -> None:
    closed = ManualProxy(kind, "127.0.0.1", int(free_place.partition(":")[2]))
    found = await problem_of(connect(site, proxy=closed), f"{site.address}/")
    assert found == (ProblemCode.PROXY_UNREACHABLE, "refused")


@pytest.mark.parametrize("kind", list(ProxyKind))
async def test_a_proxy_of_an_unknown_name_is_unreachable(
    site: Site, connect: Open, kind: ProxyKind
) -> None:
    unknown = ManualProxy(kind, "proxy.invalid", 3128)
    found = await problem_of(connect(site, proxy=unknown), f"{site.address}/")
    assert found == (ProblemCode.PROXY_UNREACHABLE, "name_unknown")


async def test_an_encrypted_proxy_must_be_trusted_too(site: Site, connect: Open) -> None:
    private = ManualProxy(ProxyKind.HTTPS, "127.0.0.1", site.port)
    found = await problem_of(connect(site, proxy=private), f"{site.address}/")
    assert found == (ProblemCode.PROXY_UNREACHABLE, "untrusted")


async def test_an_untrusted_bank_behind_a_proxy_is_the_banks_problem(
    site: Site, connect: Open
) -> None:
    with gateway(ConnectProxy) as server:
        transport = connect(site, proxy=through(server, ProxyKind.HTTP), ca=None)
        found = await problem_of(transport, f"{site.address}/")
    assert found == (ProblemCode.BANK_UNTRUSTED, "untrusted")
