"""A visit keeps what it reads and signs out, whatever happens."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial

import pytest

from hikae.banks.connector import Reach, Reading, Session
from hikae.banks.rehearsal import Scripted, page
from hikae.banks.session import BankSession, open_session
from hikae.banks.visit import run
from hikae.catalogue.institution import Institution, LoginField
from hikae.model.account import Account, AccountKind
from hikae.model.challenge import Answer, Challenge
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.statement import Channel, Period, Source, Statement

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=UTC)
ACCOUNTS = tuple(Account("001", AccountKind.ORDINARY, f"000000{n}") for n in (1, 2))
BANK = Institution(
    "9901",
    "北町銀行",
    "キタマチ",
    "x",
    "https://localhost:1/",
    ("localhost:1",),
    (LoginField("p", "p"),),
)
PHASES = ["sign_in", "accounts", "statements"]


def empty(account: Account, since: date) -> Sequence[Statement]:
    """What an inquiry brought of an account on which nothing happened."""
    source = Source(Channel.PAGE)
    return [Statement(account, Period(since, DAY), NOW, True, None, None, (), source)]


class Diary:
    """A connector that writes down what it is asked to do, and does `trouble` in one phase."""

    presses: frozenset[str] = frozenset()
    reaches = frozenset({Reach("GET", "*", "/")})

    def __init__(
        self, phase: str = "", trouble: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        self.done: list[str] = []
        self._phase = phase
        self._trouble = trouble

    async def _do(self, what: str) -> None:
        self.done.append(what)
        if what == self._phase and self._trouble:
            await self._trouble()

    async def sign_in(self, session: Session) -> None:
        await session.open()
        await self._do("sign_in")

    async def accounts(self, session: Session) -> Sequence[Account]:
        session.step("accounts")
        await self._do("accounts")
        return ACCOUNTS

    async def statements(
        self, session: Session, accounts: Sequence[Account], since: date
    ) -> AsyncGenerator[Reading, None]:
        for account in accounts:
            session.step("statements")
            yield partial(empty, account, since)
            await self._do("statements")

    async def sign_out(self, session: Session) -> None:
        session.step("sign_out")
        await self._do("sign_out")


async def fail() -> None:
    raise ProblemError(Problem(ProblemCode.SITE_CHANGED))


def session(connector: Diary, transport: Scripted | None = None) -> BankSession:
    async def ask(challenge: Challenge) -> Answer:
        raise AssertionError

    return open_session(
        connector,
        BANK,
        {},
        transport or Scripted(page("")),
        clock=lambda: NOW,
        ask=ask,
        on_step=lambda _words, _count: None,
    )


def since(_account: Account) -> date:
    return DAY


class Kept(list[Statement]):
    def keep(self, statements: Sequence[Statement]) -> None:
        self.extend(statements)


async def test_a_visit_keeps_every_statement_before_it_signs_out() -> None:
    connector, kept = Diary(), Kept()
    one = session(connector)
    assert await run(connector, one, since, kept.keep) == ACCOUNTS
    assert connector.done == ["sign_in", "accounts", "statements", "statements", "sign_out"]
    assert [each.account for each in kept] == list(ACCOUNTS)
    assert one.left


async def test_accounts_that_are_not_wanted_are_not_asked_for() -> None:
    connector, kept = Diary(), Kept()
    accounts = await run(
        connector, session(connector), since, kept.keep, lambda a: a is ACCOUNTS[1]
    )
    assert accounts == ACCOUNTS
    assert [each.account for each in kept] == [ACCOUNTS[1]]


@pytest.mark.parametrize("phase", PHASES)
async def test_an_error_in_any_phase_is_followed_by_signing_out(phase: str) -> None:
    connector = Diary(phase, fail)
    with pytest.raises(ProblemError):
        await run(connector, session(connector), since, Kept().keep)
    assert connector.done[-2:] == [phase, "sign_out"]


async def test_what_was_taken_before_an_error_is_kept_before_signing_out() -> None:
    connector, kept = Diary("statements", fail), Kept()
    with pytest.raises(ProblemError):
        await run(connector, session(connector), since, kept.keep)
    assert [each.account for each in kept] == [ACCOUNTS[0]]


async def test_what_was_taken_before_being_cancelled_is_kept_before_signing_out() -> None:
    reached, kept = asyncio.Event(), Kept()

    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    connector = Diary("statements", wait)
    visit = asyncio.create_task(run(connector, session(connector), since, kept.keep))
    await reached.wait()
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    assert [each.account for each in kept] == [ACCOUNTS[0]]
    assert connector.done[-1] == "sign_out"


async def test_an_error_while_keeping_is_followed_by_signing_out() -> None:
    connector = Diary()

    def full_disk(_statements: Sequence[Statement]) -> None:
        raise ProblemError(Problem(ProblemCode.DISK_FULL))

    with pytest.raises(ProblemError, match="disk_full"):
        await run(connector, session(connector), since, full_disk)
    assert connector.done[-1] == "sign_out"


@pytest.mark.parametrize("phase", PHASES)
async def test_cancelling_in_any_phase_is_followed_by_signing_out(phase: str) -> None:
    reached = asyncio.Event()

    async def wait() -> None:
        reached.set()
        await asyncio.Event().wait()

    connector = Diary(phase, wait)
    visit = asyncio.create_task(run(connector, session(connector), since, Kept().keep))
    await reached.wait()
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    assert connector.done[-1] == "sign_out"


async def test_cancelling_again_while_signing_out_does_not_hinder_it() -> None:
    leaving, let_go = asyncio.Event(), asyncio.Event()

    async def slowly() -> None:
        leaving.set()
        await let_go.wait()

    connector = Diary("sign_out", slowly)
    one = session(connector)
    visit = asyncio.create_task(run(connector, one, since, Kept().keep))
    await leaving.wait()
    visit.cancel()
    await asyncio.sleep(0)
    visit.cancel()
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await visit
    assert one.left


async def test_an_error_while_signing_out_does_not_hide_what_was_fetched() -> None:
    connector, kept = Diary("sign_out", fail), Kept()
    one = session(connector)
    await run(connector, one, since, kept.keep)
    assert len(kept) == 2
    assert not one.left


async def test_a_bank_that_may_be_a_page_further_counts_as_not_left_whatever_it_says() -> None:
    async def lose_the_answer() -> None:
        one.driver.unanswered = True
        await fail()

    connector = Diary("statements", lose_the_answer)
    one = session(connector)
    with pytest.raises(ProblemError):
        await run(connector, one, since, Kept().keep)
    assert connector.done[-1] == "sign_out"
    assert not one.left


async def test_a_bank_that_showed_nothing_is_not_left() -> None:
    class Unreachable(Diary):
        async def sign_in(self, session: Session) -> None:
            session.step("sign_in")
            await fail()

    connector = Unreachable()
    with pytest.raises(ProblemError):
        await run(connector, session(connector), since, Kept().keep)
    assert connector.done == []
