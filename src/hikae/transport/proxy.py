"""The way through a firm's proxy: none, the system's, or one given by hand.

Settings are read by the caller and passed in; this module only understands them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from hikae.model.secret import Secret
from hikae.transport.address import Address, is_loopback


class ProxyKind(StrEnum):
    """The protocol spoken with the proxy itself."""

    HTTP = "http"
    HTTPS = "https"
    SOCKS5 = "socks5"


class ProxyAuth(StrEnum):
    """How a login is shown to an HTTP proxy; ANY takes what it offers."""

    ANY = "any"
    BASIC = "basic"
    DIGEST = "digest"


DEFAULT_PORTS = {ProxyKind.HTTP: 8080, ProxyKind.HTTPS: 443, ProxyKind.SOCKS5: 1080}


@dataclass(frozen=True, slots=True)
class NoProxy:
    """Straight out, whatever the system says."""


@dataclass(frozen=True, slots=True)
class ManualProxy:
    """One proxy for everything, loopback included."""

    kind: ProxyKind
    host: str
    port: int
    user: str = ""
    password: Secret | None = None
    auth: ProxyAuth = ProxyAuth.ANY


@dataclass(frozen=True, slots=True)
class SystemProxy:
    """What the environment says: https_proxy, http_proxy, all_proxy and no_proxy in either case."""

    environment: Mapping[str, str] = field(repr=False)


Proxy = NoProxy | SystemProxy | ManualProxy
NO_PROXY = NoProxy()


class UnreadableProxyError(ValueError):
    """A proxy setting that names no usable proxy; it never quotes it, as it may hold a password."""


def route(proxy: Proxy, target: Address) -> ManualProxy | None:
    """Return the proxy to take to `target`, None for none; raises UnreadableProxyError."""
    match proxy:
        case NoProxy():
            return None
        case ManualProxy():
            return proxy
        case SystemProxy(environment):
            return from_environment(environment, target)


def from_environment(environment: Mapping[str, str], target: Address) -> ManualProxy | None:
    """Return the proxy that `environment` names for `target`; none for loopback."""
    if is_loopback(target.host) or is_exempt(target, setting(environment, "no_proxy")):
        return None
    scheme = {"ws": "http", "wss": "https"}.get(target.scheme, target.scheme)
    named = setting(environment, f"{scheme}_proxy") or setting(environment, "all_proxy")
    return read_proxy(named) if named else None


def setting(environment: Mapping[str, str], name: str) -> str:
    """Return a variable in lower or upper case, empty where neither says anything."""
    return environment.get(name) or environment.get(name.upper()) or ""


def is_exempt(target: Address, no_proxy: str) -> bool:
    """Whether a no_proxy list (names, their subdomains, `name:port`, `*`) covers `target`."""
    for entry in no_proxy.lower().replace(",", " ").split():
        name, _, port = entry.partition(":")
        if port and port != str(target.port):
            continue
        name = name.removeprefix("*").removeprefix(".")
        if not name or target.host == name or target.host.endswith(f".{name}"):
            return True
    return False


def read_proxy(text: str) -> ManualProxy:
    """Read `[scheme://][user:password@]host[:port]`; raises UnreadableProxyError."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        kind = ProxyKind(parts.scheme.replace("socks5h", "socks5"))
        port = parts.port or DEFAULT_PORTS[kind]
    except ValueError:
        raise UnreadableProxyError("unreadable proxy setting") from None
    if not parts.hostname:
        raise UnreadableProxyError("a proxy setting without a host")
    password = Secret(unquote(parts.password)) if parts.password is not None else None
    return ManualProxy(kind, parts.hostname, port, unquote(parts.username or ""), password)
