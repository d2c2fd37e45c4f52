"""The agent's SQLite file."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from hikae.agent.database import Database, StorageError
from hikae.agent.latches import Held, Latches
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.safe import Safe
from hikae.link.delivery import account_label
from hikae.model.clock import system_clock
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import ACCOUNT, CERTIFICATE, CONNECTION, fetch, view

BEFORE_LATCHES = """
    DROP TABLE run; DROP TABLE latch;
    ALTER TABLE connection ADD COLUMN latch BLOB;
    UPDATE connection SET latch =
        '{"problem": {"code": "wrong_password"}, "login_version": 3, "thumbprint": "abab"}';
    PRAGMA user_version = 2;
"""
FIRST = (
    BEFORE_LATCHES
    + """
    DROP TABLE pause; DROP INDEX fetch_by_start;
    ALTER TABLE fetch DROP COLUMN started_at; PRAGMA user_version = 1;
"""
)


def test_a_file_of_the_first_version_is_taken_over_with_what_it_holds(
    tmp_path: Path, safe: Safe
) -> None:
    path = tmp_path / "agent.sqlite"
    new = Database(path, safe)
    Memory(new).keep_connection(RememberedConnection(view(version=3), enabled=True))
    Memory(new).keep_fetch(fetch(1), dialog_done=False)
    Memory(new).keep_until(CONNECTION, {ACCOUNT: date(2026, 11, 1)})
    make_readable(new)
    new.connection.executescript(FIRST)
    new.close()
    taken_over = Database(path, safe)
    assert Memory(taken_over).history(CONNECTION, 10) == [fetch(1)]
    (known,) = Memory(taken_over).connections()
    assert known.enabled
    rejected = replace(known, certificate=replace(CERTIFICATE, thumbprint="abab"))
    held = Latches(taken_over, system_clock).holding(rejected, here=True)
    assert held == Held(Problem(ProblemCode.WRONG_PASSWORD), None)
    assert Memory(taken_over).kept_until(CONNECTION, ACCOUNT) == date(2026, 11, 1)
    assert not any(word in path.read_bytes() for word in (b"wrong_password", b"ordinary/1234567"))
    taken_over.close()


def make_readable(database: Database) -> None:
    """Put back what files held before anything in them was sealed."""
    with database.transaction() as db:
        db.execute("UPDATE connection SET view = ?", (msgspec.json.encode(view(version=3)),))
        db.execute("UPDATE fetch SET fetch = ?", (msgspec.json.encode(fetch(1)),))
        db.execute("UPDATE account SET account = ?", (account_label(ACCOUNT),))
        db.execute("DROP TABLE padlock")
        db.execute("DROP TABLE due")


def test_a_transaction_that_fails_leaves_nothing_behind(database: Database) -> None:
    def break_off() -> None:
        with database.transaction() as db:
            db.execute("INSERT INTO pause VALUES ('9901', '')")
            raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        break_off()
    assert Memory(database).pauses() == {}


def test_a_full_disk_is_told_as_one_and_the_file_stays_usable(database: Database) -> None:
    (pages,) = database.connection.execute("PRAGMA page_count").fetchone()
    database.connection.execute(f"PRAGMA max_page_count = {pages}")
    memory = Memory(database)
    with pytest.raises(StorageError) as full:
        memory.pause("9901", "x" * 100_000)
    assert full.value.problem.code is ProblemCode.DISK_FULL
    database.connection.execute("PRAGMA max_page_count = 100000")
    memory.pause("9901", "x" * 100_000)
    assert len(memory.pauses()["9901"]) == 100_000


def test_a_place_that_cannot_hold_a_file_is_told_by_sqlites_own_name(
    tmp_path: Path, safe: Safe
) -> None:
    with pytest.raises(StorageError) as refused:
        Database(tmp_path / "missing" / "agent.sqlite", safe)
    assert refused.value.problem.code is ProblemCode.INTERNAL
    assert refused.value.problem.details == {"part": "SQLITE_CANTOPEN"}


def test_a_file_that_is_no_database_is_told(tmp_path: Path, safe: Safe) -> None:
    path = tmp_path / "agent.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    with pytest.raises(StorageError) as refused:
        Database(path, safe)
    assert refused.value.problem.details == {"part": "SQLITE_NOTADB"}
