"""Transfers that pass themselves off as inquiries, met by the real agent: none is ever sent.

The simulated bank's own books and its request log are the proof. That each of these moves money
for whoever goes on is proven beside the bank itself.
"""

from dataclasses import dataclass
from uuid import UUID

import pytest
import pytest_asyncio

from demo.household import Customer
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.fixtures_household import Desk
from tests.system.agent.books import passwords_sent, signed_out, trespasses

pytestmark = pytest.mark.asyncio(loop_scope="module")

DISGUISES = {
    "relabelled": "/rbfri01/BFRI003-BFRI003Execute.do",
    "menu": "/rbfri01/BFRI003-BFRI003Execute.do",
    "notice": "/rbmsk01/BMSK001-BMSK001Inquire.do",
    "image": "/rbfri01/BFRI003-BFRI003Execute.do",
    "other_path": "/rbfri01/BFRI003-BFRI003Execute.do",
    "other_host": "127.0.0.1:",
    "other_screen": "/rbmsk01/BFRI003-BFRI003Execute.do",
    "encoded_path": "/rbfri01/BFRI003-BFRI003Execute.do",
    "redirect": "GET",
    "redirect_that_keeps": "/rbfri01/BFRI003-BFRI003Execute.do",
    "refresh": "/rbfri01/BFRI003-BFRI003Execute.do",
    "method": "GET",
    "link": "/rbfri01/BFRI003-BFRI003Execute.do",
    "download": "/rbfri01/BFRI003-BFRI003Execute.do",
    "password_field": "取引パスワード",
    "hidden_field": "支払金額",
}
"""What is refused of each, as the problem tells it."""

UNUSABLE = {"script": "needs scripts", "frame": "", "logout": ""}
"""Those on whose page there is nothing that could be pressed, with the reason that is told."""


@dataclass(frozen=True)
class Victim:
    """A customer who meets whatever is played, and the registration."""

    office: Desk
    customer: Customer
    connection: UUID


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def victim(office: Desk) -> Victim:
    """Return a registered customer."""
    customer = office.bank.customer("9902", "disguised_transfer")
    return Victim(office, customer, await office.join(customer))


async def ends(victim: Victim, disguise: str) -> dict[str, str | int]:
    """The details of the problem with which the fetch of one ends who meets a disguise."""
    office, customer, connection = victim.office, victim.customer, victim.connection
    scenario = f"disguised_transfer/{disguise}"
    office.bank.ask("/scenario", {"login": customer.login_id, "scenario": scenario})
    before, known = passwords_sent(office.bank, customer), trespasses(office.bank, customer)
    (fetch,) = await office.fetch(connection)
    assert passwords_sent(office.bank, customer) == before + 1
    assert fetch.state is FetchState.FAILED
    assert fetch.problem is not None
    assert fetch.problem.code is ProblemCode.SITE_CHANGED
    assert trespasses(office.bank, customer) == known
    return dict(fetch.problem.details)


@pytest.mark.parametrize("disguise", DISGUISES)
async def test_a_disguised_transfer_is_refused_told_and_left(victim: Victim, disguise: str) -> None:
    details = await ends(victim, disguise)
    assert DISGUISES[disguise] in str(details["refused"])
    assert signed_out(victim.office.bank, victim.customer)


@pytest.mark.parametrize("disguise", UNUSABLE)
async def test_a_page_that_only_scripts_or_frames_lead_on_from_is_not_followed(
    victim: Victim, disguise: str
) -> None:
    details = await ends(victim, disguise)
    assert details["heading"]
    assert UNUSABLE[disguise] in str(details.get("reason", ""))
