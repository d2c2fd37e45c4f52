"""What passes between the HTTPS server and a family's site. Knows neither."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from cryptography import x509


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in, with the client certificate if the connection has shown one."""

    method: str
    host: str
    path: str
    body: bytes
    cookies: Mapping[str, str]
    certificate: x509.Certificate | None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends, and what the log is to say of it.

    `delay` (seconds) holds it back, `hang` for ever; `cut` breaks the line in the middle of the
    body.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    page: str
    customer: str = ""
    button: str = ""
    fields: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    delay: float = 0
    hang: bool = False
    cut: bool = False


class Site(Protocol):
    """A bank's web site of one family; `lock` guards it and its customers."""

    lock: Lock

    @property
    def certificate_path(self) -> str:
        """The path on which the certificate is demanded (where the whole host does not)."""

    @property
    def sign_in_path(self) -> str:
        """The path of the page on which signing in begins."""

    def answer(self, request: Request) -> Reply:
        """Handle one request; called from many threads."""

    def forget(self, login_id: str = "") -> None:
        """End all visits, or those of one user."""
