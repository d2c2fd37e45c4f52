"""Rounds of fetches in which agent or cloud dies at a random named moment; the books must agree.

A round is named by its seed: HIKAE_SEED=17 plays round 17 again, alone.
"""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from demo.household import Bank, Cloud
from hikae.agent.engine import EngineError
from hikae.agent.remote import NoEngineError
from hikae.killpoint import VARIABLE
from hikae.model.clock import japan_day, system_clock
from hikae.model.fetch import Trigger
from tests.long.conftest import Say
from tests.system.survival.offices import (
    PATIENCE,
    Office,
    close_the_day,
    done,
    opened,
    sqlite_books,
)

ROUNDS, ALL_ROUNDS = 20, 200
DEATHS = 3
AGENT_MOMENTS = (
    "fetching.downloaded",
    "outbox.write",
    "delivery.part",
    "delivery.acknowledged",
)
CLOUD_MOMENTS = ("merge.applied",)


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """Banks with a few rows on every day."""
    bank = Bank(tmp_path_factory.mktemp("banks"), transactions=400)
    yield bank
    bank.program.stop()


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Cloud]:
    """A cloud on SQLite."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), bank.catalogue)
    yield cloud
    cloud.program.stop()


async def test_whoever_dies_whenever_nothing_is_lost_or_doubled(
    bank: Bank, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory, full: bool, say: Say
) -> None:
    replayed = os.environ.get("HIKAE_SEED")
    seeds = [int(replayed)] if replayed else range(ALL_ROUNDS if full else ROUNDS)
    for seed in seeds:
        try:
            moments = await play(Random(seed), bank, cloud, tmp_path_factory.mktemp("round"))
        except BaseException:
            say(f"HIKAE_SEED={seed} plays this round again")
            raise
        say(f"round {seed}: {' '.join(moments)}")


async def play(dice: Random, bank: Bank, cloud: Cloud, folder: Path) -> list[str]:
    """One round at a bank that begins anew, in an office of its own; the moments of death."""
    bank.ask("/reset", {})
    close_the_day(bank)
    moments = []
    async with opened(bank, cloud, folder, bank.customer("9902", "ok")) as office:
        for _ in range(DEATHS):
            moment = dice.choice(AGENT_MOMENTS + CLOUD_MOMENTS)
            moments.append(moment)
            if moment in CLOUD_MOMENTS:
                await kill_cloud(office, moment)
            else:
                await kill_agent(office, moment)
            do_business(dice, office)
            if dice.random() < 0.5:
                assert done(fetch := await office.fetch()), fetch.problem
        await office.everything_sent()
        assert done(fetch := await office.fetch()), fetch.problem
        books = sqlite_books(cloud)(office.organisation)
        assert books == bank.books(office.customer)
        assert done(once_more := await office.fetch()), once_more.problem
        assert once_more.counts.added == 0
        assert sqlite_books(cloud)(office.organisation) == books
    return moments


async def kill_agent(office: Office, moment: str) -> None:
    """Let the agent die in a fetch, or in sending what the last one left, and start it again."""
    office.agent.stop()
    office.agent.start({VARIABLE: moment})
    assert office.agent.program is not None
    with suppress(NoEngineError, EngineError):  # it may be dead before it is asked
        async with office.agent.engine() as engine:
            await engine.fetch([], Trigger.COMMAND)
    code = await asyncio.to_thread(office.agent.program.wait, PATIENCE)
    assert code == -signal.SIGKILL
    office.agent.start()


async def kill_cloud(office: Office, moment: str) -> None:
    """Let the cloud die in a delivery, and start it again."""
    cloud = office.cloud
    cloud.program.stop()
    cloud.start(cloud.port, {VARIABLE: moment})
    async with office.agent.engine() as engine:
        await engine.fetch([], Trigger.COMMAND)
    code = await asyncio.to_thread(cloud.program.wait, PATIENCE)
    assert code == -signal.SIGKILL
    cloud.start(cloud.port)


def do_business(dice: Random, office: Office) -> None:
    """Rows that come late, on days that were fetched already, some of them alike."""
    accounts = sorted(office.bank.books(office.customer))
    today = japan_day(system_clock())
    for _ in range(dice.randrange(5)):
        posting = {
            "login": office.customer.login_id,
            "account": dice.choice(accounts),
            "booked_on": (today - timedelta(days=dice.randrange(6))).isoformat(),
            "amount": dice.choice((5_500, 5_500, -330, dice.randrange(1, 90_000))),
            "description": dice.choice(("ﾌﾘｺﾐﾃｽｳﾘﾖｳ", "ｶ)ﾔﾏﾓﾄ", "ATM")),
        }
        office.bank.ask("/post", posting)
