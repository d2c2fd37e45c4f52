"""One PC of each module in front of a hostile cloud, with an ordinary customer of a bank."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
import pytest_asyncio

from demo.household import Bank
from tests.system.hostile.pc import Pc, open_pc


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pc(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pc]:
    """Return an enrolled PC; tests that use it run in the module's event loop."""
    async with open_pc(bank, tmp_path_factory.mktemp("hostile")) as pc:
        yield pc


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def connection(pc: Pc) -> UUID:
    """Return a connection of the PC that works."""
    return await pc.serve(pc.bank.customer("9901", "ok"))
