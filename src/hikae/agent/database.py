"""The agent's SQLite file: opened durably, migrated forwards, its failures told as Problems."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hikae.model.problems import Problem, ProblemCode, ProblemError

_ROOM_NEEDED = 256 * 1024  # bytes; below this an I/O error is a full disk

_MIGRATIONS = (
    """
    CREATE TABLE device (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL, origin TEXT NOT NULL, state BLOB, confirmed INTEGER NOT NULL DEFAULT 0,
        commands_done INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE connection (
        id TEXT PRIMARY KEY,
        view BLOB NOT NULL,
        enabled INTEGER NOT NULL DEFAULT 0,
        certificate BLOB,
        latch BLOB,
        signed_in_at TEXT,
        reported BLOB
    );
    CREATE TABLE account (
        connection TEXT NOT NULL, account TEXT NOT NULL, kept_until TEXT NOT NULL,
        PRIMARY KEY (connection, account)
    );
    CREATE TABLE fetch (
        id TEXT PRIMARY KEY,
        connection TEXT NOT NULL,
        queued_at TEXT NOT NULL,
        fetch BLOB NOT NULL,
        final INTEGER NOT NULL,
        dialog_done INTEGER NOT NULL DEFAULT 0,
        reported INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX fetch_by_connection ON fetch (connection, queued_at);
    CREATE TABLE statement (
        id TEXT PRIMARY KEY,
        fetch TEXT NOT NULL,
        head BLOB NOT NULL,
        refused BLOB
    );
    CREATE TABLE statement_part (
        statement TEXT NOT NULL REFERENCES statement (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        body BLOB NOT NULL,
        PRIMARY KEY (statement, number)
    );
    """,
    """
    ALTER TABLE fetch ADD COLUMN started_at TEXT;
    UPDATE fetch SET started_at = json_extract(CAST(fetch AS TEXT), '$.started_at');
    CREATE INDEX fetch_by_start ON fetch (connection, started_at);
    CREATE TABLE pause (institution TEXT PRIMARY KEY, words TEXT NOT NULL);
    """,
    """
    CREATE TABLE run (
        fetch TEXT PRIMARY KEY,
        connection TEXT NOT NULL,
        begun_at TEXT NOT NULL,
        here INTEGER NOT NULL,
        ended_as TEXT
    );
    CREATE TABLE latch (
        bank_user TEXT PRIMARY KEY,
        problem BLOB NOT NULL,
        connection TEXT NOT NULL,
        login_version INTEGER NOT NULL,
        at TEXT NOT NULL
    );
    INSERT OR REPLACE INTO latch
        SELECT json_extract(CAST(view AS TEXT), '$.institution') || '/'
            || json_extract(CAST(latch AS TEXT), '$.thumbprint'),
            CAST(json_extract(CAST(latch AS TEXT), '$.problem') AS BLOB),
            id,
            json_extract(CAST(latch AS TEXT), '$.login_version'),
            strftime('%Y-%m-%dT%H:%M:%f000+00:00', 'now')
        FROM connection WHERE latch IS NOT NULL;
    ALTER TABLE connection DROP COLUMN latch;
    """,
)


class StorageError(ProblemError):
    """Nothing could be written: disk_full, or internal with SQLite's own name for it."""


class Database:
    """One connection, used from the engine's thread only."""

    def __init__(self, path: Path) -> None:
        """Open and migrate; raises StorageError."""
        self._path = path
        with self._translated():
            self.connection = sqlite3.connect(path, isolation_level=None)
        try:
            with self._translated():
                self.connection.execute("PRAGMA journal_mode = WAL")
                self.connection.execute("PRAGMA synchronous = FULL")
                self.connection.execute("PRAGMA foreign_keys = ON")
                self._migrate()
        except StorageError:
            self.connection.close()
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, on the disk when it returns; raises StorageError."""
        with self._translated():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:  # a full disk has ended it already
                    self.connection.execute("ROLLBACK")
                raise

    def rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows of a query; raises StorageError."""
        with self._translated():
            return self.connection.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[object] = ()) -> Any:  # noqa: ANN401 - as stored
        """The first row of a query, if there is one; raises StorageError."""
        with self._translated():
            return self.connection.execute(query, values).fetchone()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _migrate(self) -> None:
        (version,) = self.connection.execute("PRAGMA user_version").fetchone()
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            self.connection.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
            )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.ProgrammingError:
            raise
        except sqlite3.DatabaseError as error:
            raise StorageError(self._problem(error)) from None

    def _problem(self, error: sqlite3.DatabaseError) -> Problem:
        full = error.sqlite_errorname == "SQLITE_FULL" or (
            error.sqlite_errorname.startswith("SQLITE_IOERR")
            and shutil.disk_usage(self._path.parent).free < _ROOM_NEEDED
        )
        if full:
            return Problem(ProblemCode.DISK_FULL, details={"folder": str(self._path.parent)})
        return Problem(ProblemCode.INTERNAL, details={"part": error.sqlite_errorname})
