"""Where a journal lies: what every place promises, and a file of one machine."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Protocol


class JournalError(RuntimeError):
    """The journal cannot be read or written."""


class Store(Protocol):
    """Lines that are only ever added; safe to use from any thread. All raise JournalError."""

    def append(self, line: bytes) -> None:
        """Add a line; it stays when this returns."""

    def try_out(self) -> None:
        """Find out whether a line could be added, and add none."""

    def news(self) -> list[bytes]:
        """The lines that were added since the last call, by whichever process."""


class FileStore:
    """A file that the processes of one machine share."""

    def __init__(self, path: Path) -> None:
        """The journal at `path`, which may not be there yet."""
        self._path = path
        self._read = 0
        self._lock = Lock()

    def append(self, line: bytes) -> None:
        """Add a line, on the disk when this returns."""
        with self._writable() as file:
            # Its own line even after one that a power cut has torn; one write is not torn.
            file.write(b"\n" + line + b"\n")
            os.fsync(file.fileno())

    def try_out(self) -> None:
        """Open the file for writing."""
        with self._writable():
            pass

    def news(self) -> list[bytes]:
        """Whole lines that were added; costs one look at the file's size where none were."""
        with self._lock:
            try:
                size = self._path.stat().st_size
                if size == self._read:
                    return []
                if size < self._read:  # an older copy was put in its place
                    self._read = 0
                with self._path.open("rb") as file:
                    file.seek(self._read)
                    whole, end, _ = file.read().rpartition(b"\n")
            except FileNotFoundError:
                return []
            except OSError as error:
                raise JournalError(f"the journal of endings cannot be read: {error}") from error
            self._read += len(whole) + len(end)
            return [line for line in whole.split(b"\n") if line]

    @contextmanager
    def _writable(self) -> Iterator[io.FileIO]:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
            with io.FileIO(os.open(self._path, flags, 0o600), "ab") as file:
                yield file
        except OSError as error:
            raise JournalError(f"the journal of endings cannot be written: {error}") from error
