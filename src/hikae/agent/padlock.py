"""The lock on what lies in the agent's database: its key is in this PC's keyring, nowhere else.

AES-256-GCM (NIST SP 800-38D) with a random nonce for each value. What is sealed is bound to its
place, so that nobody can put one value in place of another. It knows no tables.
"""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hikae.agent.safe import Safe, SafeError
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret

_KEY = 32
_NONCE = 12


class Padlock:
    """Seals and opens values, each at its place, as in `fetch.fetch/<id>`."""

    def __init__(self, key: bytes) -> None:
        """Use a key of 32 bytes."""
        self._cipher = AESGCM(hmac.digest(key, b"values", hashlib.sha256))
        self._marks = hmac.digest(key, b"marks", hashlib.sha256)

    def seal(self, place: str, plain: bytes) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """What was sealed at this place; raises SafeError where it was by another key."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise _unusable("wrong") from None

    def mark(self, text: str) -> str:
        """A name to look a text up by, which does not show it."""
        return hmac.digest(self._marks, text.encode(), hashlib.sha256).hex()


def recall(safe: Safe, name: str) -> Padlock:
    """The padlock whose key the safe has under that name; raises SafeError where it has none."""
    secret = safe.get(name)
    if secret is None:
        raise _unusable("missing")
    return _padlock(secret)


def recall_or_make(safe: Safe, name: str) -> Padlock:
    """The same, with a new key where there is none yet; raises SafeError."""
    secret = safe.get(name)
    if secret is None:
        secret = Secret(base64.b64encode(os.urandom(_KEY)).decode())
        safe.put(name, secret)
    return _padlock(secret)


def _padlock(secret: Secret) -> Padlock:
    try:
        key = base64.b64decode(secret.reveal(), validate=True)
    except ValueError:
        raise _unusable("wrong") from None
    if len(key) != _KEY:
        raise _unusable("wrong")
    return Padlock(key)


def _unusable(reason: str) -> SafeError:
    return SafeError(Problem(ProblemCode.KEYRING_UNAVAILABLE, details={"reason": reason}))
