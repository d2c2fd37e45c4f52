"""Proxies of the tests: HTTP CONNECT with basic or digest login, SOCKS5 with and without one."""

import base64
import hashlib
import re
import select
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

USER, PASSWORD = "tanaka", "ひらけごま"
FORBIDDEN_PORT = 9


class Gateway(socketserver.ThreadingTCPServer):
    """A proxy on loopback; `passed` lists where it led."""

    daemon_threads = True

    def __init__(self, handler: type[socketserver.BaseRequestHandler], login: str) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.login = login
        self.passed: list[str] = []

    @property
    def port(self) -> int:
        return int(self.socket.getsockname()[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is what many tests want."""


class ConnectProxy(socketserver.StreamRequestHandler):
    """Answers CONNECT (RFC 9110, 9.3.6) until it lets one through."""

    server: Gateway
    request: socket.socket

    def handle(self) -> None:
        while line := self.rfile.readline().decode():
            headers = dict(self.read_headers())
            place = line.split()[1]
            if not self.welcome(line, headers.get("proxy-authorization", "")):
                challenge = {"basic": 'Basic realm="t"', "digest": 'Digest realm="t", nonce="n1"'}
                self.say(407, f"Proxy-Authenticate: {challenge[self.server.login]}\r\n")
                continue
            if place.endswith(f":{FORBIDDEN_PORT}"):
                self.say(403)
                continue
            try:
                upstream = socket.create_connection(split(place))
            except OSError:
                self.say(503)
                continue
            self.server.passed.append(place)
            self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(self.request, upstream)
            return

    def read_headers(self) -> Iterator[tuple[str, str]]:
        while line := self.rfile.readline().decode("latin-1").strip():
            name, _, value = line.partition(":")
            yield name.lower(), value.strip()

    def say(self, status: int, headers: str = "") -> None:
        self.wfile.write(f"HTTP/1.1 {status} No\r\n{headers}Content-Length: 0\r\n\r\n".encode())

    def welcome(self, line: str, shown: str) -> bool:
        if self.server.login == "none":
            return True
        if self.server.login == "basic":
            known = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
            return shown == f"Basic {known}"
        return shown.startswith("Digest ") and is_digest(shown, line.split()[1])


class SocksProxy(socketserver.BaseRequestHandler):
    """Speaks SOCKS5 (RFC 1928) with user and password (RFC 1929)."""

    server: Gateway
    request: socket.socket

    def handle(self) -> None:
        _, count = self.take(2)
        offered = self.take(count)
        wanted = 0 if self.server.login == "none" else 2
        if wanted not in offered:
            self.request.sendall(b"\x05\xff")
            return
        self.request.sendall(bytes([5, wanted]))
        if wanted == 2 and not self.log_in():
            return
        _, _, _, kind = self.take(4)
        host = socket.inet_ntoa(self.take(4)) if kind == 1 else self.take(self.take(1)[0]).decode()
        port = int.from_bytes(self.take(2))
        if port == FORBIDDEN_PORT:
            self.reply(2)
            return
        try:
            upstream = socket.create_connection((host, port))
        except OSError:
            self.reply(5)
            return
        self.server.passed.append(f"{host}:{port}")
        self.reply(0)
        relay(self.request, upstream)

    def log_in(self) -> bool:
        self.take(1)
        user = self.take(self.take(1)[0]).decode()
        password = self.take(self.take(1)[0]).decode()
        known = (user, password) == (USER, PASSWORD)
        self.request.sendall(b"\x01\x00" if known else b"\x01\x01")
        return known

    def reply(self, code: int) -> None:
        self.request.sendall(bytes([5, code, 0, 1, 0, 0, 0, 0, 0, 0]))

    def take(self, count: int) -> bytes:
        taken = b""
        while len(taken) < count:
            piece = self.request.recv(count - len(taken))
            if not piece:
                raise ConnectionError("the client left")
            taken += piece
        return taken


def is_digest(shown: str, place: str) -> bool:
    """Whether a digest login (RFC 7616, without qop) is right."""
    said = dict(re.findall(r'(\w+)="([^"]*)"', shown))
    secret = md5(f"{USER}:t:{PASSWORD}")
    return said.get("response") == md5(f"{secret}:n1:{md5(f'CONNECT:{place}')}")


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def split(place: str) -> tuple[str, int]:
    host, _, port = place.rpartition(":")
    return host, int(port)


def relay(one: socket.socket, other: socket.socket) -> None:
    """Carry bytes both ways until one side leaves."""
    with other:
        opposite = {one: other, other: one}
        while True:
            for ready in select.select(list(opposite), [], [])[0]:
                piece = ready.recv(65536)
                if not piece:
                    return
                opposite[ready].sendall(piece)


@contextmanager
def gateway(
    handler: type[socketserver.BaseRequestHandler], login: str = "none"
) -> Iterator[Gateway]:
    """Run a proxy until the block ends."""
    with Gateway(handler, login) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
