"""The agent's SQLite file."""

from dataclasses import replace
from pathlib import Path

import pytest

from hikae.agent.database import Database, StorageError
from hikae.agent.latches import Held, Latches
from hikae.agent.memory import Memory, RememberedConnection
from hikae.model.clock import system_clock
from hikae.model.fetch import Trigger
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CERTIFICATE, CONNECTION, fetch, view

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


def test_a_file_of_the_first_version_is_taken_over_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "agent.sqlite"
    new = Database(path)
    Memory(new).keep_connection(RememberedConnection(view(version=3), enabled=True))
    Memory(new).keep_fetch(fetch(1), dialog_done=False)
    new.connection.executescript(FIRST)
    new.close()
    taken_over = Database(path)
    assert Memory(taken_over).history(CONNECTION, 10) == [fetch(1)]
    (known,) = Memory(taken_over).connections()
    assert known.enabled
    rejected = replace(known, certificate=replace(CERTIFICATE, thumbprint="abab"))
    held = Latches(taken_over, system_clock).holding(rejected, Trigger.COMMAND)
    assert held == Held(Problem(ProblemCode.WRONG_PASSWORD), None)
    taken_over.close()


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


def test_a_place_that_cannot_hold_a_file_is_told_by_sqlites_own_name(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refused:
        Database(tmp_path / "missing" / "agent.sqlite")
    assert refused.value.problem.code is ProblemCode.INTERNAL
    assert refused.value.problem.details == {"part": "SQLITE_CANTOPEN"}


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "agent.sqlite"
    path.write_bytes(b"not a database at all, but long enough to be read as one" * 20)
    with pytest.raises(StorageError) as refused:
        Database(path)
    assert refused.value.problem.details == {"part": "SQLITE_NOTADB"}
