"""Where this PC's secrets rest: the operating system's keyring, or a file where a setting says so.

`HIKAE_KEYRING=file:<path>` keeps them in a file that only this user may read; without it a PC
without a keyring is told so (keyring_unavailable), never given a silent plain-text fall-back.
"""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret

SERVICE = "hikae"


class SafeError(ProblemError):
    """The keyring cannot be used: keyring_unavailable."""


class Safe(Protocol):
    """Secrets by name."""

    def get(self, name: str) -> Secret | None:
        """The secret, or None; raises SafeError."""

    def put(self, name: str, secret: Secret) -> None:
        """Keep a secret; raises SafeError."""

    def forget(self, name: str) -> None:
        """Erase a secret if it is there; raises SafeError."""


def open_safe(environment: Mapping[str, str], profile: str) -> Safe:
    """The safe of a profile as the environment says."""
    place = environment.get("HIKAE_KEYRING", "")
    if place.startswith("file:"):
        return FileSafe(Path(place.removeprefix("file:")), profile)
    from hikae.agent.keyring_safe import KeyringSafe  # noqa: PLC0415 - slow, and often not needed

    return KeyringSafe(profile)


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


def unavailable(error: Exception) -> SafeError:
    """The Problem of a safe that cannot be used; it names the kind of failure only."""
    details = {"reason": type(error).__name__}
    return SafeError(Problem(ProblemCode.KEYRING_UNAVAILABLE, details=details))
