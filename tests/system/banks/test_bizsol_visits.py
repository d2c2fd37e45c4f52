"""Whole visits to the simulated BizSOL banks over real TLS with real client certificates."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hikae.banks.bizsol.connector import BizsolConnector
from hikae.banks.connector import Session
from hikae.banks.contract import check_visits
from hikae.banks.families import connector_for
from hikae.banks.session import BankSession, open_session
from hikae.banks.visit import run
from hikae.catalogue.catalogue import load_catalogue
from hikae.catalogue.institution import Institution
from hikae.model.account import Account
from hikae.model.certificate import Pkcs12
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import JAPAN
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret
from hikae.model.statement import Channel, Statement
from hikae.simbank.bank import SimBank
from hikae.simbank.customer import Customer
from hikae.transport.curl import CurlTransport, open_transport
from hikae.transport.exchange import Hosts, Limits
from hikae.transport.proxy import NO_PROXY

# The certificates of a test's bank are valid around its start, so its clock stands still at it.
NOW = datetime.now(UTC)
TODAY = NOW.astimezone(JAPAN).date()
SINCE = TODAY - timedelta(days=45)
WHOLE_HOST, PATH = "9901", "9902"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimBank]:
    with SimBank.start(tmp_path_factory.mktemp("simbank"), clock=lambda: NOW) as bank:
        yield bank


@dataclass
class Visitor:
    """One customer's PC."""

    bank: SimBank
    customer: Customer
    challenges: list[Challenge] = field(default_factory=list)
    steps: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    answer: Callable[[], str] | None = None
    certificate: str = "valid"
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def institution(self) -> Institution:
        found = load_catalogue(self.bank.catalogue).find(self.customer.institution.code)
        assert found is not None
        return replace(found, labels=self.labels)

    @property
    def login(self) -> dict[str, Secret]:
        return {"password": Secret(self.customer.password)}

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.bank.clock.now

    def transport(self) -> CurlTransport:
        trial = self.institution.trial
        assert trial is not None
        hosts = Hosts(frozenset(self.institution.hosts), trial.ca)
        file = self.customer.certificates[self.certificate]
        identity = Pkcs12(file.p12.read_bytes(), Secret(file.password))
        return open_transport(hosts, NO_PROXY, identity, Limits())

    def session(self, transport: CurlTransport) -> BankSession:
        return open_session(
            connector_for(self.institution.family),
            self.institution,
            self.login,
            transport,
            clock=self.clock,
            ask=self.ask,
            on_step=lambda words, _count: self.steps.append(words),
        )

    async def ask(self, challenge: Challenge) -> Answer:
        self.challenges.append(challenge)
        if self.answer is None:
            raise ProblemError(Problem(ProblemCode.CHALLENGE_WAITING))
        return Answer(Secret(self.answer()))

    def keep(self, statements: Sequence[Statement]) -> None:
        self.statements.extend(statements)

    async def visit(self, since: date = SINCE) -> list[Account]:
        transport = self.transport()
        session = self.session(transport)
        connector = connector_for(self.institution.family)
        try:
            return list(await run(connector, session, lambda _: since, self.keep))
        finally:
            await transport.close()

    async def problem(self) -> Problem:
        with pytest.raises(ProblemError) as caught:
            await self.visit()
        return caught.value.problem

    @property
    def signed_out(self) -> bool:
        return self.buttons[-1] in {"ログアウト", "ログオフ"}

    @property
    def buttons(self) -> tuple[str, ...]:
        return self.bank.log.buttons(self.customer.login_id)


@pytest.fixture
def visitor(bank: SimBank) -> Iterator[Callable[..., Visitor]]:
    bank.reset()

    def arrive(scenario: str, code: str = WHOLE_HOST) -> Visitor:
        return Visitor(bank, bank.customer(scenario, code))

    yield arrive
    bank.reset()


def books(visitor: Visitor, since: date = SINCE) -> dict[str, list[tuple[date, int, int]]]:
    """What the bank's own books say: day, amount and balance of each row by account number."""
    held = {
        account.number: [
            (row.posting.booked_on, row.posting.amount, row.balance) for row in extract.rows
        ]
        for account, extract in visitor.customer.truth(since, TODAY)
    }
    assert all(held.values())
    return held


