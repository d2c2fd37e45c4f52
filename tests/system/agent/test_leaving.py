"""A PC is released from either side, with or without a network, and stays so after a restore."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from demo.household import Bank, Cloud
from hikae.agent.database import Database
from hikae.agent.memory import Memory
from hikae.model.problems import ProblemCode
from tests.fixtures_household import Desk, open_desk

RELEASED = "登録は"
"""Words of the page for a PC that one had until lately."""


@pytest.fixture(scope="module")
def cloud(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud of this module's own, to be stopped and restored."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), bank.catalogue)
    yield cloud
    cloud.program.stop()


@pytest.fixture
async def desk(bank: Bank, cloud: Cloud, tmp_path: Path) -> AsyncIterator[Desk]:
    """An enrolled PC that serves one connection."""
    async with open_desk(bank, cloud, tmp_path) as desk:
        await desk.enrol()
        await desk.connect(bank.customer("9902", "ok"))
        yield desk


async def release_on_the_page(desk: Desk) -> None:
    page = await desk.person.visit("/device/")
    page = await desk.person.prove(await page.press("このパソコンの登録を解除"))
    page = await page.press("登録を解除する")
    assert page.has("登録を解除しました")


def nothing_is_left(desk: Desk) -> bool:
    """Whether keyring and database of the PC hold nothing of the device."""
    names = (desk.given.profile.directory.parent.parent.parent / "keyring.json").read_text()
    with closing(Database(desk.given.profile.database, desk.given.safe)) as database:
        memory = Memory(database)
        kept = [memory.device(), *memory.connections(), *memory.unreported()]
    return "device:" not in names and kept == [None]


def back_up(cloud: Cloud, backup: Path) -> None:
    """Copy the database of a cloud that runs, as a backup does, and nothing else."""
    with (
        closing(sqlite3.connect(cloud.data / "hikae.sqlite3")) as source,
        closing(sqlite3.connect(backup)) as target,
    ):
        source.backup(target)


def restore(cloud: Cloud, backup: Path) -> None:
    """Stop the cloud, put the backup in the place of its database, and start it again."""
    cloud.program.stop()
    for name in ("hikae.sqlite3-wal", "hikae.sqlite3-shm"):
        (cloud.data / name).unlink(missing_ok=True)
    shutil.copy(backup, cloud.data / "hikae.sqlite3")
    cloud.start(cloud.port)


async def test_a_pc_released_without_a_network_forgets_all_and_tells_the_cloud_later(
    desk: Desk,
) -> None:
    desk.cloud.program.stop()
    await desk.engine.release()
    status = await desk.engine.status()
    assert (status.device, status.untold) == (None, 1)
    await desk.engine.stop()
    assert nothing_is_left(desk)
    desk.cloud.start(desk.cloud.port)
    assert (await desk.person.visit("/device/")).has("このパソコンの登録を解除")
    await desk.restart()
    await desk.until(lambda status: status.untold == 0)
    page = await desk.person.visit("/device/")
    assert page.has(RELEASED)
    assert page.offers("認証キーを発行")


async def test_a_pc_that_was_off_learns_that_it_was_released_by_whom_and_forgets_all(
    desk: Desk,
) -> None:
    await desk.engine.stop()
    await release_on_the_page(desk)
    await desk.restart()
    await desk.until(lambda status: status.device is None)
    ended = (await desk.engine.status()).ended
    assert ended is not None
    assert ended.code is ProblemCode.DEVICE_RELEASED
    assert str(ended.details["by"]).endswith("@example.jp")
    await desk.engine.stop()
    assert nothing_is_left(desk)


async def test_a_released_pc_stays_released_after_yesterdays_database_is_restored(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.engine.stop()
    back_up(desk.cloud, tmp_path / "backup.sqlite3")
    await release_on_the_page(desk)
    restore(desk.cloud, tmp_path / "backup.sqlite3")
    assert (await desk.person.visit("/device/")).has(RELEASED)
    await desk.restart()
    await desk.until(lambda status: status.device is None)
    ended = (await desk.engine.status()).ended
    assert ended is not None
    assert ended.code is ProblemCode.DEVICE_RELEASED


async def test_a_database_restored_under_a_cloud_that_runs_lets_no_released_pc_in(
    desk: Desk, tmp_path: Path
) -> None:
    await desk.engine.stop()
    back_up(desk.cloud, tmp_path / "backup.sqlite3")
    await release_on_the_page(desk)
    with (
        closing(sqlite3.connect(tmp_path / "backup.sqlite3")) as source,
        closing(sqlite3.connect(desk.cloud.data / "hikae.sqlite3")) as target,
    ):
        source.backup(target)
    assert (await desk.person.visit("/device/")).has("このパソコンの登録を解除")
    await desk.restart()
    await desk.until(lambda status: status.device is None)
    assert (await desk.person.visit("/device/")).has(RELEASED)


async def test_a_new_enrolment_takes_the_place_of_what_was_said_of_the_last_one(
    desk: Desk,
) -> None:
    await release_on_the_page(desk)
    await desk.until(lambda status: status.device is None)
    assert (await desk.engine.status()).ended is not None
    await desk.enrol()
    assert (await desk.engine.status()).ended is None
