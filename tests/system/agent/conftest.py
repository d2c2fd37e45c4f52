"""A desk that all tests of a module share: one device, one connection for each scenario."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from demo.household import Bank, Cloud
from tests.fixtures_household import Desk, open_desk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(
    bank: Bank, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Desk]:
    """Return an enrolled desk; tests that use it run in the module's event loop."""
    async with open_desk(bank, cloud, tmp_path_factory.mktemp("office")) as desk:
        await desk.enrol()
        yield desk
