"""New keys for a PC: it goes on as before, and the old keys are worth nothing."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from demo.household import Bank, Cloud
from hikae.agent import keys
from hikae.agent.cloud import CloudError
from hikae.agent.dialing import cloud_as
from hikae.agent.engine import LinkChanged
from hikae.agent.unsealing import Unsealer
from hikae.link.sealing import SealError
from hikae.model.fetch import FetchState
from tests.fixtures_household import Desk, open_desk


@pytest.fixture
async def desk(bank: Bank, cloud: Cloud, tmp_path: Path) -> AsyncIterator[Desk]:
    """An enrolled PC that serves one connection."""
    async with open_desk(bank, cloud, tmp_path) as desk:
        await desk.enrol()
        await desk.connect(bank.customer("9902", "ok"))
        yield desk


async def test_a_pc_fetches_with_new_keys_without_a_login_being_typed_again(desk: Desk) -> None:
    before = (await desk.engine.status()).device
    assert before is not None
    events = desk.engine.events()
    renewed = await desk.engine.renew_keys()
    assert renewed.fingerprint != before.fingerprint
    assert (await desk.person.visit("/device/")).has(renewed.fingerprint)
    # The link that the old keys had opened is closed; one by the new keys takes its place.
    ups = [event.linked async for event in first_two_links(events)]
    assert ups == [False, True]
    (fetched,) = await desk.fetch()
    assert fetched.state is FetchState.DONE, fetched.problem


async def first_two_links(events: AsyncIterator[object]) -> AsyncIterator[LinkChanged]:
    seen = 0
    async for event in events:
        if isinstance(event, LinkChanged):
            yield event
            seen += 1
        if seen == 2:
            return


async def test_the_old_keys_prove_nothing_and_open_nothing(desk: Desk) -> None:
    state = (await desk.engine.status()).device
    assert state is not None
    old = keys.recall(desk.given.safe, state.device)
    await desk.engine.renew_keys()
    cloud = cloud_as(desk.given, desk.cloud.origin, state.device, old)
    with pytest.raises(CloudError) as refused:
        await cloud.connections()
    await cloud.close()
    assert refused.value.problem.details["part"] == "signature"
    new = keys.recall(desk.given.safe, state.device)
    cloud = cloud_as(desk.given, desk.cloud.origin, state.device, new)
    (view,) = (await cloud.connections()).connections
    await cloud.close()
    assert Unsealer(state.organisation_id, state.device, new).login(view)
    with pytest.raises(SealError):
        Unsealer(state.organisation_id, state.device, old).login(view)


async def test_after_a_restart_and_twice_over_the_newest_keys_are_in_use(desk: Desk) -> None:
    await desk.engine.renew_keys()
    await desk.restart()
    await desk.until(lambda status: status.linked)
    await desk.engine.renew_keys()
    await desk.restart()
    await desk.until(lambda status: status.linked)
    (fetched,) = await desk.fetch()
    assert fetched.state is FetchState.DONE, fetched.problem
