"""A journal in a database of its own, for cloud processes on several machines."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import psycopg

from hikae.cloud.devices.endings.store import JournalError

OFTEN = 10.0
"""Seconds between two looks: only what others added just before a restore is seen that late."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS hikae_ending"
    " (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry text NOT NULL)"
)


class PostgresqlStore:
    """A table of a PostgreSQL that is backed up, and restored, apart from the cloud's own."""

    def __init__(self, url: str, seconds: Callable[[], float] = time.monotonic) -> None:
        """The journal in the database at `url`; its table is made when it is missing."""
        self._url = url
        self._seconds = seconds
        self._read = 0
        self._looked_at: float | None = None
        self._lock = Lock()

    def append(self, line: bytes) -> None:
        """Add a line; one after the other, so that nobody reads past one that is on its way."""
        with self._connected() as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('hikae_ending'))")
            connection.execute("INSERT INTO hikae_ending (entry) VALUES (%s)", [line.decode()])
        with self._lock:
            self._looked_at = None

    def try_out(self) -> None:
        """Ask the database whether this role may insert."""
        with self._connected() as connection:
            asked = connection.execute(
                "SELECT has_table_privilege('hikae_ending', 'INSERT') AND NOT pg_is_in_recovery()"
            )
            if asked.fetchone() != (True,):
                raise JournalError("the journal of endings: its role may not write")

    def news(self) -> list[bytes]:
        """Lines that were added; looks at most every OFTEN seconds."""
        with self._lock:
            now = self._seconds()
            if self._looked_at is not None and now - self._looked_at < OFTEN:
                return []
            with self._connected() as connection:
                rows = connection.execute(
                    "SELECT sequence, entry FROM hikae_ending WHERE sequence > %s"
                    " ORDER BY sequence",
                    [self._read],
                ).fetchall()
            self._looked_at = now
            self._read = rows[-1][0] if rows else self._read
            return [entry.encode() for _, entry in rows]

    @contextmanager
    def _connected(self) -> Iterator[psycopg.Connection]:
        """One transaction; raises JournalError."""
        try:
            with psycopg.connect(self._url, connect_timeout=10) as connection:
                if connection.execute("SELECT to_regclass('hikae_ending')").fetchone() == (None,):
                    connection.execute(_TABLE)
                yield connection
        except psycopg.Error as error:
            raise JournalError(f"the journal of endings: {type(error).__name__}") from error
