"""Which certificates lie on the PC, and what a fetch comes to with them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from demo.household import Bank, Cloud, Customer
from hikae.agent.engine import EngineError
from hikae.model.fetch import FetchState, Trigger
from hikae.model.problem_texts import needs_of, retry_of
from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.secret import Secret
from tests.fixtures_household import Desk, open_desk
from tests.system.agent.books import passwords_sent, requests

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class Pc:
    """A PC whose folder of certificates is laid out anew for each case."""

    desk: Desk
    customer: Customer
    files: dict[str, Path]

    async def holds(self, *kinds: str) -> None:
        """Put these certificates onto the PC, and no others."""
        folder = self.desk.given.certificates
        folder.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            file.unlink()
        for kind in kinds:
            (folder / f"{kind}.p12").write_bytes(self.files[kind].read_bytes())
            await self.desk.engine.unlock(f"{kind}.p12", Secret(self.customer.p12_password))

    async def register(self, user_id: str = "") -> UUID:
        """Register the customer once more."""
        known = {each.id for each in await self.desk.engine.connections()}
        page = await self.desk.person.visit(f"/connections/new/{self.customer.institution}")
        page.fill("ログインパスワード", self.customer.password)
        page.fill(("電子証明書の利用者ID", "電子証明書の利用者ID任意"), user_id)
        await page.press("連携登録")
        (new,) = [e.id for e in await self.desk.engine.connections() if e.id not in known]
        return new

    async def shown_problem(self, connection: UUID) -> ProblemCode | None:
        """Why the row of the connection cannot be used, as the PC shows it."""
        rows = await self.desk.engine.connections()
        row = next(each for each in rows if each.id == connection)
        return row.problem.code if row.problem else None


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pc(
    bank: Bank, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Pc]:
    """Return an enrolled PC; tests that use it run in the module's event loop."""
    customer = bank.customer("9901", "ok")
    found = bank.ask("/customers")
    own = next(each for each in found if each["login_id"] == customer.login_id)
    files = {kind: Path(path) for kind, path in own["certificates"].items()}
    async with open_desk(bank, cloud, tmp_path_factory.mktemp("certificates")) as desk:
        await desk.enrol()
        yield Pc(desk, customer, files)


@dataclass(frozen=True)
class Case:
    """What lies on the PC once it was set up with a valid certificate, and what then comes of it.

    bank_asked: whether the bank sees anything of it.
    """

    says: str
    there: tuple[str, ...]
    code: ProblemCode | None
    retry: Retry | None = None
    needs: Needs | None = None
    bank_asked: bool = False


