"""Addresses that may be asked for: strict enough that libcurl cannot read another host in them."""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urljoin, urlsplit

from hikae.transport.exchange import Hosts

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
PLAIN = frozenset({"http", "ws"})
AUTHORITY = re.compile(r"(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")
WRITTEN = re.compile(r"[\x21-\x7e]+")
SAFE_IN_LOCATION = "%/:=&?~#+!$,;'@()*[]"


class UnusableAddressError(ValueError):
    """An address that is malformed, carries a login, or would go out unprotected."""


@dataclass(frozen=True, slots=True)
class Address:
    """One absolute address without fragment. host: lower case; IPv6 without brackets."""

    url: str
    scheme: str
    host: str
    port: int
    path: str

    @property
    def place(self) -> str:
        """`host:port`, as `Hosts` names it."""
        return f"{self.host}:{self.port}"

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: what a browser calls the same site."""
        return self.scheme, self.host, self.port

    def allowed_by(self, hosts: Hosts) -> bool:
        """Whether `hosts` names this place."""
        return self.place in hosts.allowed


def parse(url: str, schemes: frozenset[str] = frozenset({"http", "https"})) -> Address:
    """Read an absolute address (RFC 3986); raises UnusableAddressError.

    Unencrypted schemes are accepted on loopback only.
    """
    if not WRITTEN.fullmatch(url) or "\\" in url:
        raise UnusableAddressError("not a plain ASCII address")
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise UnusableAddressError("not an address") from error
    authority = AUTHORITY.fullmatch(parts.netloc)
    if parts.scheme not in schemes or authority is None:
        raise UnusableAddressError("not an address of this kind")
    host = authority["host"].strip("[]").lower()
    port = int(authority["port"] or DEFAULT_PORTS[parts.scheme])
    if parts.scheme in PLAIN and not is_loopback(host):
        raise UnusableAddressError("unprotected beyond loopback")
    if not 0 < port < 65536:
        raise UnusableAddressError("no such port")
    return Address(url.partition("#")[0], parts.scheme, host, port, parts.path or "/")


def is_loopback(host: str) -> bool:
    """Whether `host` is this computer."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def resolve(base: Address, location: str) -> Address:
    """Where a Location header leads; raises UnusableAddressError.

    Servers write raw bytes there; they are escaped as browsers do (WHATWG URL).
    """
    escaped = quote(location.strip().encode("latin-1"), safe=SAFE_IN_LOCATION)
    try:
        return parse(urljoin(base.url, escaped))
    except ValueError as error:
        raise UnusableAddressError("a Location that is no address") from error
