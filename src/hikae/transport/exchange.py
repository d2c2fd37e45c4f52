"""What is sent and what comes back, and the promise of every transport."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

Sink = Callable[[bytes], None]
"""Takes a body in pieces as it arrives, for files too large for memory.

It is called on the transport's own thread; what it raises ends the exchange and leaves `send`.
"""


@dataclass(frozen=True, slots=True)
class Hosts:
    """Where a transport may go: `host:port` pairs in lower case; everything else is refused.

    ca: PEM file of the only authority trusted there (a trial institution on loopback); None means
    the shipped and the system's public roots.
    """

    allowed: frozenset[str]
    ca: str | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one exchange with all its redirects.

    connect, idle, total: seconds. body: bytes of a response, unpacked. redirects: how many are
    followed at most.
    """

    connect: float = 20.0
    idle: float = 60.0
    total: float = 300.0
    body: int = 64 * 1024 * 1024
    redirects: int = 10


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `url` absolute; the body and secret headers never show in a repr or log.

    follow: False makes a redirect an ordinary response, for a caller that judges each hop itself.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    limits: Limits | None = None
    follow: bool = True


@dataclass(frozen=True, slots=True)
class Response:
    """One response, redirects followed inside the allowed hosts unless the request says not to.

    url: where it came from in the end. headers: names in lower case. body: empty with a sink.
    date: the server's own clock, where it sent one.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    date: datetime | None = None


class Transport(Protocol):
    """A session with cookies and at most one client certificate."""

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        """Send and wait; raises TransportError. Cancelling the task ends the transfer."""

    async def close(self) -> None:
        """End the session; safe to call twice."""