CASES = [
    Case("the valid one", ("valid",), None, bank_asked=True),
    Case("the renewed one beside the expired one", ("expired", "valid"), None, bank_asked=True),
    Case(
        "only the expired one",
        ("expired",),
        *(ProblemCode.CERTIFICATE_EXPIRED, Retry.NEVER, Needs.PERSON),
    ),
    Case(
        "only one that is not valid yet",
        ("not_yet_valid",),
        *(ProblemCode.CERTIFICATE_NOT_YET_VALID, Retry.AT, Needs.NOBODY),
    ),
    Case(
        "one that the bank has revoked",
        ("revoked",),
        *(ProblemCode.CERTIFICATE_REJECTED, Retry.NEVER, Needs.PERSON),
        bank_asked=True,
    ),
    Case(
        "one of another authority",
        ("other_authority",),
        *(ProblemCode.CERTIFICATE_MISSING, Retry.NEVER, Needs.PERSON),
    ),
    Case(
        "one of another customer",
        ("other_customer",),
        *(ProblemCode.CERTIFICATE_MISMATCH, Retry.NEVER, Needs.PERSON),
    ),
    Case("none", (), *(ProblemCode.CERTIFICATE_MISSING, Retry.NEVER, Needs.PERSON)),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
async def test_a_fetch_signs_in_with_what_is_right_or_says_why_not(pc: Pc, case: Case) -> None:
    await pc.holds("valid")
    connection = await pc.register()
    await pc.desk.engine.enable(connection, on=True)
    await pc.holds(*case.there)
    asked, given = requests(pc.desk.bank, pc.customer), passwords_sent(pc.desk.bank, pc.customer)
    (fetch,) = await pc.desk.fetch(connection)
    code = fetch.problem.code if fetch.problem else None
    assert code is case.code
    assert (requests(pc.desk.bank, pc.customer) > asked) is case.bank_asked
    if case.code is None:
        assert fetch.state is FetchState.DONE
        return
    assert fetch.state is FetchState.FAILED
    assert (retry_of(case.code), needs_of(case.code)) == (case.retry, case.needs)
    assert (fetch.problem is not None and fetch.problem.retry_at is not None) is (
        case.retry is Retry.AT
    )
    assert passwords_sent(pc.desk.bank, pc.customer) == given
    if not case.bank_asked:
        assert await pc.shown_problem(connection) is case.code


async def test_a_rejected_certificate_is_shown_once_and_again_when_a_person_chooses_it_again(
    pc: Pc,
) -> None:
    await pc.holds("revoked")
    connection = await pc.register()
    (revoked,) = (await pc.desk.engine.certificates()).certificates
    for _ in range(2):
        await pc.desk.engine.select(connection, revoked.thumbprint)
        await pc.desk.engine.enable(connection, on=True)
        (rejected,) = await pc.desk.fetch(connection)
        assert rejected.state is FetchState.FAILED
        seen = requests(pc.desk.bank, pc.customer)
        await pc.desk.restart()
        for trigger in Trigger:
            (latched,) = await pc.desk.fetch(connection, trigger=trigger)
            assert latched.state is FetchState.SKIPPED
            assert latched.problem is not None
            assert latched.problem.code is ProblemCode.CERTIFICATE_REJECTED
        assert requests(pc.desk.bank, pc.customer) == seen


async def test_an_expired_certificate_is_never_taken_for_a_new_registration(pc: Pc) -> None:
    await pc.holds("expired")
    connection = await pc.register()
    with pytest.raises(EngineError) as refused:
        await pc.desk.engine.enable(connection, on=True)
    assert refused.value.problem.code is ProblemCode.CERTIFICATE_EXPIRED


async def test_another_users_certificate_is_not_taken_for_the_registered_user(pc: Pc) -> None:
    await pc.holds("other_customer")
    connection = await pc.register(user_id=pc.customer.login_id)
    with pytest.raises(EngineError) as refused:
        await pc.desk.engine.enable(connection, on=True)
    assert refused.value.problem.code is ProblemCode.CERTIFICATE_MISMATCH
    assert refused.value.problem.details["expected"] == pc.customer.login_id


async def test_among_certificates_of_several_users_the_pc_says_that_a_person_has_to_choose(
    pc: Pc,
) -> None:
    await pc.holds("valid", "other_customer")
    connection = await pc.register()
    with pytest.raises(EngineError) as refused:
        await pc.desk.engine.enable(connection, on=True)
    assert refused.value.problem.code is ProblemCode.CERTIFICATE_MISSING
    assert refused.value.problem.details == {"candidates": 2}
    assert await pc.shown_problem(connection) is ProblemCode.CERTIFICATE_MISSING
    certificates = (await pc.desk.engine.certificates()).certificates
    own = next(each for each in certificates if each.user_id == pc.customer.login_id)
    await pc.desk.engine.select(connection, own.thumbprint)
    await pc.desk.engine.enable(connection, on=True)
    assert await pc.shown_problem(connection) is None


async def test_a_certificate_of_another_authority_that_a_person_chose_is_refused_by_the_bank(
    pc: Pc,
) -> None:
    await pc.holds("other_authority")
    connection = await pc.register()
    (foreign,) = (await pc.desk.engine.certificates()).certificates
    await pc.desk.engine.select(connection, foreign.thumbprint)
    await pc.desk.engine.enable(connection, on=True)
    given = passwords_sent(pc.desk.bank, pc.customer)
    (fetch,) = await pc.desk.fetch(connection)
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.CERTIFICATE_REJECTED
    assert passwords_sent(pc.desk.bank, pc.customer) == given


async def test_a_blank_page_for_a_certificate_is_told_as_one_that_the_bank_does_not_take(
    pc: Pc,
) -> None:
    await pc.holds("valid")
    connection = await pc.register()
    await pc.desk.engine.enable(connection, on=True)
    moment = {"advance": 400 * 24 * 3600}
    pc.desk.bank.ask(
        "/scenario", {"login": pc.customer.login_id, "scenario": "blank_page_for_expired"}
    )
    pc.desk.bank.ask("/clock", moment)
    (fetch,) = await pc.desk.fetch(connection)
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.CERTIFICATE_REJECTED
    pc.desk.bank.ask("/reset", {})
