"""What banks do, met by the real agent: right data or the right Problem, and always signed out."""

from dataclasses import dataclass
from uuid import UUID

import pytest

from hikae.agent.engine import ChallengeAsked
from hikae.model.fetch import Fetch, FetchState
from hikae.model.problem_texts import needs_of, retry_of
from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.transport.exchange import Limits
from tests.fixtures_household import Desk
from tests.system.agent.books import (
    WINDOW,
    ask,
    in_the_bank,
    in_the_cloud,
    passwords_sent,
    signed_out,
    told_in_the_cloud,
    trespasses,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


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


async def test_a_bank_that_takes_its_time_is_waited_for(office: Desk) -> None:
    customer = office.bank.customer("9902", "slow")
    connection = await office.join(customer)
    (fetch,) = await office.fetch(connection)
    assert (fetch.state, fetch.problem) == (FetchState.DONE, None)
    assert in_the_cloud(office, customer) == in_the_bank(office.bank, customer, WINDOW["9902"])


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


@dataclass(frozen=True)
class Case:
    """What the bank does, and what a fetch then ends as.

    quotes: what of the bank's own words stands beside it. way_out: the bank shows ログアウト
    where the fetch ends.
    """

    says: str
    scenario: str
    code: ProblemCode
    retry: Retry
    needs: Needs
    quotes: str = ""
    way_out: bool = True


NEVER, LATER, AT = Retry
NOBODY, PERSON, OPERATOR = Needs
P = ProblemCode

CASES = [
    Case(
        "the bank has a notice that a person must confirm",
        *("notice_must_confirm", P.NOTICE_PENDING, NEVER, PERSON, "同意いただく必要があります"),
    ),
    Case(
        "the bank insists on a new password",
        *("must_change_password", P.PASSWORD_CHANGE_REQUIRED, NEVER, PERSON, "変更してください"),
    ),
    Case(
        "the bank wants questions and answers registered",
        *("extra_registration", P.REGISTRATION_REQUIRED, NEVER, PERSON, "登録してください"),
    ),
    Case(
        "the bank no longer takes the password",
        *("wrong_password", P.WRONG_PASSWORD, NEVER, PERSON, "誤りがあります", False),
    ),
    Case(
        "the bank has locked the user",
        *("locked", P.ACCOUNT_LOCKED, NEVER, PERSON, "ご利用を停止しています", False),
    ),
    Case(
        "another sign-in of the same user ends this one",
        *("signed_in_elsewhere", P.SIGNED_IN_ELSEWHERE, LATER, NOBODY, "別のユーザ", False),
    ),
    Case(
        "the bank is closed at this hour",
        *("out_of_hours", P.OUT_OF_HOURS, AT, NOBODY, "ただいまの時間は", False),
    ),
    Case(
        "the bank is down for work",
        *("maintenance", P.MAINTENANCE, LATER, NOBODY, "システムメンテナンス", False),
    ),
    Case(
        "the bank asks to come later",
        *("rate_limited", P.RATE_LIMITED, LATER, NOBODY, "混み合って", False),
    ),
    Case(
        "the bank's inquiry breaks down",
        *("http_500", P.BANK_UNREACHABLE, LATER, NOBODY, "", False),
    ),
    Case(
        "the bank's inquiry never answers",
        *("hang", P.BANK_UNREACHABLE, LATER, NOBODY),
    ),
    Case(
        "the line breaks in the middle of a file",
        *("reset_midway", P.BANK_UNREACHABLE, LATER, NOBODY),
    ),
    Case(
        "the bank's inquiry has become another page",
        *("changed_page", P.SITE_CHANGED, NEVER, OPERATOR),
    ),
    Case(
        "the bank passes a transfer off as an inquiry",
        *("disguised_transfer", P.SITE_CHANGED, NEVER, OPERATOR),
    ),
    Case(
        "the bank's file ends in the middle",
        *("truncated_download", P.STATEMENT_INCONSISTENT, LATER, NOBODY),
    ),
    Case(
        "the bank's last balance is wrong",
        *("inconsistent_balance", P.STATEMENT_INCONSISTENT, LATER, NOBODY),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
async def test_what_stands_in_the_way_is_told_and_nothing_wrong_is_delivered(
    office: Desk, case: Case
) -> None:
    customer = office.bank.customer("9902", case.scenario)
    connection = await office.join(customer)
    fetch = await impatiently(office, connection) if case.scenario == "hang" else None
    if fetch is None:
        (fetch,) = await office.fetch(connection)
    assert fetch.state is FetchState.FAILED
    assert fetch.problem is not None
    assert fetch.problem.code is case.code
    assert (retry_of(case.code), needs_of(case.code)) == (case.retry, case.needs)
    assert case.quotes in fetch.problem.bank_words
    assert await told_in_the_cloud(office, fetch.id) == case.code
    truth = in_the_bank(office.bank, customer, WINDOW["9902"])
    for number, rows in in_the_cloud(office, customer).items():
        assert set(rows) <= set(truth[number])
    assert passwords_sent(office.bank, customer) <= 1
    assert trespasses(office.bank, customer) == []
    assert signed_out(office.bank, customer) is case.way_out


async def impatiently(office: Desk, connection: UUID) -> Fetch:
    """Fetch by an engine that does not wait for long."""
    await office.restart(bank_limits=Limits(idle=6))
    (fetch,) = await office.fetch(connection)
    await office.restart(bank_limits=Limits())
    return fetch
