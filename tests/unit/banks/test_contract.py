"""The contract holds for every family, and it notices a family that breaks it."""

from dataclasses import dataclass

import pytest

from hikae.banks.bizsol.connector import BizsolConnector
from hikae.banks.connector import Connector, Reach
from hikae.banks.contract import check_guard, check_lists
from hikae.banks.families import FAMILIES, connector_for
from hikae.catalogue.catalogue import load_catalogue
from hikae.catalogue.institution import Institution


def yokohama() -> Institution:
    found = load_catalogue().find("0138")
    assert found is not None
    return found


@pytest.mark.parametrize("family", FAMILIES)
async def test_a_family_presses_and_reaches_nothing_but_what_reading_needs(family: str) -> None:
    connector = connector_for(family)
    assert list(check_lists(connector)) == []
    assert await check_guard(connector, yokohama()) == []


def test_every_shipped_institution_is_of_a_known_family_and_signs_in_where_it_may() -> None:
    for institution in load_catalogue().institutions:
        connector_for(institution.family)


@dataclass(frozen=True, slots=True)
class TransferringConnector(BizsolConnector):
    """A family that somebody wrote carelessly."""

    presses: frozenset[str] = frozenset({"振込実行", "照会"})
    reaches: frozenset[Reach] = frozenset({Reach("POST", "*", ".*"), Reach("GET", "*", ".*")})


async def test_a_family_that_presses_a_transfer_or_reaches_everything_breaks_the_contract() -> None:
    connector: Connector = TransferringConnector()
    broken = list(check_lists(connector))
    assert "it may press 「振込実行」" in broken
    assert "it may reach /transfer" in broken
    led = await check_guard(connector, yokohama())
    assert any("/furikomi/execute" in each for each in led)
    assert not any("bank.example" in each for each in led)
