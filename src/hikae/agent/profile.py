"""A profile: one enrolled account of this PC, its folder, and the lock of its one engine."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

DEFAULT = "default"


class ProfileInUseError(Exception):
    """Another engine of this profile runs."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Where one profile keeps its things; `default` unless several live side by side."""

    name: str
    directory: Path

    @classmethod
    def at(cls, data: Path | None, name: str = DEFAULT) -> Self:
        """The profile `name` below `data` (or the platform's data folder), made if missing."""
        directory = (data or _platform_data()) / "profiles" / name
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(name, directory)

    @property
    def database(self) -> Path:
        """SQLite file of memory and outbox."""
        return self.directory / "agent.sqlite"

    @property
    def settings(self) -> Path:
        """Settings as a person may read them."""
        return self.directory / "settings.json"

    @property
    def leaving(self) -> Path:
        """What a released device still has to say, and why it was released."""
        return self.directory / "leaving.json"

    @property
    def door(self) -> Path:
        """Port and token of the running engine, readable by this user only."""
        return self.directory / "engine.json"

    def lock(self) -> "ProfileLock":
        """Take the profile for this process; raises ProfileInUseError."""
        return ProfileLock(self.directory / "lock")


class ProfileLock:
    """Held while open; the operating system lets go of it when the process dies."""

    def __init__(self, path: Path) -> None:
        """Take the lock at `path`; raises ProfileInUseError."""
        self._file: IO[bytes] = path.open("a+b")
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise ProfileInUseError from None

    def release(self) -> None:
        """Give the profile back."""
        self._file.close()


def _platform_data() -> Path:
    if sys.platform == "win32":
        return Path(os.environ["LOCALAPPDATA"]) / "Hikae"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "hikae"
