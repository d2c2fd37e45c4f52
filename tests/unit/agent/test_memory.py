"""What the PC remembers, also after a restart."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import msgspec

from hikae.agent.database import Database
from hikae.agent.memory import FETCHES_KEPT, EnrolledDevice, Memory, RememberedConnection
from hikae.agent.safe import Safe
from hikae.model.fetch import FetchState
from tests.unit.agent.made import ACCOUNT, CERTIFICATE, CONNECTION, NOW, fetch, view

DEVICE = EnrolledDevice(UUID(int=9), "https://cloud.example", None, confirmed=True, commands_done=3)


def test_a_device_is_remembered_and_its_commands_never_count_backwards(memory: Memory) -> None:
    memory.keep_device(DEVICE)
    memory.commands_done(7)
    memory.commands_done(5)
    assert memory.device() == replace(DEVICE, commands_done=7)


def test_everything_of_a_connection_survives_a_restart(tmp_path: Path, safe: Safe) -> None:
    known = RememberedConnection(
        view(),
        enabled=True,
        certificate=CERTIFICATE,
        signed_in_at=NOW,
    )
    for _ in range(2):
        database = Database(tmp_path / "agent.sqlite", safe)
        memory = Memory(database)
        if memory.connection(CONNECTION) is None:
            memory.keep_connection(known)
        else:
            assert memory.connections() == [known]
        database.close()


def test_new_views_keep_what_was_decided_here_and_drop_what_has_gone(memory: Memory) -> None:
    gone = UUID(int=2)
    memory.keep_views([view(), view(of=gone)])
    memory.change_connection(CONNECTION, lambda known: replace(known, enabled=True))
    memory.keep_until(gone, {ACCOUNT: date(2026, 11, 1)})
    memory.keep_views([view(version=2)])
    (known,) = memory.connections()
    assert known.enabled
    assert known.view.login_version == 2
    assert memory.kept_until(gone, ACCOUNT) is None


def test_a_connection_that_is_of_another_bank_by_now_is_switched_off(memory: Memory) -> None:
    memory.keep_connection(
        RememberedConnection(view(), enabled=True, certificate=CERTIFICATE, signed_in_at=NOW)
    )
    elsewhere = msgspec.structs.replace(view(), institution="9902")
    memory.keep_views([elsewhere])
    assert memory.connections() == [RememberedConnection(elsewhere)]


def test_a_change_of_a_connection_that_has_gone_changes_nothing(memory: Memory) -> None:
    memory.change_connection(CONNECTION, lambda known: replace(known, enabled=True))
    assert memory.connections() == []


def test_the_last_day_of_an_account_never_goes_back(memory: Memory) -> None:
    memory.keep_until(CONNECTION, {ACCOUNT: date(2026, 11, 10)})
    memory.keep_until(CONNECTION, {ACCOUNT: date(2026, 10, 1)})
    assert memory.kept_until(CONNECTION, ACCOUNT) == date(2026, 11, 10)


def test_a_fetch_is_unreported_until_the_cloud_has_heard_its_newest_state(memory: Memory) -> None:
    running = fetch(1, state=FetchState.RUNNING)
    done = replace(running, state=FetchState.DONE)
    memory.keep_fetch(running, dialog_done=False)
    assert memory.unfinished() == [(running, False)]
    memory.keep_fetch(done, dialog_done=False)
    memory.reported(running)
    assert memory.unreported() == [done]
    memory.reported(done)
    assert memory.unreported() == []
    assert memory.unfinished() == []


def test_old_fetches_are_forgotten(memory: Memory) -> None:
    for number in range(1, FETCHES_KEPT + 20):
        one = fetch(number, ago=timedelta(hours=20) - timedelta(minutes=number))
        memory.keep_fetch(one, dialog_done=False)
        memory.reported(one)
    assert len(memory.history(CONNECTION, 10_000)) == FETCHES_KEPT


def test_a_fetch_that_the_cloud_has_not_heard_of_is_not_forgotten(memory: Memory) -> None:
    for number in range(1, FETCHES_KEPT + 20):
        one = fetch(number, ago=timedelta(hours=20) - timedelta(minutes=number))
        memory.keep_fetch(one, dialog_done=False)
        if number > 1:
            memory.reported(one)
    assert [each.id for each in memory.unreported()] == [UUID(int=1)]


def test_a_pause_is_remembered_until_it_ends(memory: Memory) -> None:
    memory.pause("9901", "点検中")
    memory.pause("", "すべて")
    memory.end_pause("")
    assert memory.pauses() == {"9901": "点検中"}


def test_erasing_leaves_nothing(memory: Memory, database: Database) -> None:
    memory.keep_device(DEVICE)
    memory.keep_views([view()])
    memory.keep_until(CONNECTION, {ACCOUNT: date(2026, 11, 1)})
    memory.keep_fetch(fetch(1), dialog_done=False)
    memory.pause("9901", "点検中")
    memory.erase()
    names = database.connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (name,) in names.fetchall():
        count = database.connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()  # noqa: S608 - its own
        assert (name, count) == (name, (0,))
