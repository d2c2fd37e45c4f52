"""A bank keeps a user out who left without signing out; the agent knows, waits, and then works."""

import re
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.household import Bank, Cloud
from hikae.agent.engine import FetchChanged
from hikae.killpoint import VARIABLE
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problems import ProblemCode
from tests.system.survival.offices import Office, done, ended, opened, sqlite_books

KEPT_OUT = 600
"""Seconds by the bank's clock."""

TOLD = 5
"""Seconds that the catalogue of the test says, so that it is short."""


def _catalogue(bank: Bank, folder: Path, seconds: float) -> Path:
    """The bank's catalogue with another time for which it keeps users out."""
    shutil.copytree(bank.catalogue, folder)
    file = folder / "9901.toml"
    words = f"lockout_minutes = {seconds / 60}"
    file.write_text(re.sub(r"lockout_minutes = .*", words, file.read_text("utf-8")), "utf-8")
    return folder


@pytest.fixture
async def office(
    bank: Bank, cloud: Cloud, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Office]:
    """A PC with one connection at the bank that keeps out who left without signing out."""
    catalogue = _catalogue(bank, tmp_path / "catalogue", request.param)
    customer = bank.customer("9901", "ok")
    async with opened(bank, cloud, tmp_path, customer, catalogue=catalogue) as office:
        yield office


async def _left_signed_in(office: Office) -> None:
    office.agent.stop()
    office.agent.start({VARIABLE: "fetching.downloaded"})
    assert await office.fetch_into_death() == -signal.SIGKILL
    office.agent.start()


@pytest.mark.parametrize("office", [TOLD], indirect=True)
async def test_an_agent_that_was_killed_while_signed_in_waits_and_then_works(
    office: Office,
) -> None:
    await _left_signed_in(office)
    asked_before = len(office.bank.log(office.customer))
    async with office.agent.engine() as engine:
        events = engine.events()
        (fetch_id,) = await engine.fetch([], Trigger.COMMAND)
        async for event in events:
            if isinstance(event, FetchChanged) and "待っています" in event.fetch.step:
                break
        assert len(office.bank.log(office.customer)) == asked_before
        office.bank.ask("/clock", {"advance": KEPT_OUT})
        fetch = await ended(engine, engine.events(), fetch_id)
    assert done(fetch), fetch.problem
    assert sqlite_books(office.cloud)(office.organisation) == office.bank.books(office.customer)


@pytest.mark.parametrize("office", [0], indirect=True)
async def test_an_agent_that_comes_too_early_is_kept_out_and_told_so(office: Office) -> None:
    await _left_signed_in(office)
    fetch = await office.fetch()
    assert fetch.state is FetchState.FAILED
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.SIGNED_IN_ELSEWHERE
    office.bank.ask("/clock", {"advance": KEPT_OUT})
    assert done(again := await office.fetch()), again.problem
