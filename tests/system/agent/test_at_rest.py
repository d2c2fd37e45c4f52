"""What a PC keeps of its bank statements is of no use to whoever takes its files."""

import pytest

from hikae.agent.local import LocalEngine
from hikae.agent.safe import SafeError
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.fixtures_household import Desk
from tests.system.agent.books import in_the_bank

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_after_a_fetch_no_account_and_no_balance_stands_in_the_files_of_the_profile(
    office: Desk,
) -> None:
    customer = office.bank.customer("9901", "ok")
    connection = await office.join(customer)
    (fetch,) = await office.fetch(connection)
    assert fetch.state is FetchState.DONE
    books = in_the_bank(office.bank, customer, 93)
    balances = [str(balance) for rows in books.values() for _, _, balance in rows]
    written = b"".join(
        path.read_bytes() for path in office.given.profile.directory.glob("agent.sqlite*")
    )
    assert str(connection).encode() in written  # what is searched is what was written
    assert [each for each in (*books, *balances) if each.encode() in written] == []
    assert customer.login_id.encode() not in written


async def test_an_engine_without_its_key_says_so_and_finds_everything_when_it_is_back(
    office: Desk,
) -> None:
    connections = await office.engine.connections()
    await office.engine.stop()
    kept = office.given.profile.directory.parent.parent.parent / "keyring.json"
    keys = kept.read_bytes()
    kept.write_bytes(b"{}")
    with pytest.raises(SafeError) as refused:
        await LocalEngine(office.given).start()
    assert refused.value.problem.code is ProblemCode.KEYRING_UNAVAILABLE
    kept.write_bytes(keys)
    await office.restart()
    assert await office.engine.connections() == connections
