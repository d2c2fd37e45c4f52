"""How an exchange fails, and what each failure means to a person.

ProblemError
└── TransportError            no answer came
    ├── AddressRefusedError   a host outside the allowed ones, asked for or redirected to
    ├── TooMuchError          more bytes or redirects than the limits allow
    ├── KeyUnusableError      the identity cannot be used: wrong password, unreadable, unsupported
    └── ClosedError           the session was closed while, or before, something was sent

Network failures have one meaning each, found from what libcurl knew at the end (`Failure`).
An HTTP status is never a failure here: a 500 is an answer.
"""

import re
from dataclasses import dataclass
from enum import Enum

from hikae.model.certificate import Identity, StoreKey
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.proxy import ManualProxy, ProxyKind


class Target(Enum):
    """Who is at the other end; each names the same failure differently."""

    BANK = (
        ProblemCode.BANK_UNREACHABLE,
        ProblemCode.BANK_TLS_FAILED,
        ProblemCode.BANK_UNTRUSTED,
        ProblemCode.SITE_CHANGED,
    )
    CLOUD = (
        ProblemCode.CLOUD_UNREACHABLE,
        ProblemCode.CLOUD_UNREACHABLE,
        ProblemCode.CLOUD_UNREACHABLE,
        ProblemCode.CLOUD_REJECTED,
    )

    def __init__(
        self,
        unreachable: ProblemCode,
        tls_failed: ProblemCode,
        untrusted: ProblemCode,
        unexpected: ProblemCode,
    ) -> None:
        self.unreachable = unreachable
        self.tls_failed = tls_failed
        self.untrusted = untrusted
        self.unexpected = unexpected


class TransportError(ProblemError):
    """No answer came. `problem.details["reason"]` tells a technician why."""


class AddressRefusedError(TransportError):
    """The address is unusable or its host is not among the allowed ones; nothing was sent there."""


class TooMuchError(TransportError):
    """The response was larger, or the redirects were more, than the limits allow."""


class KeyUnusableError(TransportError):
    """The identity cannot be used."""


class ClosedError(TransportError):
    """The session is closed."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What libcurl knew when a transfer failed.

    number, words: its error. connect_code: the proxy's answer to CONNECT, 0 for none.
    proxy_error: CURLINFO_PROXY_ERROR. connected: a TCP connection was made for this transfer.
    secured: our side of its TLS handshake was done. reused: an earlier connection was used, so
    the way to the target once worked.
    """

    number: int
    words: str
    connect_code: int = 0
    proxy_error: int = 0
    connected: bool = False
    secured: bool = False
    reused: bool = False


ALERTS = {
    "bad certificate": "bad_certificate",
    "unsupported certificate": "unsupported_certificate",
    "certificate revoked": "certificate_revoked",
    "certificate expired": "certificate_expired",
    "certificate unknown": "certificate_unknown",
    "unknown ca": "unknown_ca",
    "access denied": "access_denied",
    "certificate required": "certificate_required",
}
"""TLS alerts about the client's certificate (RFC 8446, 6.2), as OpenSSL words them."""

SCHANNEL_KEYS = {
    "0x8010006e": ProblemCode.KEY_DENIED,  # SCARD_W_CANCELLED_BY_USER
    "0x80100069": ProblemCode.CARD_MISSING,  # SCARD_W_REMOVED_CARD
    "0x8010000c": ProblemCode.CARD_MISSING,  # SCARD_E_NO_SMARTCARD
    "0x80090016": ProblemCode.KEY_UNREADABLE,  # NTE_BAD_KEYSET
    "0x8009000d": ProblemCode.KEY_UNREADABLE,  # NTE_NO_KEY
    "0x8009030d": ProblemCode.KEY_UNREADABLE,  # SEC_E_UNKNOWN_CREDENTIALS
    "0x8009030e": ProblemCode.KEY_UNREADABLE,  # SEC_E_NO_CREDENTIALS
}
"""What Windows says of a key in its store (winerror.h)."""

TLS_REASONS = {35: "handshake", 59: "cipher", 98: "client_certificate"}
TRUST_REASONS = {60: "untrusted", 77: "authority_file", 83: "issuer", 90: "pin", 91: "status"}
NETWORK_REASONS = {
    1: "not_http",
    5: "name_unknown",
    6: "name_unknown",
    7: "refused",
    8: "not_http",
    28: "timeout",
}
HTTP_NOT_A_PROXY = frozenset({1, 8, 35, 43, 52, 56})
"""Errors of a fresh connection that never came through the proxy: it does not speak as one."""

