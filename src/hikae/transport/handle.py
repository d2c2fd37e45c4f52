"""A libcurl handle made ready: whom to trust, who we are, which way out, how long to wait.

TLS 1.2 and verification of the server are always on; there is no switch. Schannel (Windows) and
OpenSSL differ in where they find roots and in how they take a key.
"""

import os
import re
from pathlib import Path
from typing import Final

import certifi
import pycurl

from hikae.model.certificate import Identity, PemKey, Pkcs12, StoreKey, TokenKey
from hikae.model.problems import Problem, ProblemCode
from hikae.transport.errors import Failure, KeyUnusableError
from hikae.transport.exchange import Hosts, Limits
from hikae.transport.pkcs12 import pem_of
from hikae.transport.proxy import ManualProxy, ProxyAuth, ProxyKind

SCHANNEL: Final = "Schannel" in re.sub(r"\(.*?\)", "", pycurl.version)
"""Whether Windows' own TLS is in use; libcurl writes back ends that are not in brackets."""

SYSTEM_ROOTS: Final = Path("/etc/ssl/certs")
SCHEMES: Final = {ProxyKind.HTTP: "http", ProxyKind.HTTPS: "https", ProxyKind.SOCKS5: "socks5h"}
PROXY_AUTH: Final = {
    ProxyAuth.ANY: pycurl.HTTPAUTH_BASIC | pycurl.HTTPAUTH_DIGEST,
    ProxyAuth.BASIC: pycurl.HTTPAUTH_BASIC,
    ProxyAuth.DIGEST: pycurl.HTTPAUTH_DIGEST,
}


def make_ready(
    handle: pycurl.Curl,
    hosts: Hosts,
    identity: Identity | None,
    proxy: ManualProxy | None,
    limits: Limits,
    remaining: float,
) -> None:
    """Forget the last transfer and prepare the next, but for what is sent.

    Connections, TLS sessions and cookies are kept. identity: a `loadable` one.
    remaining: seconds left of the whole exchange.
    """
    handle.reset()
    trust(handle, hosts)
    identify(handle, identity)
    go_through(handle, proxy)
    bound(handle, limits, remaining)


def loadable(identity: Identity | None) -> Identity | None:
    """Return `identity` in the form that this libcurl loads; raises KeyUnusableError.

    OpenSSL's default provider cannot read the ciphers of older PKCS#12 files, so they are
    unpacked; Schannel takes only the file. The caller keeps the result for the whole session.
    """
    match identity:
        case Pkcs12() if not SCHANNEL:
            return pem_of(identity)
        case PemKey() if SCHANNEL:
            raise KeyUnusableError(Problem(ProblemCode.KEY_UNREADABLE, {"reason": "pem_key"}))
        case TokenKey():
            # The token's module brings a libcrypto of its own; two must not meet in one process.
            raise KeyUnusableError(Problem(ProblemCode.KEY_UNREADABLE, {"reason": "token_key"}))
        case _:
            return identity


def trust(handle: pycurl.Curl, hosts: Hosts) -> None:
    """Verify the server: by the authority that `hosts` names alone, else by the public roots."""
    handle.setopt(pycurl.SSLVERSION, pycurl.SSLVERSION_TLSv1_2)
    handle.setopt(pycurl.SSL_VERIFYPEER, 1)
    handle.setopt(pycurl.SSL_VERIFYHOST, 2)
    if hosts.ca is not None:
        handle.setopt(pycurl.CAINFO, os.fsencode(hosts.ca))
    elif not SCHANNEL:
        handle.setopt(pycurl.CAINFO, os.fsencode(certifi.where()))
        if SYSTEM_ROOTS.is_dir():
            handle.setopt(pycurl.CAPATH, str(SYSTEM_ROOTS))
    if SCHANNEL:
        # A list of revoked certificates that is out of reach must not stop a firm's books.
        handle.setopt(pycurl.SSL_OPTIONS, pycurl.SSLOPT_REVOKE_BEST_EFFORT)


def identify(handle: pycurl.Curl, identity: Identity | None) -> None:
    """Offer the client certificate of a `loadable` identity."""
    match identity:
        case PemKey(certificate, key):
            handle.setopt(pycurl.SSLCERTTYPE, "PEM")
            handle.setopt(pycurl.SSLCERT_BLOB, certificate)
            handle.setopt(pycurl.SSLKEYTYPE, "PEM")
            handle.setopt(pycurl.SSLKEY_BLOB, key.reveal().encode())
        case Pkcs12(blob, password):
            handle.setopt(pycurl.SSLCERTTYPE, "P12")
            handle.setopt(pycurl.SSLCERT_BLOB, blob)
            handle.setopt(pycurl.KEYPASSWD, password.reveal().encode())
        case StoreKey(thumbprint, location):
            handle.setopt(pycurl.SSLCERT, f"{location}\\{thumbprint}".encode())
        case _:
            pass


def go_through(handle: pycurl.Curl, proxy: ManualProxy | None) -> None:
    """Take the way through `proxy`; without one, straight out whatever the environment says."""
    handle.setopt(pycurl.NOPROXY, "*" if proxy is None else "")
    if proxy is None:
        handle.setopt(pycurl.PROXY, "")
        return
    host = f"[{proxy.host}]" if ":" in proxy.host else proxy.host
    handle.setopt(pycurl.PROXY, f"{SCHEMES[proxy.kind]}://{host}:{proxy.port}".encode())
    if proxy.kind is not ProxyKind.SOCKS5:
        handle.setopt(pycurl.HTTPPROXYTUNNEL, 1)
        handle.setopt(pycurl.PROXYAUTH, PROXY_AUTH[proxy.auth])
    if proxy.kind is ProxyKind.HTTPS and not SCHANNEL:
        handle.setopt(pycurl.PROXY_CAINFO, os.fsencode(certifi.where()))
        if SYSTEM_ROOTS.is_dir():
            handle.setopt(pycurl.PROXY_CAPATH, str(SYSTEM_ROOTS))
    if proxy.user:
        password = proxy.password.reveal() if proxy.password else ""
        handle.setopt(pycurl.PROXYUSERNAME, proxy.user.encode())
        handle.setopt(pycurl.PROXYPASSWORD, password.encode())


def bound(handle: pycurl.Curl, limits: Limits, remaining: float) -> None:
    """Bound the waiting."""
    handle.setopt(pycurl.NOSIGNAL, 1)
    handle.setopt(pycurl.CONNECTTIMEOUT_MS, milliseconds(limits.connect))
    handle.setopt(pycurl.TIMEOUT_MS, milliseconds(remaining))
    handle.setopt(pycurl.LOW_SPEED_LIMIT, 1)
    handle.setopt(pycurl.LOW_SPEED_TIME, max(1, round(limits.idle)))


def milliseconds(seconds: float) -> int:
    """Return whole milliseconds, at least one: libcurl reads zero as without end."""
    return max(1, round(seconds * 1000))


def failure_of(handle: pycurl.Curl, error: pycurl.error) -> Failure:
    """Return what `handle` knows after a transfer that ended with `error`."""
    connected = handle.getinfo(pycurl.CONNECT_TIME) > 0
    return Failure(
        number=int(error.args[0]),
        words=handle.errstr(),
        connect_code=handle.getinfo(pycurl.HTTP_CONNECTCODE),
        proxy_error=handle.getinfo(pycurl.PROXY_ERROR),
        connected=connected,
        secured=handle.getinfo(pycurl.APPCONNECT_TIME) > 0,
        reused=not connected and handle.getinfo(pycurl.LOCAL_PORT) > 0,
    )
