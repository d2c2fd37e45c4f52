"""The device's own keys: made here, kept in the keyring, never sent."""

import base64
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hikae.agent.safe import Safe, SafeError
from hikae.link.proof import fingerprint
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret


@dataclass(frozen=True, slots=True)
class DeviceKeys:
    """Ed25519 to sign, X25519 to unseal."""

    signing: Ed25519PrivateKey = field(repr=False)
    sealing: X25519PrivateKey = field(repr=False)

    @classmethod
    def make(cls) -> "DeviceKeys":
        """New keys."""
        return cls(Ed25519PrivateKey.generate(), X25519PrivateKey.generate())

    @property
    def signing_public(self) -> bytes:
        """Raw public key, 32 bytes."""
        return self.signing.public_key().public_bytes_raw()

    @property
    def sealing_public(self) -> bytes:
        """Raw public key, 32 bytes."""
        return self.sealing.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        """What two people compare."""
        return fingerprint(self.signing_public, self.sealing_public)


def keep(safe: Safe, device: UUID, keys: DeviceKeys) -> None:
    """Put the keys of a device into the safe."""
    safe.put(_name(device), _written(keys))


def keep_next(safe: Safe, device: UUID, keys: DeviceKeys) -> None:
    """Put the keys that a device is about to have beside those that it has."""
    safe.put(_name_of_next(device), _written(keys))


def recall(safe: Safe, device: UUID) -> DeviceKeys:
    """The keys of a device; raises SafeError when the safe has lost them."""
    return _read(safe.get(_name(device)))


def recall_next(safe: Safe, device: UUID) -> DeviceKeys | None:
    """The keys that a device is about to have, if it is; raises SafeError."""
    secret = safe.get(_name_of_next(device))
    return None if secret is None else _read(secret)


def take_over(safe: Safe, device: UUID) -> None:
    """The next keys become the device's own, the old ones are gone."""
    own = recall_next(safe, device)
    if own is not None:
        keep(safe, device, own)
        safe.forget(_name_of_next(device))


def forget(safe: Safe, device: UUID) -> None:
    """Erase all keys of a device."""
    safe.forget(_name_of_next(device))
    safe.forget(_name(device))


def _written(keys: DeviceKeys) -> Secret:
    raw = keys.signing.private_bytes_raw() + keys.sealing.private_bytes_raw()
    return Secret(base64.b64encode(raw).decode())


def _read(secret: Secret | None) -> DeviceKeys:
    raw = b"" if secret is None else base64.b64decode(secret.reveal())
    if len(raw) != 64:
        raise SafeError(Problem(ProblemCode.KEYRING_UNAVAILABLE, details={"reason": "missing"}))
    signing = Ed25519PrivateKey.from_private_bytes(raw[:32])
    return DeviceKeys(signing, X25519PrivateKey.from_private_bytes(raw[32:]))


def _name(device: UUID) -> str:
    return f"device:{device}"


def _name_of_next(device: UUID) -> str:
    return f"device:{device}:next"
