"""Families by name."""

import pytest

from hikae.banks.errors import UnknownFamilyError
from hikae.banks.families import FAMILIES, connector_for


def test_each_family_is_found_by_the_name_that_the_catalogue_uses() -> None:
    for name, connector in FAMILIES.items():
        assert connector_for(name) is connector


def test_an_unknown_family_says_that_this_program_is_too_old() -> None:
    with pytest.raises(UnknownFamilyError) as caught:
        connector_for("of tomorrow")
    assert caught.value.problem.code == "agent_outdated"
    assert caught.value.problem.details == {"family": "of tomorrow"}