def fetched(visitor: Visitor) -> dict[str, list[tuple[date, int, int | None]]]:
    found: dict[str, list[tuple[date, int, int | None]]] = {}
    for statement in visitor.statements:
        rows = found.setdefault(statement.account.number, [])
        rows += [(each.booked_on, each.amount, each.balance) for each in statement.transactions]
    return found


@pytest.mark.parametrize("code", [WHOLE_HOST, PATH])
@pytest.mark.parametrize(
    "scenario", ["ok", "notice", "renewal_notice", "identical_rows", "renamed_labels"]
)
async def test_a_visit_brings_every_row_of_every_account_and_signs_out(
    visitor: Callable[..., Visitor], scenario: str, code: str
) -> None:
    one = visitor(scenario, code)
    accounts = await one.visit()
    assert len(accounts) == 3
    assert fetched(one) == books(one)
    assert one.signed_out


async def test_statements_are_complete_month_by_month_and_name_the_bank(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("ok")
    await one.visit()
    days = {day for s in one.statements if s.period for day in (s.period.first, s.period.last)}
    assert min(days) == SINCE
    assert max(days) == TODAY
    for statement in one.statements:
        assert statement.complete
        assert statement.as_of == NOW
        assert statement.source.channel is Channel.ANSER_CSV
        assert statement.account.bank_code == WHOLE_HOST
        assert statement.account.bank_name == one.institution.name
        assert statement.period is not None
        assert statement.period.first.replace(day=1) == statement.period.last.replace(day=1)
        assert statement.check() is None


NO_ANSER = {"anser_file": ("CSV形式",)}
NO_FILE = {**NO_ANSER, "zengin_file": ("全銀協規定形式",)}


@pytest.mark.parametrize("code", [WHOLE_HOST, PATH])
@pytest.mark.parametrize(
    ("labels", "channel"), [(NO_ANSER, Channel.ZENGIN), (NO_FILE, Channel.PAGE)]
)
async def test_the_same_rows_come_from_the_other_file_and_from_the_pages(
    visitor: Callable[..., Visitor],
    labels: dict[str, tuple[str, ...]],
    channel: Channel,
    code: str,
) -> None:
    one = visitor("ok", code)
    one.labels = labels
    await one.visit()
    assert {each.source.channel for each in one.statements} == {channel}
    assert fetched(one) == books(one)


async def test_a_first_visit_goes_back_no_further_than_the_bank_shows(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("ok", PATH)
    await one.visit(since=date(2000, 1, 1))
    first = min(s.period.first for s in one.statements if s.period)
    assert first == TODAY - timedelta(days=one.institution.window_days - 1)


async def test_rows_that_the_person_has_not_inquired_of_stay_unread(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("ok")
    await one.visit()
    assert not any(account.ledger.inquired for account in one.customer.accounts)


async def test_a_row_that_the_bank_posts_late_comes_with_the_next_visit(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("late_posting")
    await one.visit()
    before = fetched(one)
    one.statements.clear()
    await one.visit()
    after = fetched(one)
    assert sum(map(len, after.values())) == sum(map(len, before.values())) + 1
    assert after == books(one)


@pytest.mark.parametrize("code", [WHOLE_HOST, PATH])
async def test_a_one_time_password_is_asked_for_in_the_banks_words(
    visitor: Callable[..., Visitor], code: str
) -> None:
    one = visitor("otp", code)
    one.answer = one.customer.one_time_password
    await one.visit()
    assert fetched(one) == books(one)
    [challenge] = one.challenges
    assert challenge.length == 6
    assert "6桁の数字" in challenge.prompt
    assert not challenge.again


@pytest.mark.parametrize("code", [WHOLE_HOST, PATH])
async def test_a_refused_one_time_password_is_asked_for_again_with_the_banks_words(
    visitor: Callable[..., Visitor], code: str
) -> None:
    one = visitor("otp_wrong_once", code)
    one.answer = one.customer.one_time_password
    await one.visit()
    assert fetched(one) == books(one)
    first, second = one.challenges
    assert not first.again
    assert "誤りがあります" in second.again
    assert second.prompt == first.prompt


async def test_a_challenge_that_nobody_answers_ends_the_visit(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("otp")
    assert (await one.problem()).code is ProblemCode.CHALLENGE_WAITING
    one.answer = one.customer.one_time_password
    await one.visit()
    assert fetched(one) == books(one)


@pytest.mark.parametrize(
    ("scenario", "code", "words"),
    [
        ("wrong_password", ProblemCode.WRONG_PASSWORD, "誤りがあります"),
        ("locked", ProblemCode.ACCOUNT_LOCKED, "停止"),
        ("signed_in_elsewhere", ProblemCode.SIGNED_IN_ELSEWHERE, "同一のログインID"),
        ("notice_must_confirm", ProblemCode.NOTICE_PENDING, "同意"),
        ("must_change_password", ProblemCode.PASSWORD_CHANGE_REQUIRED, "変更してください"),
        ("extra_registration", ProblemCode.REGISTRATION_REQUIRED, "登録してください"),
        ("out_of_hours", ProblemCode.OUT_OF_HOURS, "時間"),
        ("maintenance", ProblemCode.MAINTENANCE, "メンテナンス"),
        ("rate_limited", ProblemCode.RATE_LIMITED, "混み合って"),
    ],
)
async def test_each_refusal_is_told_apart_and_quoted(
    visitor: Callable[..., Visitor], scenario: str, code: ProblemCode, words: str
) -> None:
    problem = await visitor(scenario).problem()
    assert problem.code is code
    assert words in problem.bank_words


@pytest.mark.parametrize("code", [WHOLE_HOST, PATH])
@pytest.mark.parametrize(
    ("certificate", "expected"),
    [
        ("expired", ProblemCode.CERTIFICATE_EXPIRED),
        ("not_yet_valid", ProblemCode.CERTIFICATE_NOT_YET_VALID),
        ("revoked", ProblemCode.CERTIFICATE_REJECTED),
        ("other_authority", ProblemCode.CERTIFICATE_REJECTED),
    ],
)
async def test_each_trouble_with_a_certificate_is_told_apart(
    visitor: Callable[..., Visitor], certificate: str, expected: ProblemCode, code: str
) -> None:
    one = visitor("ok", code)
    one.certificate = certificate
    assert (await one.problem()).code is expected
    assert one.customer.wrong_passwords == 0


async def test_a_wrong_password_is_sent_only_once(visitor: Callable[..., Visitor]) -> None:
    one = visitor("wrong_password")
    await one.problem()
    assert one.customer.wrong_passwords == 1


@pytest.mark.parametrize(
    "scenario", ["notice_must_confirm", "must_change_password", "extra_registration"]
)
async def test_nothing_is_confirmed_or_changed_on_a_persons_behalf(
    visitor: Callable[..., Visitor], scenario: str
) -> None:
    one = visitor(scenario)
    await one.problem()
    assert one.signed_out
    assert set(one.buttons) <= {"電子証明書ログイン", "ログイン", "ログアウト"}


async def test_an_unknown_page_is_site_changed_and_left_by_signing_out(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("changed_page")
    problem = await one.problem()
    assert problem.code is ProblemCode.SITE_CHANGED
    assert problem.details["heading"]
    assert one.signed_out


@pytest.mark.parametrize("scenario", ["truncated_download", "inconsistent_balance"])
async def test_a_file_that_does_not_add_up_is_not_kept(
    visitor: Callable[..., Visitor], scenario: str
) -> None:
    one = visitor(scenario)
    assert (await one.problem()).code is ProblemCode.STATEMENT_INCONSISTENT
    assert one.statements == []
    assert one.signed_out


async def test_the_bank_lets_in_again_after_breaking_off_at_any_step(
    visitor: Callable[..., Visitor],
) -> None:
    one = visitor("ok")
    assert await check_visits(connector_for("bizsol"), one) == []


@dataclass(frozen=True)
class Careless(BizsolConnector):
    """A connector that forgets to sign out."""

    async def sign_out(self, session: Session) -> None:
        session.step("")


async def test_the_contract_notices_a_connector_that_does_not_sign_out(
    visitor: Callable[..., Visitor],
) -> None:
    broken = await check_visits(Careless(), visitor("ok"))
    assert any("it did not sign out when cancelled" in each for each in broken)


async def test_a_cancelled_visit_signs_out_before_it_ends(visitor: Callable[..., Visitor]) -> None:
    one = visitor("slow")
    visit = asyncio.create_task(one.visit())
    entry = await asyncio.to_thread(
        one.bank.log.wait_for,
        lambda each: "結果" in each.page and each.customer == one.customer.login_id,
    )
    visit.cancel()
    with pytest.raises(asyncio.CancelledError):
        await visit
    assert entry.button == "照会"
    assert one.signed_out
