"""Minor units of currencies as plain numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikae.model.currency import decimal_text, exponent


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (110_000, "JPY", "110000"),
        (-3_300, "JPY", "-3300"),
        (0, "JPY", "0"),
        (-1_234, "USD", "-12.34"),
        (5, "USD", "0.05"),
        (-5, "KWD", "-0.005"),
        (10_000, "CLF", "1.0000"),
    ],
)
def test_amounts_are_written_with_the_digits_of_their_currency(
    minor: int, currency: str, text: str
) -> None:
    assert decimal_text(minor, currency) == text


@given(st.integers(-(10**20), 10**20), st.sampled_from(["JPY", "USD", "KWD", "CLF"]))
def test_a_number_means_the_same_minor_units_again(minor: int, currency: str) -> None:
    text = decimal_text(minor, currency)
    assert int(Decimal(text).scaleb(exponent(currency))) == minor
