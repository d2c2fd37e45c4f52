"""The agent's SQLite file: opened durably, migrated forwards, its failures told as Problems.

Whatever names a bank account, a balance or a person is sealed before it is written; the key is in
the keyring. So a copy of the file is of no use on another PC.
"""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar
from uuid import uuid4

import msgspec

from hikae.agent.padlock import Padlock, recall, recall_or_make
from hikae.agent.safe import Safe
from hikae.model.problems import Problem, ProblemCode, ProblemError

T = TypeVar("T")

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
    """
    CREATE TABLE padlock (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL, proof BLOB);
    """,
    """
    ALTER TABLE latch RENAME TO latch_of_user;
    CREATE TABLE latch (
        bank_user TEXT NOT NULL,
        problem BLOB NOT NULL,
        connection TEXT NOT NULL,
        login_version INTEGER NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (bank_user, connection)
    );
    INSERT INTO latch SELECT bank_user, problem, connection, login_version, at FROM latch_of_user;
    DROP TABLE latch_of_user;
    """,
    """
    CREATE TABLE due (connection TEXT PRIMARY KEY, at TEXT NOT NULL, trigger TEXT NOT NULL,
        late INTEGER NOT NULL);
    """,
)

_SEALED_SINCE = 4
_SEALED = {
    "device": ("id", ("state",)),
    "connection": ("id", ("view", "certificate", "reported")),
    "latch": ("bank_user", ("problem",)),
    "fetch": ("id", ("fetch",)),
    "statement": ("id", ("head", "refused")),
    "statement_part": ("statement || '/' || number", ("body",)),
}
"""What older versions wrote readably: tables, what tells their rows apart, their columns."""

_PROOF = "padlock.proof"


class StorageError(ProblemError):
    """Nothing could be written: disk_full, or internal with SQLite's own name for it."""


class Database:
    """One connection that threads use in turn: the engine's, and those that read statements."""

    def __init__(self, path: Path, safe: Safe) -> None:
        """Open and migrate; the key is in `safe`.

        Raises StorageError, and SafeError where an older file has to be sealed.
        """
        self._path = path
        self._safe = safe
        self._padlock: Padlock | None = None
        self._turn = RLock()
        with self._translated():
            self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            with self._translated():
                self.connection.execute("PRAGMA journal_mode = WAL")
                self.connection.execute("PRAGMA synchronous = FULL")
                self.connection.execute("PRAGMA foreign_keys = ON")
                before = self._migrate()
            if 0 < before < _SEALED_SINCE:
                self._padlock = self._unlocked()
        except ProblemError:
            self.connection.close()
            raise

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing, on the disk when it returns; raises StorageError.

        durable: False for what a power cut may take back; the next durable one brings it along.
        """
        with self._turn, self._translated(), self._synchronous(durable):
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
        with self._turn, self._translated():
            return self.connection.execute(query, values).fetchall()

    def row(self, query: str, values: Sequence[object] = ()) -> Any:  # noqa: ANN401 - as stored
        """The first row of a query, if there is one; raises StorageError."""
        with self._turn, self._translated():
            return self.connection.execute(query, values).fetchone()

    def sealed(self, place: str, value: object) -> bytes:
        """A value as JSON that only this PC can read, for its place `table.column/row`.

        Raises SafeError, StorageError.
        """
        return self.padlock.seal(place, msgspec.json.encode(value))

    def opened(self, place: str, sealed: bytes, of: type[T]) -> T:
        """The value at a place; raises SafeError, StorageError."""
        return msgspec.json.decode(self.padlock.open(place, sealed), type=of)

    @property
    def padlock(self) -> Padlock:
        """What seals and opens; raises SafeError where its key is not in the safe (any more)."""
        if self._padlock is None:
            with self._turn:
                if self._padlock is None:
                    self._padlock = self._unlocked()
        return self._padlock

    def erase(self) -> None:
        """Every row, and then the key, so that nobody reads what the disk may still hold.

        Raises StorageError, SafeError.
        """
        row = self.row("SELECT name FROM padlock")
        tables = self.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        with self.transaction() as db:
            for (table,) in tables:
                db.execute(f"DELETE FROM {table}")  # noqa: S608 - our own names
        self._padlock = None
        if row is not None:
            self._safe.forget(row[0])

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def _migrate(self) -> int:
        """Bring the file up to date; the version that it had, 0 for a new one."""
        version = int(self.connection.execute("PRAGMA user_version").fetchone()[0])
        for number, script in enumerate(_MIGRATIONS[version:], start=version + 1):
            self.connection.executescript(
                f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;"
            )
        return version

    def _unlocked(self) -> Padlock:
        """The padlock of this file; a new one only where nothing was sealed yet.

        Its name is written before its key is made, its proof after, so that wherever this breaks
        off, the same key is found again.
        """
        row = self.row("SELECT name, proof FROM padlock")
        if row is None:
            row = (f"database:{uuid4()}", None)
            with self.transaction() as db:
                db.execute("INSERT INTO padlock (one, name, proof) VALUES (1, ?, ?)", row)
        name, proof = row
        if proof is not None:
            padlock = recall(self._safe, name)
            padlock.open(_PROOF, proof)
            return padlock
        padlock = recall_or_make(self._safe, name)
        with self.transaction() as db:
            found = _seal_what_is_readable(db, padlock)
            db.execute("UPDATE padlock SET proof = ?", (padlock.seal(_PROOF, b""),))
        if found:
            with self._translated():
                self.connection.executescript("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);")
        return padlock

    @contextmanager
    def _synchronous(self, durable: bool) -> Iterator[None]:
        """Commit without waiting for the disk, unless `durable`."""
        if durable:
            yield
            return
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

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


def _seal_what_is_readable(db: sqlite3.Connection, padlock: Padlock) -> bool:
    """Seal what older versions left; whether there was anything."""
    found = False
    for table, (key, columns) in _SEALED.items():
        for column in columns:
            query = f"SELECT rowid, {key}, {column} FROM {table} WHERE {column} IS NOT NULL"  # noqa: S608 - constants
            for rowid, row, plain in db.execute(query).fetchall():
                sealed = padlock.seal(f"{table}.{column}/{row}", plain)
                change = f"UPDATE {table} SET {column} = ? WHERE rowid = ?"  # noqa: S608 - constants
                db.execute(change, (sealed, rowid))
                found = True
    for rowid, connection, account in db.execute(
        "SELECT rowid, connection, account FROM account"
    ).fetchall():
        mark = padlock.mark(f"{connection}/{account}")
        db.execute("UPDATE account SET account = ? WHERE rowid = ?", (mark, rowid))
        found = True
    return found