SOCKS_LOGIN = frozenset({12, 33})
SOCKS_REFUSED = frozenset({7, 8, 18, 23})
SOCKS_TARGET = frozenset({17, 19, 20, 21, 22, 24, 25, 26})
"""CURLproxycode (libcurl): login missing or rejected, not permitted, target out of reach."""


def explain(
    failure: Failure, target: Target, proxy: ManualProxy | None, identity: Identity | None
) -> Problem:
    """Return what a failed transfer means, with its technical reason in the details."""
    if proxy is not None and not failure.reused:
        code, reason = explain_proxy(failure, target, proxy) or explain_target(
            failure, target, identity
        )
    else:
        code, reason = explain_target(failure, target, identity)
    return Problem(code, {"reason": reason, "curl": failure.number})


def explain_proxy(
    failure: Failure, target: Target, proxy: ManualProxy
) -> tuple[ProblemCode, str] | None:
    """Return what went wrong on the way to or in the proxy; None when it let us through."""
    if failure.number == 97:
        return explain_socks(failure.proxy_error, target)
    if failure.number in (5, 7, 28) and not failure.connected:
        return ProblemCode.PROXY_UNREACHABLE, NETWORK_REASONS[failure.number]
    if failure.number == 28 and not failure.secured and not failure.connect_code:
        return ProblemCode.PROXY_UNREACHABLE, "silent"
    if proxy.kind is ProxyKind.SOCKS5 or 200 <= failure.connect_code < 300:
        return None
    if failure.connect_code:
        return explain_connect(failure.connect_code, target)
    if failure.number in TRUST_REASONS:
        return ProblemCode.PROXY_UNREACHABLE, TRUST_REASONS[failure.number]
    if failure.number in HTTP_NOT_A_PROXY:
        return ProblemCode.PROXY_NOT_A_PROXY, "no_answer"
    return None


def explain_connect(status: int, target: Target) -> tuple[ProblemCode, str]:
    """Return what an HTTP proxy's refusal of CONNECT means (RFC 9110, 9.3.6)."""
    reason = f"connect_{status}"
    if status == 407:
        return ProblemCode.PROXY_LOGIN, reason
    if status >= 500 and status != 501:
        return target.unreachable, reason
    if status in (401, 403, 429, 451):
        return ProblemCode.PROXY_REFUSED, reason
    return ProblemCode.PROXY_NOT_A_PROXY, reason


def explain_socks(error: int, target: Target) -> tuple[ProblemCode, str]:
    """Return what a SOCKS proxy's refusal means (RFC 1928, 6; RFC 1929)."""
    reason = f"socks_{error}"
    if error in SOCKS_LOGIN:
        return ProblemCode.PROXY_LOGIN, reason
    if error in SOCKS_REFUSED:
        return ProblemCode.PROXY_REFUSED, reason
    if error in SOCKS_TARGET:
        return target.unreachable, reason
    return ProblemCode.PROXY_NOT_A_PROXY, reason


def explain_target(
    failure: Failure, target: Target, identity: Identity | None
) -> tuple[ProblemCode, str]:
    """Return what went wrong with the target itself."""
    if found := explain_key(failure, identity):
        return found
    if failure.number in TRUST_REASONS:
        return target.untrusted, TRUST_REASONS[failure.number]
    if failure.number in TLS_REASONS:
        return target.tls_failed, TLS_REASONS[failure.number]
    return target.unreachable, NETWORK_REASONS.get(failure.number, "broken")


def explain_key(failure: Failure, identity: Identity | None) -> tuple[ProblemCode, str] | None:
    """Return what is wrong with the client certificate or its key; None when nothing is."""
    words = failure.words.lower()
    for status in re.findall(r"0x[0-9a-f]{8}", words):
        if status in SCHANNEL_KEYS:
            return SCHANNEL_KEYS[status], status
    if failure.number == 58 and isinstance(identity, StoreKey):
        return ProblemCode.CERTIFICATE_MISSING, "not_in_store"
    if failure.number == 58:
        return ProblemCode.KEY_UNREADABLE, "unreadable"
    for alert, reason in ALERTS.items():
        if f"alert {alert}" in words:
            if identity is None:
                return ProblemCode.CERTIFICATE_MISSING, reason
            return ProblemCode.CERTIFICATE_REJECTED, reason
    return None
