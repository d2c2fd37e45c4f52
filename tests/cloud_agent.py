"""A small agent for tests of the cloud: it signs, sends and reads what comes back."""

import base64
import http.client
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hikae.link import delivery, proof
from hikae.link.messages import Delivered, DeviceState, Enrol, Farewell, Refused, encode
from hikae.link.vouching import sign_farewell
from hikae.model.statement import Statement

BASE = "/agent/v1"

Answer = TypeVar("Answer")


class RefusedError(Exception):
    """The cloud's refusal, as it was read."""

    def __init__(self, status: int, refused: Refused) -> None:
        super().__init__(status, refused.problem)
        self.status = status
        self.refused = refused


@dataclass(slots=True)
class TestAgent:
    """A device with keys of its own.

    ahead: how far its clock is off. address: where it really sends, if not to the origin.
    """

    __test__ = False

    origin: str
    device: UUID = field(default_factory=uuid4)
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sealing: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    ahead: timedelta = timedelta()
    address: str = ""

    def headers(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        """The proof of a request."""
        now = datetime.now(UTC) + self.ahead
        return proof.sign(self.signing, self.device, method, self.origin + path, body, now)

    def send(self, method: str, path: str, body: bytes = b"") -> bytes:
        """Send a signed request; raises RefusedError."""
        return self.send_with(self.headers(method, BASE + path, body), method, path, body)

    def send_with(
        self, headers: dict[str, str], method: str, path: str, body: bytes = b""
    ) -> bytes:
        """Send a request with these headers; raises RefusedError."""
        where = urlsplit(self.address or self.origin)
        connection = http.client.HTTPConnection(str(where.hostname), where.port or 80, timeout=60)
        try:
            connection.request(method, BASE + path, body, headers)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status >= 300:
            raise RefusedError(response.status, msgspec.json.decode(content, type=Refused))
        return content

    def ask(self, answer: type[Answer], method: str, path: str, body: bytes = b"") -> Answer:
        """Send and read the answer."""
        return msgspec.json.decode(self.send(method, path, body), type=answer)

    def enrol(self, key: str) -> DeviceState:
        """Introduce this PC."""
        wish = Enrol(
            self.device,
            key,
            public(self.signing),
            public(self.sealing),
            "KEIRI-01",
            "Windows 11",
            "0.1.0",
            1,
        )
        return self.ask(DeviceState, "POST", "/enrol", encode(wish))

    def leave(self) -> None:
        """Say farewell, with no other proof than the message itself."""
        signature = sign_farewell(self.signing, self.device, self.origin)
        self.send_with({}, "POST", "/farewell", encode(Farewell(self.device, signature)))

    def deliver(
        self, statement: Statement, connection: UUID, *, fetch: UUID, name: UUID
    ) -> Delivered:
        """Send a statement in parts and have it merged."""
        parts = delivery.parts(connection, statement.transactions)
        for number, part in enumerate(parts):
            self.send("PUT", f"/statements/{name}/parts/{number}", encode(part))
        return self.complete(statement, connection, fetch=fetch, name=name)

    def complete(
        self, statement: Statement, connection: UUID, *, fetch: UUID, name: UUID
    ) -> Delivered:
        """Have a statement merged whose parts are there."""
        head = delivery.head(statement, fetch=fetch, connection=connection)
        return self.ask(Delivered, "POST", f"/statements/{name}/complete", encode(head))


def public(key: Ed25519PrivateKey | X25519PrivateKey) -> str:
    """A public key as messages carry it."""
    raw = key.public_key().public_bytes_raw()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
