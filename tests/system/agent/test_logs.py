"""One fetch can be followed by its id through the logs of PC and cloud, which tell no secrets."""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest
import pytest_asyncio

from demo.household import OWNER_PASSWORD, Bank, Cloud
from hikae.logs import VARIABLE
from hikae.model.fetch import Fetch, FetchState
from tests.system.survival.offices import Office, opened

AS_JSON = {VARIABLE: "json"}
SENDER = "ﾋﾐﾂｼﾖｳｶｲ"

pytestmark = pytest.mark.asyncio(loop_scope="module")

Lines = Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Told:
    """A fetch that is over, and what both logs say."""

    office: Office
    fetch: Fetch
    on_pc: str
    in_cloud: str

    def on_pc_about_it(self) -> Lines:
        """Lines of the PC about the fetch."""
        return self._about_it(self.on_pc)

    def in_cloud_about_it(self) -> Lines:
        """Lines of the cloud about the fetch."""
        return self._about_it(self.in_cloud)

    def _about_it(self, log: str) -> Lines:
        lines: Lines = [json.loads(line) for line in log.splitlines()]
        return [line for line in lines if line.get("fetch") == str(self.fetch.id)]


@pytest.fixture(scope="module")
def outspoken(tmp_path_factory: pytest.TempPathFactory, bank: Bank) -> Iterator[Cloud]:
    """A cloud whose log is for programs."""
    cloud = Cloud(tmp_path_factory.mktemp("cloud"), bank.catalogue, environment=AS_JSON)
    yield cloud
    cloud.program.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def told(
    bank: Bank, outspoken: Cloud, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Told]:
    """What PC and cloud say of a fetch that is started on a page."""
    folder = tmp_path_factory.mktemp("pc")
    customer = bank.customer("9902", "ok")
    account, rows = next(iter(bank.books(customer).items()))
    posting = {"account": account, "booked_on": rows[-1][0], "amount": 7_654_321}
    bank.ask("/post", {"login": customer.login_id, "description": SENDER, **posting})
    async with opened(bank, outspoken, folder, customer, environment=AS_JSON) as office:
        fetch = await office.fetch_from_page()
        await office.everything_sent()
        log = outspoken.data.parent / "cloud.log"
        yield Told(office, fetch, (folder / "agent.log").read_text(), log.read_text())


async def test_every_line_is_an_object_with_the_same_names(told: Told) -> None:
    for line in [*told.on_pc.splitlines(), *told.in_cloud.splitlines()]:
        assert {"time", "level", "logger", "message"} <= json.loads(line).keys()


async def test_a_fetch_has_one_id_on_both_sides(told: Told) -> None:
    assert told.fetch.state is FetchState.DONE
    assert told.on_pc_about_it()
    assert told.in_cloud_about_it()


async def test_the_button_on_the_page_is_where_it_begins_in_the_cloud(told: Told) -> None:
    first = told.in_cloud_about_it()[0]
    assert str(first["message"]).startswith("POST /connections/<uuid:connection_id>/fetch 302")
    assert first["request"]


async def test_every_request_to_the_bank_and_to_the_cloud_is_in_the_log_of_the_pc(
    told: Told,
) -> None:
    at_bank = told.office.bank.log(told.office.customer)
    lines = [each for each in told.on_pc_about_it() if each["logger"] == "hikae.transport"]
    said = [str(line["message"]) for line in lines]
    place = told.office.cloud.origin.partition("//")[2]
    to_bank = [words for words in said if f" {place} " not in words]
    # The bank knows whose the first page is only afterwards.
    assert len(to_bank) >= len(at_bank) > 5
    assert any(f" {place} /agent/v1/statements/" in words for words in said)
    assert any(f" {place} /agent/v1/fetches/{told.fetch.id} 204" in words for words in said)


async def test_every_request_about_it_is_in_the_log_of_the_cloud(told: Told) -> None:
    lines = told.in_cloud_about_it()
    delivered = [line for line in lines if "statement" in line]
    assert any("/parts/" in str(line["message"]) for line in delivered)
    assert any("/complete 200" in str(line["message"]) for line in delivered)
    assert any("/agent/v1/fetches/" in str(line["message"]) for line in lines)
    every = [json.loads(line) for line in told.in_cloud.splitlines()]
    assert all("fetch" in line for line in every if "statement" in line)


async def test_neither_log_tells_a_secret_or_what_is_in_the_books(told: Told) -> None:
    customer = told.office.customer
    secrets = {customer.password, customer.p12_password, OWNER_PASSWORD, "hk1.", SENDER}
    books = told.office.bank.books(customer).values()
    figures = {abs(figure) for rows in books for _, *row in rows for figure in row}
    large = [figure for figure in figures if figure >= 1_000_000]
    assert 7_654_321 in large
    for log in (told.on_pc, told.in_cloud):
        assert [secret for secret in secrets if secret in log] == []
        assert "ヒミツシヨウカイ" not in log
        for figure in large:
            assert not re.search(rf"\b({figure}|{figure:,})\b", log)
