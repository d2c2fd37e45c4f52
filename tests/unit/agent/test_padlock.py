"""What lies on the PC's disk is of no use without the PC's keyring."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from hikae.agent.database import Database
from hikae.agent.latches import Latches
from hikae.agent.memory import EnrolledDevice, Memory, RememberedConnection
from hikae.agent.outbox import Outbox
from hikae.agent.padlock import Padlock
from hikae.agent.safe import FileSafe, Safe, SafeError
from hikae.link.messages import CertificateShown, ConnectionReport, ConnectionView, DeviceState
from hikae.model.account import Account, AccountKind
from hikae.model.clock import system_clock
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret
from hikae.model.statement import Transaction
from tests.unit.agent.made import CERTIFICATE, CONNECTION, NOW, fetch, statement

STATEMENT = UUID(int=11)
PERSON, USER, NUMBER, BALANCE = "山田花子", "yamada_9901", "7654321", 87_654_321
PAYEE, WORDS = "ﾋｶｴ ｼﾖｳﾃﾝ", "山田様の口座は停止されています"
ACCOUNT = Account("017", AccountKind.CURRENT, NUMBER, holder=PERSON)
CANARIES = (PERSON, USER, NUMBER, str(BALANCE), PAYEE, WORDS, "みほん商店")


def remember_everything(database: Database) -> None:
    """Fill every table with what names an account, a balance or a person."""
    memory, problem = Memory(database), Problem(ProblemCode.ACCOUNT_LOCKED, bank_words=WORDS)
    state = DeviceState(
        UUID(int=9), "confirmed", "みほん商店", UUID(int=8), PERSON, "AAAA BBBB CCCC DDDD"
    )
    memory.keep_device(EnrolledDevice(UUID(int=9), "https://cloud.example", state, True, 3))
    certificate = replace(CERTIFICATE, subject=f"CN={USER}", user_id=USER)
    shown = CertificateShown(certificate.thumbprint, USER, f"CN={PERSON}", NOW)
    known = RememberedConnection(
        ConnectionView(CONNECTION, "9901", "x", 1, False, USER, None, (f"017/current/{NUMBER}",)),
        certificate=certificate,
        reported=ConnectionReport(True, shown),
    )
    memory.keep_connection(known)
    memory.keep_until(CONNECTION, {ACCOUNT: date(2026, 11, 1)})
    failed = replace(fetch(1, state=FetchState.FAILED), problem=problem, step=f"{PERSON} {NUMBER}")
    memory.keep_fetch(failed, dialog_done=True)
    Latches(database, system_clock).reject(known, problem)
    row = Transaction(date(2026, 11, 10), 1, BALANCE, description=PAYEE, counterparty=PERSON)
    kept = replace(statement(), account=ACCOUNT, opening=BALANCE - 1, transactions=(row,))
    Outbox(database).put(
        {STATEMENT: replace(kept, closing=BALANCE)}, fetch=failed.id, connection=CONNECTION
    )
    Outbox(database).refuse(STATEMENT, problem)


def raw(folder: Path) -> bytes:
    """Everything that lies on the disk: the file, its -wal and its -shm."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("agent.sqlite*")))


def readable(data: bytes) -> list[str]:
    """Which canaries stand in it, however text is commonly written."""
    ways = ("utf-8", "utf-16-le", "cp932", "unicode_escape")
    return [canary for canary in CANARIES if any(canary.encode(way) in data for way in ways)]


def test_no_account_balance_or_person_can_be_read_in_the_files_on_the_disk(
    database: Database, tmp_path: Path
) -> None:
    remember_everything(database)
    assert (tmp_path / "agent.sqlite-wal").stat().st_size > 0
    assert readable(raw(tmp_path)) == []
    database.close()
    assert readable(raw(tmp_path)) == []


def test_every_table_was_filled_when_the_files_were_searched(database: Database) -> None:
    remember_everything(database)
    tables = database.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
    empty = [
        name
        for (name,) in tables
        if database.row(f"SELECT 1 FROM {name}") is None  # noqa: S608 - its own names
    ]
    assert sorted(empty) == ["due", "pause", "run"]  # the operator's words; ids and times


def test_the_search_would_find_what_is_readable(tmp_path: Path) -> None:
    (tmp_path / "agent.sqlite").write_text(" ".join(CANARIES), encoding="utf-8")
    assert readable(raw(tmp_path)) == list(CANARIES)


