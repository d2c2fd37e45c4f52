"""Secrets in a file that only its user may read."""

import os
import tempfile
from pathlib import Path

import msgspec

from hikae.agent.safe.promise import unavailable
from hikae.model.secret import Secret


class FileSafe:
    """A file with mode 0600, for machines without a keyring where somebody asked for it."""

    def __init__(self, path: Path, profile: str) -> None:
        """Secrets of `profile` in the file at `path`."""
        self._path = path
        self._profile = profile

    def get(self, name: str) -> Secret | None:
        """The secret, or None."""
        text = self._read().get(f"{self._profile}/{name}")
        return None if text is None else Secret(text)

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret."""
        self._write(self._read() | {f"{self._profile}/{name}": secret.reveal()})

    def forget(self, name: str) -> None:
        """Erase a secret."""
        secrets = self._read()
        if secrets.pop(f"{self._profile}/{name}", None) is not None:
            self._write(secrets)

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, str])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            raise unavailable(error) from None

    def _write(self, secrets: dict[str, str]) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor, name = tempfile.mkstemp(dir=self._path.parent)  # made with mode 0600
            with os.fdopen(descriptor, "wb") as file:
                file.write(msgspec.json.encode(secrets))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except OSError as error:
            raise unavailable(error) from None
