"""WebSockets over libcurl against the `websockets` library and servers that misbehave."""

import asyncio
import base64
import hashlib
import socketserver
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from hikae.model.problems import ProblemCode
from hikae.transport.errors import (
    AddressRefusedError,
    ClosedError,
    TooMuchError,
    TransportError,
)
from hikae.transport.exchange import Hosts, Limits
from hikae.transport.proxy import NO_PROXY, ManualProxy, Proxy, ProxyKind
from hikae.transport.websocket import (
    MOST_WAITING,
    UpgradeRefusedError,
    WebSocket,
    open_websocket,
)
from tests.unit.transport.authority import Authority
from tests.unit.transport.proxies import ConnectProxy, SocksProxy, gateway
from tests.unit.transport.web import Site

Handler = Callable[[ServerConnection], Awaitable[None]]
LIMITS = Limits(connect=5, idle=5, total=10, body=6_000_000)


async def echo(connection: ServerConnection) -> None:
    async for message in connection:
        await connection.send(message)


async def to_the_end(websocket: WebSocket) -> None:
    while await websocket.receive() is not None:
        continue


@asynccontextmanager
async def cloud(handler: Handler, context: ssl.SSLContext) -> AsyncIterator[int]:
    async with serve(
        handler, "127.0.0.1", 0, ssl=context, max_size=None, ping_interval=None
    ) as server:
        yield next(iter(server.sockets)).getsockname()[1]


@asynccontextmanager
async def link(
    port: int,
    authority: Authority,
    *,
    proxy: Proxy = NO_PROXY,
    limits: Limits = LIMITS,
    keepalive: float = 30,
    headers: dict[str, str] | None = None,
) -> AsyncIterator[WebSocket]:
    hosts = Hosts(frozenset({f"127.0.0.1:{port}"}), str(authority.file))
    url = f"wss://127.0.0.1:{port}/link"
    websocket = await open_websocket(url, headers or {}, proxy, limits, hosts, keepalive=keepalive)
    try:
        yield websocket
    finally:
        await websocket.close()


async def test_messages_go_both_ways(context: ssl.SSLContext, authority: Authority) -> None:
    async with cloud(echo, context) as port, link(port, authority) as websocket:
        for text in ("取得開始", "", "second"):
            await websocket.send(text)
            assert await websocket.receive() == text


async def test_the_server_may_speak_first(context: ssl.SSLContext, authority: Authority) -> None:
    async def greet(connection: ServerConnection) -> None:
        await connection.send("welcome")
        await connection.wait_closed()

    async with cloud(greet, context) as port, link(port, authority) as websocket:
        assert await websocket.receive() == "welcome"


