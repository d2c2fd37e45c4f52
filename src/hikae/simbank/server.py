"""The HTTPS server of one bank: TLS, the demand for the client certificate, requests to replies.

Knows TLS and HTTP, nothing of pages. A certificate of another authority is refused in the
handshake; whether one has expired is for the site to say, by the bank's own clock.
"""

from __future__ import annotations

import socket
import ssl
import sys
from contextlib import suppress
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedReader
from pathlib import Path
from select import select
from threading import Event, Lock, Thread
from typing import cast
from urllib.parse import urlsplit

from cryptography import x509

from hikae.simbank.clock import BankClock
from hikae.simbank.exchange import Reply, Request, Site
from hikae.simbank.institution import Institution
from hikae.simbank.journal import Entry, Journal
from hikae.simbank.killpoint import armed, killpoint

_BODY_LIMIT = 1 << 20
_SECONDS = 30
# OpenSSL's X509_V_FLAG_NO_CHECK_TIME: the bank judges validity by its own clock
_NO_CHECK_TIME = ssl.VerifyFlags(0x200000)


def tls_context(bank: Institution, server_pem: Path, client_authority: str) -> ssl.SSLContext:
    """A context that demands certificates of one authority, on the whole host or on one path.

    Tickets are off, so that every connection shows its own certificate. Clients of TLS 1.2 know no
    authentication after the handshake: of them a bank that asks on one path asks at once.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(server_pem)
    context.load_verify_locations(cadata=client_authority)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= _NO_CHECK_TIME
    context.post_handshake_auth = bank.demand == "path"
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET
    return context


# what the base class says that a request may be; here it is always a socket
_Line = socket.socket | tuple[bytes, socket.socket]


class BankServer(ThreadingHTTPServer):
    """One bank on one port of localhost."""

    daemon_threads = True
    request_queue_size = 128
    block_on_close = False

    def __init__(
        self,
        bank: Institution,
        site: Site,
        context: ssl.SSLContext,
        clock: BankClock,
        journal: Journal,
        port: int,
    ) -> None:
        self.bank, self.site, self.context = bank, site, context
        self.clock, self.journal = clock, journal
        self.closing = Event()
        self._connections: set[socket.socket] = set()
        self._guard = Lock()
        super().__init__(("127.0.0.1", port), _Connection)
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name=f"bank {bank.code}")

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"https://localhost:{self.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and close every connection, also those that hang."""
        self.closing.set()
        self.shutdown()
        self._thread.join()
        with self._guard:
            for connection in self._connections:
                _break(connection)
        self.server_close()

    def get_request(self) -> tuple[socket.socket, object]:
        """Accept a connection; its handshake happens on its own thread."""
        plain, address = super().get_request()
        plain.settimeout(_SECONDS)
        try:
            connection = self.context.wrap_socket(
                plain, server_side=True, do_handshake_on_connect=False
            )
        except OSError:
            plain.close()
            raise
        with self._guard:
            self._connections.add(connection)
        return connection, address

    def shutdown_request(self, request: _Line) -> None:
        """Close a connection that has ended."""
        connection = cast("socket.socket", request)
        with self._guard:
            self._connections.discard(connection)
        _break(connection)
        connection.close()

    def handle_error(self, request: _Line, client_address: object) -> None:
        """Show what is a mistake of this program; a line that breaks is no news."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def note(self, request: Request | None, reply: Reply) -> None:
        """Write the log."""
        self.journal.add(
            Entry(
                time=self.clock.now(),
                institution=self.bank.code,
                customer=reply.customer,
                method=request.method if request else "",
                host=request.host if request else "",
                path=request.path if request else "",
                button=reply.button,
                fields=reply.fields,
                filled=reply.filled,
                page=reply.page,
                status=reply.status,
            )
        )


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_version, sys_version = "simbank", ""
    server: BankServer
    connection: ssl.SSLSocket
    rfile: BufferedReader

    def handle(self) -> None:
        try:
            self.connection.do_handshake()
            super().handle()
        except (ssl.SSLEOFError, ConnectionError, TimeoutError):
            self.close_connection = True
        except ssl.SSLError as error:
            self.close_connection = True
            self.server.note(None, Reply(0, (), b"", f"TLS: {error.reason}"))

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > _BODY_LIMIT:
            self.send_error(413)
            return
        self._answer(self.rfile.read(int(length)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """The log is kept by the bank."""

    def _answer(self, body: bytes) -> None:
        killpoint("bank.asked")
        path = urlsplit(self.path).path
        if self.server.bank.demand == "path" and path == self.server.site.certificate_path:
            self._demand_certificate()
        cookies = SimpleCookie(self.headers.get("Cookie", ""))
        request = Request(
            method=self.command,
            host=self.headers.get("Host", ""),
            path=path,
            body=body,
            cookies={name: morsel.value for name, morsel in cookies.items()},
            certificate=self._certificate(),
        )
        reply = self.server.site.answer(request)
        self.server.note(request, reply)
        killpoint("bank.answered")
        self._send(reply)

    def _send(self, reply: Reply) -> None:
        if reply.hang or reply.delay:
            self.server.closing.wait(None if reply.hang else reply.delay)
        if reply.hang:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in reply.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        body = reply.body
        if reply.cut or armed("bank.half_sent"):
            half = len(body) // 2
            self.wfile.write(body[:half])
            killpoint("bank.half_sent")
            body = body[half:]
        if reply.cut:
            self.close_connection = True
            return
        self.wfile.write(body)

    def _certificate(self) -> x509.Certificate | None:
        der = self.connection.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(der) if der else None

    def _demand_certificate(self) -> None:
        """Ask after the handshake (TLS 1.3), and read until the answer has come.

        A browser that does not know this way gets the page for a missing certificate.
        """
        if self._certificate() is not None:
            return
        try:
            self.connection.verify_client_post_handshake()
        except ssl.SSLError as error:
            if error.reason == "EXTENSION_NOT_RECEIVED":
                return
            raise
        self.connection.do_handshake()
        self.connection.settimeout(0)
        try:
            while self._certificate() is None and _is_readable(self.connection):
                # peek reads the handshake message and keeps what else may have come
                try:
                    self.rfile.peek(1)
                except ssl.SSLWantReadError:
                    continue
                return
        finally:
            self.connection.settimeout(_SECONDS)


def _is_readable(connection: socket.socket) -> bool:
    return bool(select([connection], [], [], _SECONDS)[0])


def _break(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
