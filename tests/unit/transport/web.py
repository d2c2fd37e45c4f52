"""Web servers of the tests: real sockets on loopback, a small site that misbehaves on request."""

import gzip
import json
import select
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from urllib.parse import parse_qs, urlsplit

from cryptography import x509


class Site(ThreadingHTTPServer):
    """A site; `requests` are its request lines, `closing` ends what would never end."""

    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.context = context
        self.requests: list[str] = []
        self.connections = 0
        self.reached = threading.Event()
        self.gone = threading.Event()
        self.closing = threading.Event()

    @property
    def port(self) -> int:
        return self.server_port

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"{'https' if self.context else 'http'}://{self.place}"

    def get_request(self) -> tuple[socket, object]:
        connection, peer = super().get_request()
        self.connections += 1
        if self.context is not None:
            # The handshake belongs to the connection's own thread, at its first read.
            connection = self.context.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
        return connection, peer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is what many tests want."""


class Page(BaseHTTPRequestHandler):
    """Answers by the first part of the path; the query says how."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Site

    def serve(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        self.body = self.rfile.read(length)
        self.server.requests.append(f"{self.command} {self.path}")
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        getattr(self, f"on_{self.path_name(parts.path)}")()

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Every method is answered alike."""
        if name.startswith("do_"):
            return self.serve
        raise AttributeError(name)

    @staticmethod
    def path_name(path: str) -> str:
        return path.strip("/").partition(";")[0] or "index"

    def log_message(self, *args: object) -> None:
        """Nothing on the tests' output."""

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def on_index(self) -> None:
        self.answer("ようこそ".encode("cp932"), Content_Type="text/html; charset=Shift_JIS")

    def on_link(self) -> None:
        """A web page where a WebSocket was wanted."""
        self.on_index()

    def on_echo(self) -> None:
        said = {"method": self.command, "body": self.body.decode(), "headers": dict(self.headers)}
        self.answer(json.dumps(said).encode())

    def on_certificate(self) -> None:
        self.answer(self.customer().encode())

    def on_signin(self) -> None:
        """Ask for the certificate only here, in the middle of the connection (TLS 1.3)."""
        assert isinstance(self.connection, ssl.SSLSocket)
        self.connection.verify_client_post_handshake()
        self.connection.do_handshake()
        self.connection.setblocking(False)
        while not self.connection.getpeercert():
            select.select([self.connection], [], [])
            try:
                self.connection.recv(1)
            except ssl.SSLWantReadError:
                continue
        self.connection.setblocking(True)
        self.answer(self.customer().encode())

    def customer(self) -> str:
        assert isinstance(self.connection, ssl.SSLSocket)
        shown = self.connection.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(shown).subject.rfc4514_string() if shown else ""

    def on_redirect(self) -> None:
        self.answer(b"moved", int(self.query.get("status", "302")), Location=self.query["to"])

    def on_circle(self) -> None:
        self.answer(b"round", 302, Location="/circle")

    def on_rawlocation(self) -> None:
        self.wfile.write(
            b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /echo?q="
            + "明細 一覧".encode("cp932")
            + b"\r\n\r\n"
        )

    def on_broken(self) -> None:
        self.answer("システムエラー".encode(), 500)

    def on_cookie(self) -> None:
        self.answer(self.headers.get("cookie", "").encode(), Set_Cookie="session=abc; Path=/")

    def on_zipped(self) -> None:
        body = gzip.compress(b"0" * int(self.query["bytes"]))
        self.answer(body, Content_Encoding="gzip")

    def on_big(self) -> None:
        self.answer(b"0" * int(self.query["bytes"]))

    def on_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.server.reached.set()
        try:
            while not self.server.closing.wait(0.05):
                self.wfile.write(b".")
        except OSError:
            self.server.gone.set()
        self.close_connection = True

    def on_hang(self) -> None:
        self.server.reached.set()
        self.server.closing.wait()

    def on_gone(self) -> None:
        """Hang up without a word on what was taken."""
        self.close_connection = True

    def on_cut_head(self) -> None:
        """Hang up in the middle of the headers."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Le")
        self.close_connection = True

    def on_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True


@contextmanager
def serving(context: ssl.SSLContext | None) -> Iterator[Site]:
    """Serve until the block ends."""
    with Site(context) as site:
        thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield site
        finally:
            site.closing.set()
            site.shutdown()
            thread.join()