def test_a_database_copied_to_another_pc_cannot_be_read_there(
    database: Database, tmp_path: Path
) -> None:
    remember_everything(database)
    database.close()
    other_pc = tmp_path / "other"
    other_pc.mkdir()
    shutil.copy(tmp_path / "agent.sqlite", other_pc)
    stolen = Database(other_pc / "agent.sqlite", FileSafe(other_pc / "safe.json", "default"))
    try:
        for look in (
            Memory(stolen).device,
            Memory(stolen).connections,
            lambda: list(Outbox(stolen).parts(STATEMENT)),
        ):
            with pytest.raises(SafeError) as refused:
                look()
            assert refused.value.problem.code is ProblemCode.KEYRING_UNAVAILABLE
            assert refused.value.problem.details == {"reason": "missing"}
    finally:
        stolen.close()


@pytest.mark.parametrize(
    ("instead", "reason"), [(None, "missing"), ("A" * 43 + "=", "wrong"), ("not a key", "wrong")]
)
def test_without_its_key_nothing_can_be_read_and_nothing_is_lost(
    database: Database, safe: Safe, tmp_path: Path, instead: str | None, reason: str
) -> None:
    Outbox(database).put({STATEMENT: statement()}, fetch=UUID(int=1), connection=CONNECTION)
    database.close()
    name = name_of_key(tmp_path, safe)
    key = safe.get(name)
    assert key is not None
    safe.forget(name)
    if instead is not None:
        safe.put(name, Secret(instead))
    locked = Database(tmp_path / "agent.sqlite", safe)
    for use in (Outbox(locked).next, lambda: Memory(locked).keep_fetch(fetch(1), dialog_done=True)):
        with pytest.raises(SafeError) as refused:
            use()
        assert refused.value.problem.details == {"reason": reason}
    locked.close()
    safe.put(name, key)
    reopened = Database(tmp_path / "agent.sqlite", safe)
    parcel = Outbox(reopened).next()
    assert parcel is not None
    assert parcel.head.rows == 2
    assert len(list(Outbox(reopened).parts(STATEMENT))) == 1
    reopened.close()


def test_a_released_pc_has_no_key_any_more_and_a_new_one_when_it_is_enrolled_again(
    database: Database, safe: Safe, tmp_path: Path
) -> None:
    memory = Memory(database)
    memory.keep_fetch(fetch(1), dialog_done=True)
    name = name_of_key(tmp_path, safe)
    memory.erase()
    assert safe.get(name) is None
    memory.keep_fetch(fetch(2), dialog_done=True)
    assert memory.history(CONNECTION, 10) == [fetch(2)]
    assert name_of_key(tmp_path, safe) != name


def test_a_key_whose_making_broke_off_is_found_again(
    database: Database, safe: Safe, tmp_path: Path
) -> None:
    Memory(database).keep_fetch(fetch(1), dialog_done=True)
    before = safe.get(name_of_key(tmp_path, safe))
    database.connection.execute("UPDATE padlock SET proof = NULL")
    database.connection.execute("DELETE FROM fetch")
    database.close()
    reopened = Database(tmp_path / "agent.sqlite", safe)
    Memory(reopened).keep_fetch(fetch(2), dialog_done=True)
    after = safe.get(name_of_key(tmp_path, safe))
    assert before is not None
    assert after is not None
    assert after.reveal() == before.reveal()
    reopened.close()


def test_nothing_sealed_can_be_put_in_the_place_of_something_else(database: Database) -> None:
    outbox = Outbox(database)
    for each in (STATEMENT, UUID(int=12)):
        outbox.put({each: statement()}, fetch=UUID(int=1), connection=CONNECTION)
    with database.transaction() as db:
        db.execute(
            "UPDATE statement_part SET body ="
            " (SELECT body FROM statement_part WHERE statement != ?) WHERE statement = ?",
            (str(STATEMENT), str(STATEMENT)),
        )
    with pytest.raises(SafeError, match="wrong"):
        list(outbox.parts(STATEMENT))


def test_the_same_value_is_sealed_differently_each_time() -> None:
    padlock = Padlock(b"k" * 32)
    assert padlock.seal("fetch.fetch/1", b"same") != padlock.seal("fetch.fetch/1", b"same")


def name_of_key(folder: Path, safe: Safe) -> str:
    """Under which name the safe has the database's key."""
    database = Database(folder / "agent.sqlite", safe)
    (name,) = database.row("SELECT name FROM padlock")
    database.close()
    assert isinstance(name, str)
    return name
