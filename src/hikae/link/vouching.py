"""What a device vouches for by a signature apart from any request: its next keys, and its leave.

Both name the cloud, so that what is said to one is nothing to another. A farewell stays true for
ever and may arrive at any time; keys are vouched for as successors of one key only.
"""

import base64
import binascii
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEYS = "hikae-keys-1"
_FAREWELL = "hikae-farewell-1"


def vouch_for_keys(
    new: Ed25519PrivateKey, *, sealing: bytes, before: bytes, device: UUID, origin: str
) -> str:
    """The new signing key says that it and `sealing` follow `before` (raw public keys)."""
    signing = new.public_key().public_bytes_raw()
    return _signed(new, _keys(signing, sealing, before, device, origin))


def keys_vouched_for(
    signature: str, *, signing: bytes, sealing: bytes, before: bytes, device: UUID, origin: str
) -> bool:
    """Whether the holder of `signing` said so."""
    return _holds(signature, signing, _keys(signing, sealing, before, device, origin))


def sign_farewell(key: Ed25519PrivateKey, device: UUID, origin: str) -> str:
    """The device says that it leaves this cloud for good."""
    return _signed(key, (_FAREWELL, device, origin))


def farewell_holds(signature: str, signing: bytes, device: UUID, origin: str) -> bool:
    """Whether the device with this key said so."""
    return _holds(signature, signing, (_FAREWELL, device, origin))


def _keys(
    signing: bytes, sealing: bytes, before: bytes, device: UUID, origin: str
) -> tuple[object, ...]:
    return _KEYS, device, origin, before, signing, sealing


def _signed(key: Ed25519PrivateKey, words: tuple[object, ...]) -> str:
    return base64.urlsafe_b64encode(key.sign(msgspec.json.encode(words))).decode().rstrip("=")


def _holds(signature: str, signing: bytes, words: tuple[object, ...]) -> bool:
    try:
        raw = base64.b64decode(signature + "==", altchars=b"-_", validate=True)
        Ed25519PublicKey.from_public_bytes(signing).verify(raw, msgspec.json.encode(words))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True
