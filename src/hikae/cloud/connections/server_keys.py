"""The keys to which logins are sealed while no device is confirmed.

One X25519 key a day, a file each, outside the database; gone seven days after its day began,
and with it whatever was sealed to it.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LIFETIME = timedelta(days=7)

_PREFIX = "server:"


@dataclass(frozen=True, slots=True)
class ServerKey:
    """holder: the key as sealed values name it. expires_at: when it is deleted."""

    holder: str
    private: X25519PrivateKey
    expires_at: datetime

    @property
    def public(self) -> bytes:
        """The raw public key."""
        return self.private.public_key().public_bytes_raw()


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The keys in a folder."""

    folder: Path

    @classmethod
    def of_settings(cls) -> "ServerKeys":
        """Those of the configured data folder."""
        if settings.HIKAE_KEYS is None:
            raise ImproperlyConfigured("HIKAE_DATA is needed to keep logins")
        return cls(settings.HIKAE_KEYS)

    def of_today(self, now: datetime) -> ServerKey:
        """The key of the day, made when it is first asked for."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        day = f"{now.astimezone(UTC):%Y-%m-%d}"
        file = self._file(day)
        if not file.exists():
            self._make(file)
        return self._read(day)

    def find(self, holder: str, now: datetime) -> ServerKey | None:
        """The key that a sealed value names; None when it is gone or no longer to be used."""
        day = holder.removeprefix(_PREFIX)
        if not holder.startswith(_PREFIX) or not self._file(day).exists():
            return None
        key = self._read(day)
        return key if key.expires_at > now else None

    def forget(self, now: datetime) -> None:
        """Delete the keys whose time is over."""
        for file in self.folder.glob("*.key"):
            if self._read(file.stem).expires_at <= now:
                file.unlink(missing_ok=True)

    def _file(self, day: str) -> Path:
        return self.folder / f"{day}.key"

    def _read(self, day: str) -> ServerKey:
        private = X25519PrivateKey.from_private_bytes(self._file(day).read_bytes())
        begins = datetime.combine(datetime.fromisoformat(day).date(), time.min, UTC)
        return ServerKey(f"{_PREFIX}{day}", private, begins + LIFETIME)

    def _make(self, file: Path) -> None:
        # Several processes may make today's key at once: who links first decides for all.
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(X25519PrivateKey.generate().private_bytes_raw())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
