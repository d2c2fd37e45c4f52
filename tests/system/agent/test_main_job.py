"""A fetch through real bank, real agent and real cloud."""

from hikae.model.fetch import FetchState
from tests.fixtures_household import Desk


async def test_a_first_fetch_brings_all_rows_and_a_second_adds_none(desk: Desk) -> None:
    await desk.enrol()
    await desk.connect(desk.bank.customer("9901", "ok"))
    (first,) = await desk.fetch()
    assert (first.state, first.problem) == (FetchState.DONE, None)
    assert first.counts.added == 180
    (second,) = await desk.fetch()
    assert (second.state, second.counts.added) == (FetchState.DONE, 0)
    assert second.counts.known > 0


async def test_a_one_time_password_is_handed_to_the_dialog_that_waits(desk: Desk) -> None:
    await desk.enrol()
    customer = desk.bank.customer("9902", "otp")
    await desk.connect(customer)
    (fetch,) = await desk.fetch(answers=lambda _: desk.bank.one_time_password(customer))
    assert fetch.state is FetchState.DONE
    assert FetchState.WAITING in {each.state for each in desk.seen}
