"""認証キー: the one-use key that enrols a device and tells it where its cloud is.

`hk1.<cloud origin, base32>.<160 random bits and a check, base32>`; the check catches slips of
the hand before anything is sent. A cloud keeps only the hash.
"""

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from hikae.model.problems import Problem, ProblemCode, ProblemError

PREFIX = "hk1"
SECRET_BYTES = 20
_CHECK_BYTES = 5
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class AuthKeyError(ProblemError):
    """The text is no 認証キー, or was mistyped."""


@dataclass(frozen=True, slots=True)
class AuthKey:
    """origin: `https://host[:port]` of the cloud (http only on loopback). secret: 160 bits."""

    origin: str
    secret: bytes = field(repr=False)

    def text(self) -> str:
        """The key as a person copies it."""
        body = self.secret + _check(self.origin, self.secret)
        return f"{PREFIX}.{_base32(self.origin.encode())}.{_base32(body)}"

    def hash(self) -> str:
        """What the cloud keeps: SHA-256, hex."""
        return hashlib.sha256(self.secret).hexdigest()


def parse(text: str) -> AuthKey:
    """Read a key, ignoring white space and case; raises AuthKeyError (auth_key_wrong)."""
    compact = re.sub(r"\s+", "", text).lower()
    match compact.split("."):
        case [prefix, origin_text, body_text] if prefix == PREFIX:
            origin = _unbase32(origin_text).decode("ascii", errors="replace")
            body = _unbase32(body_text)
        case _:
            raise _wrong("form")
    secret, check = body[:SECRET_BYTES], body[SECRET_BYTES:]
    if len(secret) != SECRET_BYTES or not hmac.compare_digest(check, _check(origin, secret)):
        raise _wrong("check")
    if not acceptable_origin(origin):
        raise _wrong("origin")
    return AuthKey(origin, secret)


def acceptable_origin(origin: str) -> bool:
    """Whether a cloud may live there: https, or http on loopback; no path, no user."""
    try:
        parts = urlsplit(origin)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.path or parts.query or parts.username is not None or port == 0:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _check(origin: str, secret: bytes) -> bytes:
    return hashlib.sha256(PREFIX.encode() + origin.encode() + secret).digest()[:_CHECK_BYTES]


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=").lower()


def _unbase32(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper() + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        raise _wrong("form") from None


def _wrong(part: str) -> AuthKeyError:
    return AuthKeyError(Problem(ProblemCode.AUTH_KEY_WRONG, details={"part": part}))
