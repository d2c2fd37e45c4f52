"""Values that only one device can open: HPKE (RFC 9180), base mode.

X25519, HKDF-SHA256, AES-256-GCM. `info` binds a value to what it is for, so that a cloud cannot
pass the login of one bank to another, or an old answer to a new question.
"""

import base64
import binascii
from dataclasses import astuple, dataclass
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_VERSION = "hikae-seal-1"


class SealError(ProblemError):
    """A sealed value is not for this purpose and place, or is damaged."""


@dataclass(frozen=True, slots=True)
class LoginContext:
    """What sealed login information is bound to.

    holder: the device's id, or `server:<key id>` while no device is confirmed.
    """

    organisation: UUID
    connection: UUID
    institution: str
    holder: str
    version: int

    def info(self) -> bytes:
        """The bytes that HPKE binds."""
        return _info("login", astuple(self))


@dataclass(frozen=True, slots=True)
class AnswerContext:
    """What a sealed answer to a challenge is bound to."""

    organisation: UUID
    connection: UUID
    holder: str
    fetch: UUID
    challenge: UUID

    def info(self) -> bytes:
        """The bytes that HPKE binds."""
        return _info("answer", astuple(self))


Context = LoginContext | AnswerContext


def seal(plain: bytes, public_key: bytes, context: Context) -> str:
    """Seal to a raw X25519 public key (32 bytes); base64url text."""
    recipient = X25519PublicKey.from_public_bytes(public_key)
    sealed = _SUITE.encrypt(plain, recipient, info=context.info())
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def unseal(sealed: str, private_key: X25519PrivateKey, context: Context) -> bytes:
    """Open a sealed value; raises SealError when it is not exactly for this context."""
    try:
        blob = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        return _SUITE.decrypt(blob, private_key, info=context.info())
    except (InvalidTag, ValueError, binascii.Error):
        problem = Problem(ProblemCode.CLOUD_REJECTED, details={"part": "sealed"})
        raise SealError(problem) from None


def seal_login(login: dict[str, Secret], public_key: bytes, context: LoginContext) -> str:
    """Seal login information by field name."""
    plain = msgspec.json.encode({name: secret.reveal() for name, secret in login.items()})
    return seal(plain, public_key, context)


def unseal_login(
    sealed: str, private_key: X25519PrivateKey, context: LoginContext
) -> dict[str, Secret]:
    """Login information by field name; raises SealError."""
    plain = unseal(sealed, private_key, context)
    try:
        values = msgspec.json.decode(plain, type=dict[str, str])
    except msgspec.MsgspecError:
        problem = Problem(ProblemCode.CLOUD_REJECTED, details={"part": "sealed"})
        raise SealError(problem) from None
    return {name: Secret(text) for name, text in values.items()}


def _info(purpose: str, values: tuple[object, ...]) -> bytes:
    return msgspec.json.encode((_VERSION, purpose, *values))
