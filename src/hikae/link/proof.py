"""How a device proves that a request is its own: HTTP message signatures (RFC 9421) by Ed25519.

Covered are method, scheme and authority (the origin), path, query and the body's digest
(RFC 9530), with the time of creation, a nonce and the device's id as key id. Whoever takes a
request that must not be carried out twice remembers its nonce for MEMORABLE.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from hikae.model.problems import Problem, ProblemCode, ProblemError

TOLERANCE = timedelta(seconds=300)
"""How far the two clocks may be apart."""

MEMORABLE = 2 * TOLERANCE
"""How long after it was taken a proof could be believed again."""

_NONCE_BYTES = 12

_COMPONENTS = ("@method", "@scheme", "@authority", "@path", "@query", "content-digest")
_COVERED = " ".join(f'"{name}"' for name in _COMPONENTS)
_INPUT = re.compile(
    r"hikae=(?P<params>\((?P<covered>[^()]*)\);created=(?P<created>\d{1,12})"
    r';nonce="(?P<nonce>[A-Za-z0-9_-]{16})";keyid="(?P<keyid>[0-9a-f-]{36})";alg="ed25519")'
)
_SIGNATURE = re.compile(r"hikae=:(?P<value>[A-Za-z0-9+/=]{88}):")


class ProofError(ProblemError):
    """The request is not proven to be the device's: cloud_rejected or clock_wrong."""


@dataclass(frozen=True, slots=True)
class Proof:
    """A parsed but unverified proof: who claims to have signed, when, over what."""

    device: UUID
    created: datetime
    nonce: str
    params: str
    signature: bytes


def sign(
    key: Ed25519PrivateKey, device: UUID, method: str, url: str, body: bytes, now: datetime
) -> dict[str, str]:
    """Headers that prove a request, once; `url` is absolute."""
    created, nonce = int(now.timestamp()), secrets.token_urlsafe(_NONCE_BYTES)
    params = f'({_COVERED});created={created};nonce="{nonce}";keyid="{device}";alg="ed25519"'
    content_digest = _content_digest(body)
    signature = key.sign(_base(method, url, content_digest, params))
    return {
        "Content-Digest": content_digest,
        "Signature-Input": f"hikae={params}",
        "Signature": f"hikae=:{base64.b64encode(signature).decode()}:",
    }


def read(headers: Mapping[str, str]) -> Proof:
    """The claim in a request's headers (names in lower case); raises ProofError."""
    claim = _INPUT.fullmatch(headers.get("signature-input", ""))
    value = _SIGNATURE.fullmatch(headers.get("signature", ""))
    if claim is None or value is None or claim["covered"] != _COVERED:
        raise _rejected("form")
    try:
        device = UUID(claim["keyid"])
        signature = base64.b64decode(value["value"], validate=True)
        created = datetime.fromtimestamp(int(claim["created"]), UTC)
    except (ValueError, OverflowError, OSError, binascii.Error):
        raise _rejected("form") from None
    return Proof(device, created, claim["nonce"], claim["params"], signature)


def verify(
    proof: Proof,
    key: Ed25519PublicKey,
    *,
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
) -> None:
    """Check signature, body and time; `url` is built on the server's own origin.

    Raises ProofError: cloud_rejected, or clock_wrong where only the time does not fit.
    """
    content_digest = _content_digest(body)
    if not hmac.compare_digest(headers.get("content-digest", "").encode(), content_digest.encode()):
        raise _rejected("body")
    try:
        key.verify(proof.signature, _base(method, url, content_digest, proof.params))
    except InvalidSignature:
        raise _rejected("signature") from None
    if abs(now - proof.created) > TOLERANCE:
        seconds = int((proof.created - now).total_seconds())
        raise ProofError(Problem(ProblemCode.CLOCK_WRONG, details={"seconds": seconds}))


def fingerprint(signing: bytes, sealing: bytes) -> str:
    """4 × 4 base32 characters of SHA-256 over both raw public keys, for two people to compare."""
    text = base64.b32encode(hashlib.sha256(signing + sealing).digest()).decode()[:16]
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def _base(method: str, url: str, content_digest: str, params: str) -> bytes:
    # RFC 9421 section 2.5: one line a component, then the parameters
    parts = urlsplit(url)
    values = (
        method.upper(),
        parts.scheme,
        parts.netloc.lower(),
        parts.path or "/",
        f"?{parts.query}",
        content_digest,
    )
    lines = [f'"{name}": {value}' for name, value in zip(_COMPONENTS, values, strict=True)]
    return "\n".join([*lines, f'"@signature-params": {params}']).encode()


def _content_digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def _rejected(part: str) -> ProofError:
    return ProofError(Problem(ProblemCode.CLOUD_REJECTED, details={"part": part}))
