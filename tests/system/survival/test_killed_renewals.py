"""Agent or cloud die while a PC gets new keys; afterwards both agree on one pair, and it works."""

import asyncio
import signal

import pytest

from hikae.killpoint import VARIABLE
from hikae.model.problems import ProblemError
from tests.system.survival.offices import PATIENCE, Office, done, until_linked


async def fingerprint(office: Office) -> str:
    async with office.agent.engine() as engine:
        await until_linked(engine)
        device = (await engine.status()).device
    assert device is not None
    return device.fingerprint


@pytest.mark.parametrize("moment", ["keys.kept", "keys.taken"])
async def test_new_keys_of_an_agent_that_was_killed_are_agreed_upon_at_its_next_start(
    office: Office, moment: str
) -> None:
    before = await fingerprint(office)
    office.agent.stop()
    office.agent.start({VARIABLE: moment})
    async with office.agent.engine() as engine:
        with pytest.raises(ProblemError):
            await engine.renew_keys()
    assert office.agent.program is not None
    assert await asyncio.to_thread(office.agent.program.wait, PATIENCE) == -signal.SIGKILL
    office.agent.start()
    assert await fingerprint(office) != before
    assert done(fetch := await office.fetch()), fetch.problem


async def test_new_keys_that_a_killed_cloud_had_only_written_into_its_journal_hold(
    office: Office,
) -> None:
    before = await fingerprint(office)
    cloud = office.cloud
    cloud.program.stop()
    cloud.start(cloud.port, {VARIABLE: "keys.renewed"})
    async with office.agent.engine() as engine:
        await until_linked(engine)
        with pytest.raises(ProblemError):
            await engine.renew_keys()
        assert await asyncio.to_thread(cloud.program.wait, PATIENCE) == -signal.SIGKILL
        cloud.start(cloud.port)
        assert (await engine.renew_keys()).fingerprint != before
    assert await fingerprint(office) != before
    assert done(fetch := await office.fetch()), fetch.problem
