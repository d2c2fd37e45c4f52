"""A plan that an operator gives and takes, as the PC meets it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.household import Bank, Cloud
from demo.programs import run
from hikae.cloud.plans.offered import EXAMPLE
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.fixtures_household import Desk, open_desk


@pytest.fixture(scope="module")
def service(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """A cloud that offers plans, and gives new organisations one with client certificates."""
    folder = tmp_path_factory.mktemp("service")
    plans = folder / "plans.toml"
    text = EXAMPLE.read_text("utf-8")
    plans.write_text(text.replace('default = "small"', 'default = "plus"'), "utf-8")
    cloud = Cloud(folder, bank.catalogue, environment={"HIKAE_PLANS": str(plans)})
    yield cloud
    cloud.stop()


def give(cloud: Cloud, desk: Desk, plan: str) -> None:
    words = ["give-plan", "--organisation", str(desk.organisation), "--plan", plan]
    plans = {"HIKAE_PLANS": str(cloud.data.parent / "plans.toml")}
    done = run(["cloud", "--data", str(cloud.data), *words], environment=plans)
    assert done.returncode == 0, done.stderr


async def test_without_its_plan_the_pc_says_so_and_visits_no_bank_until_it_is_there_again(
    bank: Bank, service: Cloud, tmp_path: Path
) -> None:
    customer = bank.customer("9901", "ok")
    async with open_desk(bank, service, tmp_path) as desk:
        await desk.enrol()
        (connection,) = await desk.connect(customer)
        assert connection.problem is None
        give(service, desk, "small")
        (without,) = await desk.engine.connections()
        assert without.problem is not None
        assert without.problem.code is ProblemCode.PLAN_REQUIRED
        visits = len(bank.log(customer))
        (refused,) = await desk.fetch(connection.id)
        assert refused.problem is not None
        assert (refused.state, refused.problem.code) == (
            *(FetchState.SKIPPED, ProblemCode.PLAN_REQUIRED),
        )
        assert len(bank.log(customer)) == visits
        give(service, desk, "business")
        assert (await desk.engine.connections())[0].problem is None
        (done,) = await desk.fetch(connection.id)
        assert done.state is FetchState.DONE


def test_a_plan_that_is_not_offered_is_refused_in_one_line(service: Cloud) -> None:
    organisation = service.add_owner("plan@example.jp", "みほん商店")
    words = ["give-plan", "--organisation", str(organisation), "--plan", "gold"]
    plans = {"HIKAE_PLANS": str(service.data.parent / "plans.toml")}
    done = run(["cloud", "--data", str(service.data), *words], environment=plans)
    assert (done.returncode, done.stderr.strip()) == (2, "hikae cloud: no plan gold")


def test_the_plans_to_start_from_are_printed() -> None:
    assert run(["cloud", "plans"]).stdout == EXAMPLE.read_text("utf-8")