async def test_the_callers_headers_reach_the_server(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async def show(connection: ServerConnection) -> None:
        assert connection.request is not None
        await connection.send(connection.request.headers["Signature"])

    signed = {"Signature": "sig=:abc:"}
    async with (
        cloud(show, context) as port,
        link(port, authority, headers=signed) as websocket,
    ):
        assert await websocket.receive() == "sig=:abc:"


async def test_a_message_larger_than_every_buffer_arrives_whole(
    context: ssl.SSLContext, authority: Authority
) -> None:
    large = "明細" * 800_000
    async with cloud(echo, context) as port, link(port, authority) as websocket:
        await websocket.send(large)
        assert await websocket.receive() == large


async def test_fragments_are_joined(context: ssl.SSLContext, authority: Authority) -> None:
    async def in_pieces(connection: ServerConnection) -> None:
        await connection.send(["取得", "", "開始"])
        await connection.ping()
        await connection.send("next")
        await connection.wait_closed()

    async with cloud(in_pieces, context) as port, link(port, authority) as websocket:
        assert [await websocket.receive(), await websocket.receive()] == ["取得開始", "next"]


async def test_a_ping_of_the_server_is_answered(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async def ask(connection: ServerConnection) -> None:
        await (await connection.ping(b"1234"))
        await connection.send("answered")
        await connection.wait_closed()

    async with cloud(ask, context) as port, link(port, authority) as websocket:
        assert await websocket.receive() == "answered"


async def test_a_ping_of_ours_returns_with_the_answer(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async with cloud(echo, context) as port, link(port, authority) as websocket:
        await websocket.ping()
        await websocket.send("after")
        assert await websocket.receive() == "after"


async def test_many_senders_at_once_are_all_heard(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async with cloud(echo, context) as port, link(port, authority) as websocket:
        said = {str(number) for number in range(200)}
        await asyncio.gather(*(websocket.send(text) for text in said))
        assert {await websocket.receive() for _ in said} == said


# How it ends


async def test_a_server_that_closes_ends_the_messages(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async def leave(connection: ServerConnection) -> None:
        await connection.send("last")

    async with cloud(leave, context) as port, link(port, authority) as websocket:
        assert await websocket.receive() == "last"
        assert await websocket.receive() is None
        assert await websocket.receive() is None
        with pytest.raises(ClosedError):
            await websocket.send("too late")


async def test_closing_tells_the_server(context: ssl.SSLContext, authority: Authority) -> None:
    code: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def watch(connection: ServerConnection) -> None:
        await connection.wait_closed()
        code.set_result(connection.close_code)

    async with cloud(watch, context) as port:
        async with link(port, authority) as websocket:
            pass
        assert await code == 1000
        assert await websocket.receive() is None
        await websocket.close()


async def test_a_line_that_breaks_is_an_error(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async def cut(connection: ServerConnection) -> None:
        connection.transport.abort()

    async with cloud(cut, context) as port, link(port, authority) as websocket:
        with pytest.raises(TransportError) as caught:
            await websocket.receive()
        assert caught.value.problem.code is ProblemCode.CLOUD_UNREACHABLE
        with pytest.raises(TransportError):
            await websocket.ping()


class HalfOpen(socketserver.StreamRequestHandler):
    """Upgrades and then never says anything again, as a line whose other end is gone."""

    def handle(self) -> None:
        key = ""
        while line := self.rfile.readline().decode().strip():
            name, _, value = line.partition(": ")
            key = value if name.lower() == "sec-websocket-key" else key
        magic = f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()
        accept = base64.b64encode(hashlib.sha1(magic, usedforsecurity=False).digest()).decode()
        self.wfile.write(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Accept: {accept}\r\n\r\n".encode()
        )
        while self.rfile.read(1):
            pass


async def test_a_half_open_line_is_found_by_the_keepalive() -> None:
    with gateway(HalfOpen) as server:
        place = f"127.0.0.1:{server.port}"
        websocket = await open_websocket(
            f"ws://{place}/", {}, NO_PROXY, LIMITS, Hosts(frozenset({place})), keepalive=0.05
        )
        with pytest.raises(TransportError) as caught:
            await websocket.receive()
        await websocket.close()
    assert caught.value.problem.details["reason"] == "silent"


async def test_a_quiet_line_is_kept_by_the_keepalive(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async def wait_for_pings(connection: ServerConnection) -> None:
        with pytest.raises(ConnectionClosed):
            await connection.recv()

    pinged = asyncio.Semaphore(0)

    class Counting(ServerConnection):
        def data_received(self, data: bytes) -> None:
            pinged.release()
            super().data_received(data)

    async with serve(
        wait_for_pings, "127.0.0.1", 0, ssl=context, create_connection=Counting, ping_interval=None
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        async with link(port, authority, keepalive=0.05) as websocket:
            for _ in range(5):
                await pinged.acquire()
            await websocket.ping()


async def test_a_message_over_the_limit_ends_the_line(
    context: ssl.SSLContext, authority: Authority
) -> None:
    code: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def flood(connection: ServerConnection) -> None:
        await connection.send(["0" * 600, "0" * 600])
        await connection.wait_closed()
        code.set_result(connection.close_code)

    limits = Limits(connect=5, idle=5, total=10, body=1000)
    async with cloud(flood, context) as port, link(port, authority, limits=limits) as websocket:
        with pytest.raises(TooMuchError):
            await websocket.receive()
        assert await code == 1009


async def test_a_server_that_floods_is_cut_off(
    context: ssl.SSLContext, authority: Authority
) -> None:
    over = asyncio.Event()

    async def flood(connection: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            for number in range(10 * MOST_WAITING):
                await connection.send(str(number))
        over.set()

    async with cloud(flood, context) as port, link(port, authority) as websocket:
        await over.wait()
        with pytest.raises(TooMuchError):
            await to_the_end(websocket)


@pytest.mark.parametrize(("message", "code"), [(b"\xff\xfe", 1003), ("\ud800", 1007)])
async def test_what_is_no_text_ends_the_line(
    context: ssl.SSLContext, authority: Authority, message: bytes | str, code: int
) -> None:
    said: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()

    async def babble(connection: ServerConnection) -> None:
        data = message if isinstance(message, bytes) else message.encode(errors="surrogatepass")
        await connection.send(data, text=isinstance(message, str))
        await connection.wait_closed()
        said.set_result(connection.close_code)

    async with cloud(babble, context) as port, link(port, authority) as websocket:
        with pytest.raises(TooMuchError):
            await websocket.receive()
        assert await said == code


# How it does not begin


async def test_a_web_page_in_place_of_the_upgrade_is_refused(
    site: Site, authority: Authority
) -> None:
    with pytest.raises(UpgradeRefusedError) as caught:
        async with link(site.port, authority):
            pass
    assert caught.value.problem.code is ProblemCode.CLOUD_UNREACHABLE


async def test_a_rejected_signature_is_cloud_rejected(
    context: ssl.SSLContext, authority: Authority
) -> None:
    async with serve(
        echo,
        "127.0.0.1",
        0,
        ssl=context,
        process_request=lambda connection, _request: connection.respond(401, "no\n"),
    ) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        with pytest.raises(UpgradeRefusedError) as caught:
            async with link(port, authority):
                pass
    assert caught.value.problem.code is ProblemCode.CLOUD_REJECTED
    assert caught.value.problem.details["status"] == 401


async def test_a_cloud_of_another_authority_is_not_trusted(
    context: ssl.SSLContext, stranger: Authority
) -> None:
    async with cloud(echo, context) as port:
        with pytest.raises(TransportError) as caught:
            async with link(port, stranger):
                pass
    assert caught.value.problem.details["reason"] == "untrusted"


@pytest.mark.parametrize(
    "url", ["wss://other.example/link", "https://127.0.0.1/link", "ws://cloud.example/link"]
)
async def test_only_protected_addresses_of_the_hosts_are_tried(url: str) -> None:
    hosts = Hosts(frozenset({"127.0.0.1:443", "cloud.example:80"}))
    with pytest.raises(AddressRefusedError):
        await open_websocket(url, {}, NO_PROXY, LIMITS, hosts)


async def test_giving_up_while_connecting_leaves_the_server(
    site: Site, authority: Authority
) -> None:
    hosts = Hosts(frozenset({site.place}), str(authority.file))
    url = f"wss://{site.place}/drip"
    task = asyncio.create_task(open_websocket(url, {}, NO_PROXY, LIMITS, hosts))
    await asyncio.to_thread(site.reached.wait)
    task.cancel()
    with pytest.raises((asyncio.CancelledError, TransportError)):
        await task
    assert await asyncio.to_thread(site.gone.wait, 5)


@pytest.mark.parametrize(
    ("handler", "kind"), [(ConnectProxy, ProxyKind.HTTP), (SocksProxy, ProxyKind.SOCKS5)]
)
async def test_a_proxy_leads_to_the_cloud(
    context: ssl.SSLContext,
    authority: Authority,
    handler: type[ConnectProxy | SocksProxy],
    kind: ProxyKind,
) -> None:
    with gateway(handler) as server:
        async with cloud(echo, context) as port:
            proxy = ManualProxy(kind, "127.0.0.1", server.port)
            async with link(port, authority, proxy=proxy) as websocket:
                await websocket.send("through")
                assert await websocket.receive() == "through"
        assert server.passed == [f"127.0.0.1:{port}"]


async def test_a_proxy_that_wants_a_login_is_named(
    context: ssl.SSLContext, authority: Authority
) -> None:
    with gateway(ConnectProxy, "basic") as server:
        async with cloud(echo, context) as port:
            proxy = ManualProxy(ProxyKind.HTTP, "127.0.0.1", server.port)
            with pytest.raises(TransportError) as caught:
                async with link(port, authority, proxy=proxy):
                    pass
    assert caught.value.problem.code is ProblemCode.PROXY_LOGIN
