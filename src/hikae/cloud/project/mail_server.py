"""Through which server mails leave: what HIKAE_MAIL_URL says.

`smtp://host`, `smtp://person:password@host:587` (both turn to TLS by STARTTLS), `smtps://…` (TLS
from the first byte), `smtp+plain://localhost` (no TLS, for a server on this machine only).
"""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class MailServerError(ValueError):
    """An address of a mail server that cannot be used; it does not quote the address."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mails, by SMTP."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    starttls: bool
    tls: bool

    @classmethod
    def parse(cls, url: str) -> "MailServer":
        """Read an address; raises MailServerError."""
        parts = urlsplit(url)
        if parts.scheme not in _PORTS or not parts.hostname or parts.path.strip("/"):
            raise MailServerError("HIKAE_MAIL_URL is smtp://user:password@host:port or smtps://…")
        if parts.scheme == "smtp+plain" and parts.hostname not in _LOOPBACK:
            raise MailServerError("HIKAE_MAIL_URL may go without TLS on this machine only")
        try:
            port = parts.port or _PORTS[parts.scheme]
        except ValueError:
            raise MailServerError("the port in HIKAE_MAIL_URL is no port") from None
        return cls(
            host=parts.hostname,
            port=port,
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=parts.scheme == "smtp",
            tls=parts.scheme == "smtps",
        )
