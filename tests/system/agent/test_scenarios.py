"""What banks do, met by the real agent: right data or the right Problem, and always signed out."""

import pytest

from hikae.agent.engine import ChallengeAsked
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.fixtures_household import Desk
from tests.system.agent.books import (
    ask,
    in_the_bank,
    in_the_cloud,
    passwords_sent,
    signed_out,
    trespasses,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

NO_WAY_OUT = {"signed_in_elsewhere", "http_500"}
"""Where the bank shows a page without ログアウト."""

WINDOW = {"9901": 93, "9902": 62, "9903": 93}


@pytest.mark.parametrize(
    ("code", "scenario"),
    [
        ("9901", "ok"),
        ("9902", "ok"),
        ("9903", "notice"),
        ("9902", "renewal_notice"),
        ("9901", "renamed_labels"),
        ("9902", "identical_rows"),
    ],
)
async def test_the_cloud_holds_what_the_bank_holds_and_a_second_fetch_adds_nothing(
    office: Desk, code: str, scenario: str
) -> None:
    customer = office.bank.customer(code, scenario)
    connection = await office.join(customer)
    (first,) = await office.fetch(connection)
    assert (first.state, first.problem) == (FetchState.DONE, None)
    truth = in_the_bank(office.bank, customer, WINDOW[code])
    assert in_the_cloud(office, customer) == truth
    assert first.counts.added == sum(map(len, truth.values())) > 0
    (second,) = await office.fetch(connection)
    assert (second.state, second.counts.added) == (FetchState.DONE, 0)
    assert second.counts.known > 0
    assert in_the_cloud(office, customer) == truth
    assert signed_out(office.bank, customer)
    assert trespasses(office.bank, customer) == []


async def test_three_truly_identical_payments_stay_three(office: Desk) -> None:
    customer = office.bank.customer("9901", "identical_rows")
    connection = await office.join(customer)
    await office.fetch(connection)
    await office.fetch(connection)
    payments = [
        row[:2]
        for rows in in_the_cloud(office, customer).values()
        for row in rows
        if row[1] == -55_000
    ]
    assert len(payments) == 3
    assert len(set(payments)) == 1


@pytest.mark.parametrize(
    ("scenario", "counts", "kinds"),
    [
        ("late_posting", (1, 0), [("added", 1)]),
        ("corrected_row", (0, 1), [("corrected", 0)]),
    ],
)
async def test_what_the_bank_changes_afterwards_is_applied_once_and_kept_as_one_change(
    office: Desk, scenario: str, counts: tuple[int, int], kinds: list[tuple[str, int]]
) -> None:
    customer = office.bank.customer("9901", scenario)
    connection = await office.join(customer)
    (first,) = await office.fetch(connection)
    (newest,) = ask(office, "SELECT MAX(sequence) FROM statements_change")[0]
    (second,) = await office.fetch(connection)
    assert first.state is second.state is FetchState.DONE
    assert (second.counts.added, second.counts.corrected) == counts
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, WINDOW["9901"])
    changes = ask(
        office,
        "SELECT kind, late FROM statements_change WHERE sequence > ? AND organisation_id = ?"
        " ORDER BY late DESC",
        str(newest),
        office.organisation.hex if office.organisation else "",
    )
    assert changes == kinds


async def test_a_one_time_password_is_handed_to_the_dialog_that_waits(office: Desk) -> None:
    customer = office.bank.customer("9902", "otp")
    connection = await office.join(customer)
    office.seen.clear()
    (fetch,) = await office.fetch(
        connection, answers=lambda _: office.bank.one_time_password(customer)
    )
    assert fetch.state is FetchState.DONE
    assert FetchState.WAITING in {each.state for each in office.seen}
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, WINDOW["9902"])
    assert signed_out(office.bank, customer)


async def test_a_refused_one_time_password_is_asked_for_again_in_the_banks_words(
    office: Desk,
) -> None:
    customer = office.bank.customer("9901", "otp_wrong_once")
    connection = await office.join(customer)
    asked: list[ChallengeAsked] = []

    def answer(question: ChallengeAsked) -> str:
        asked.append(question)
        return office.bank.one_time_password(customer)

    (fetch,) = await office.fetch(connection, answers=answer)
    assert fetch.state is FetchState.DONE
    first, second = asked
    assert first.again == ""
    assert "誤りがあります" in second.again
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, WINDOW["9901"])


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("notice_must_confirm", ProblemCode.NOTICE_PENDING),
        ("must_change_password", ProblemCode.PASSWORD_CHANGE_REQUIRED),
        ("extra_registration", ProblemCode.REGISTRATION_REQUIRED),
        ("locked", ProblemCode.ACCOUNT_LOCKED),
        ("signed_in_elsewhere", ProblemCode.SIGNED_IN_ELSEWHERE),
        ("out_of_hours", ProblemCode.OUT_OF_HOURS),
        ("maintenance", ProblemCode.MAINTENANCE),
        ("rate_limited", ProblemCode.RATE_LIMITED),
        ("http_500", ProblemCode.BANK_UNREACHABLE),
        ("changed_page", ProblemCode.SITE_CHANGED),
        ("disguised_transfer", ProblemCode.SITE_CHANGED),
        ("truncated_download", ProblemCode.STATEMENT_INCONSISTENT),
        ("inconsistent_balance", ProblemCode.STATEMENT_INCONSISTENT),
        ("reset_midway", ProblemCode.BANK_UNREACHABLE),
    ],
)
async def test_what_stands_in_the_way_is_told_and_nothing_wrong_is_delivered(
    office: Desk, scenario: str, code: ProblemCode
) -> None:
    customer = office.bank.customer("9902", scenario)
    connection = await office.join(customer)
    (fetch,) = await office.fetch(connection)
    assert fetch.state is FetchState.FAILED
    assert fetch.problem is not None
    assert fetch.problem.code is code
    truth = in_the_bank(office.bank, customer, WINDOW["9902"])
    for number, rows in in_the_cloud(office, customer).items():
        assert set(rows) <= set(truth[number])
    assert passwords_sent(office.bank, customer) <= 1
    assert trespasses(office.bank, customer) == []
    if _let_in(office, scenario) and scenario not in NO_WAY_OUT:
        assert signed_out(office.bank, customer)


def _let_in(office: Desk, scenario: str) -> bool:
    found = office.bank.ask("/customers")
    known = next(each for each in found if each["login_id"] == f"{scenario}_9902")
    return bool(known["sign_ins"])


async def test_a_rejected_password_is_sent_once_and_not_again_until_it_is_changed(
    office: Desk,
) -> None:
    customer = office.bank.customer("9903", "wrong_password")
    connection = await office.join(customer)
    (rejected,) = await office.fetch(connection)
    assert rejected.problem is not None
    assert rejected.problem.code is ProblemCode.WRONG_PASSWORD
    assert rejected.problem.bank_words
    seen = len(office.bank.log(customer))
    (latched,) = await office.fetch(connection)
    assert latched.state is FetchState.SKIPPED
    assert latched.problem is not None
    assert latched.problem.code is ProblemCode.WRONG_PASSWORD
    assert len(office.bank.log(customer)) == seen
    assert passwords_sent(office.bank, customer) == 1

    page = await office.person.visit(f"/connections/{connection}/edit")
    page.fill("ログインパスワード", f"{customer.password}x")  # as the bank has it by now
    await page.press("保存")
    await office.engine.connections()
    (fetch,) = await office.fetch(connection)
    assert fetch.state is FetchState.DONE
    assert passwords_sent(office.bank, customer) == 2
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, WINDOW["9903"])
