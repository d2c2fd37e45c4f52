"""Combinations of faults, deaths, databases and banks' moods, by seed; then all must be right.

A combination follows from its seed: SEED=17 plays the seventeenth alone.
"""

import asyncio
import logging
import os
import traceback
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from hikae.killpoint import POINTS
from tests.faults.office import Played
from tests.faults.plan import Plan, planned, reaching
from tests.faults.play import play
from tests.faults.promises import leaks
from tests.faults.town import Town
from tests.long.conftest import Say

COMBINATIONS, ALL_COMBINATIONS = 100, 1_000
AT_ONCE = 6
ALONE = 3
"""At most so many that went wrong beside others are played again by themselves: several at once
on a slow machine, or across midnight, meet limits of time that are none of the faults'."""

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Banks and clouds that all combinations share."""
    folder = tmp_path_factory.mktemp("town")
    engines = logging.FileHandler(folder / "engines.log", encoding="utf-8")
    logging.getLogger("hikae").addHandler(engines)
    with Town(folder) as town:
        yield town
    logging.getLogger("hikae").removeHandler(engines)
    engines.close()


async def test_whatever_breaks_nothing_is_lost_doubled_or_given_away(
    town: Town, full: bool, say: Say, tmp_path: Path
) -> None:
    named = os.environ.get("SEED")
    seeds = [int(named)] if named else range(ALL_COMBINATIONS if full else COMBINATIONS)
    played = await play_all([planned(seed) for seed in seeds], town, say, tmp_path)
    struck = sum(len(each.struck) for each in played)
    died = sum(each.died for each in played)
    say(f"{len(played)} combinations: {struck} faults struck, {died} times somebody died")


@pytest.mark.skipif("SEED" in os.environ, reason="one combination is asked for")
async def test_every_named_place_to_die_at_is_reached_and_survived(
    town: Town, say: Say, tmp_path: Path
) -> None:
    played = await play_all([reaching(point) for point in POINTS], town, say, tmp_path)
    assert [each.plan.kill for each in played if not each.died] == []


async def play_all(plans: Sequence[Plan], town: Town, say: Say, folder: Path) -> list[Played]:
    """Play several at once; what went wrong is told, and a few of these are played again alone."""
    played, wrong = await play_at_once(plans, town, say, folder)
    assert leaks(town.folder, set().union(*(each.secrets for each in played))) == []
    if 0 < len(wrong) <= ALONE < len(plans):
        say(f"{len(wrong)} went wrong beside others and are played again alone")
        alone = folder / "alone"
        alone.mkdir()
        with Town(alone / "town") as quiet:
            for number, plan in enumerate(wrong):
                own = alone / str(number)
                own.mkdir()
                played += (await play_at_once([plan], quiet, say, own))[0]
    assert len(played) == len(plans), f"{len(plans) - len(played)} of {len(plans)} went wrong"
    return played


async def play_at_once(
    plans: Sequence[Plan], town: Town, say: Say, folder: Path
) -> tuple[list[Played], list[Plan]]:
    """Those that went well, and those that went wrong with the command that plays them again."""
    several = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, plan: Plan) -> Played | None:
        own = folder / f"{plan.seed}-{number}"
        own.mkdir()
        async with several:
            try:
                return await play(plan, town, own)
            except Exception:  # noqa: BLE001 - one broken promise must not hide the others
                say(f"{plan}\n{traceback.format_exc()}  again: {again(plan)}")
                return None

    ends = await asyncio.gather(*(one(number, plan) for number, plan in enumerate(plans)))
    wrong = [plan for plan, end in zip(plans, ends, strict=True) if end is None]
    return [each for each in ends if each is not None], wrong


def again(plan: Plan) -> str:
    """The command that plays a combination again, alone."""
    what = plan.seed if plan == planned(plan.seed) else plan.kill and plan.kill.point
    return f".venv/bin/python -m tests.faults {what}"
