"""What a bank has rejected, met by the real agent: the bank's own log counts what it was given."""

from datetime import timedelta
from uuid import UUID

import pytest

from demo.household import Customer
from hikae.agent.engine import ChallengeAsked
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problems import ProblemCode
from tests.fixtures_household import Desk
from tests.system.agent.books import (
    WINDOW,
    in_the_bank,
    in_the_cloud,
    passwords_sent,
    requests,
    trespasses,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOT_STARTED_HERE = (Trigger.CLOUD, Trigger.SCHEDULE, Trigger.RETRY)


async def skipped(office: Desk, connection: UUID, trigger: Trigger) -> Fetch:
    """A fetch that is not to reach the bank."""
    (fetch,) = await office.fetch(connection, trigger=trigger)
    assert fetch.state is FetchState.SKIPPED
    assert fetch.problem is not None
    return fetch


def code_of(fetch: Fetch) -> ProblemCode | None:
    return fetch.problem.code if fetch.problem else None


async def correct_password(office: Desk, connection: UUID, password: str) -> None:
    """[ログイン情報を直す] in the cloud; returns when the PC has heard of it."""
    page = await office.person.visit(f"/connections/{connection}/edit")
    page.fill("ログインパスワード", password)
    await page.press("保存", near="ログイン情報を直す")
    await office.engine.connections()


async def test_the_bank_sees_one_wrong_password_until_somebody_at_the_pc_wants_another_try(
    office: Desk,
) -> None:
    customer = office.bank.customer("9903", "wrong_password")
    connection = await office.join(customer)
    (rejected,) = await office.fetch(connection, trigger=Trigger.SCHEDULE)
    assert code_of(rejected) is ProblemCode.WRONG_PASSWORD
    assert rejected.problem is not None
    assert rejected.problem.bank_words
    seen = requests(office.bank, customer)

    for trigger in Trigger:  # the same password again: nobody may, also after a restart
        held = await skipped(office, connection, trigger)
        assert code_of(held) is ProblemCode.WRONG_PASSWORD
    await office.restart()
    await skipped(office, connection, Trigger.COMMAND)

    await correct_password(office, connection, "Wrong-again-1")
    twin = await registered_again(office, customer)
    for each in (connection, twin):  # another one: not for a cloud, and not by itself
        for trigger in NOT_STARTED_HERE:
            held = await skipped(office, each, trigger)
            assert code_of(held) is ProblemCode.WRONG_PASSWORD
            assert held.problem is not None
            assert held.problem.retry_at is not None
    assert requests(office.bank, customer) == seen
    assert passwords_sent(office.bank, customer) == 1

    (again,) = await office.fetch(connection, trigger=Trigger.DESKTOP)
    assert code_of(again) is ProblemCode.WRONG_PASSWORD
    assert passwords_sent(office.bank, customer) == 2

    await correct_password(office, connection, f"{customer.password}x")  # as the bank has it
    (right,) = await office.fetch(connection, trigger=Trigger.COMMAND)
    assert right.state is FetchState.DONE
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, WINDOW["9903"])
    bounded = await skipped(office, connection, Trigger.SCHEDULE)
    assert code_of(bounded) is ProblemCode.RATE_LIMITED
    assert passwords_sent(office.bank, customer) == 3
    assert trespasses(office.bank, customer) == []


async def registered_again(office: Desk, customer: Customer) -> UUID:
    """The same bank user, registered once more with the same password, and switched on."""
    known = {each.id for each in await office.engine.connections()}
    await office.person.register(customer.institution, customer.password)
    (new,) = [each.id for each in await office.engine.connections() if each.id not in known]
    certificates = (await office.engine.certificates()).certificates
    own = next(each for each in certificates if each.user_id == customer.login_id)
    await office.engine.select(new, own.thumbprint)
    await office.engine.enable(new, on=True)
    return new


async def test_wrong_answers_are_given_as_often_as_the_bank_asks_and_then_by_who_is_at_the_pc(
    office: Desk,
) -> None:
    customer = office.bank.customer("9903", "otp")
    connection = await office.join(customer)
    asked: list[ChallengeAsked] = []

    def guess(question: ChallengeAsked) -> str:
        asked.append(question)
        return "wrong"

    (refused,) = await office.fetch(connection, trigger=Trigger.CLOUD, answers=guess)
    assert code_of(refused) is ProblemCode.CHALLENGE_WRONG
    assert [bool(each.again) for each in asked] == [False, True, True]
    seen = requests(office.bank, customer)
    for trigger in NOT_STARTED_HERE:
        held = await skipped(office, connection, trigger)
        assert code_of(held) is ProblemCode.CHALLENGE_WRONG
    assert requests(office.bank, customer) == seen

    (right,) = await office.fetch(
        connection,
        trigger=Trigger.COMMAND,
        answers=lambda _: office.bank.one_time_password(customer),
    )
    assert right.state is FetchState.DONE


async def test_a_cloud_whose_clock_runs_ahead_moves_no_bound(office: Desk) -> None:
    customer = office.bank.customer("9902", "notice")
    connection = await office.join(customer)
    (first,) = await office.fetch(connection, trigger=Trigger.CLOUD)
    assert first.state is FetchState.DONE
    service = office.engine._service  # noqa: SLF001 - what a cloud's refusals make of it
    assert service is not None
    service.cloud.offset = timedelta(days=2)
    bounded = await skipped(office, connection, Trigger.CLOUD)
    service.cloud.offset = timedelta(0)
    assert code_of(bounded) is ProblemCode.RATE_LIMITED


async def test_a_cloud_that_asks_again_and_again_is_heard_once_in_ten_minutes(office: Desk) -> None:
    customer = office.bank.customer("9902", "ok")
    connection = await office.join(customer)
    (first,) = await office.fetch(connection, trigger=Trigger.CLOUD)
    assert first.state is FetchState.DONE
    seen = requests(office.bank, customer)
    for trigger in NOT_STARTED_HERE:
        bounded = await skipped(office, connection, trigger)
        assert code_of(bounded) is ProblemCode.RATE_LIMITED
    assert requests(office.bank, customer) == seen
    (here,) = await office.fetch(connection, trigger=Trigger.DESKTOP)
    assert here.state is FetchState.DONE
