"""Days, amounts and times that are left, as screens say them."""

from datetime import date

import pytest

from hikae.cloud.pages import wording
from hikae.model.language import Language


def test_a_day_is_written_with_its_weekday_in_both_languages() -> None:
    day = date(2026, 11, 3)
    assert wording.day(day, Language.JAPANESE) == "2026年11月3日(火)"
    assert wording.day(day, Language.ENGLISH) == "Tue 3 November 2026"


@pytest.mark.parametrize(
    ("minor", "currency", "language", "written"),
    [
        (1_234_567, "JPY", Language.JAPANESE, "1,234,567円"),
        (-33_000, "JPY", Language.JAPANESE, "−33,000円"),
        (0, "JPY", Language.JAPANESE, "0円"),
        (-33_000, "JPY", Language.ENGLISH, "−¥33,000"),
        (-123_405, "USD", Language.JAPANESE, "−1,234.05 USD"),
        (5, "USD", Language.ENGLISH, "0.05 USD"),
        (1_234_567, "KRW", Language.ENGLISH, "1,234,567 KRW"),
        (-1_234_567, "KWD", Language.JAPANESE, "−1,234.567 KWD"),
        (12_345_678, "UYW", Language.ENGLISH, "1,234.5678 UYW"),
    ],
)
def test_an_amount_is_grouped_and_says_its_currency(
    minor: int, currency: str, language: Language, written: str
) -> None:
    assert wording.amount(minor, currency, language) == written


@pytest.mark.parametrize(("seconds", "minutes"), [(181, 4), (180, 3), (1, 1), (0, 0), (-5, 0)])
def test_begun_minutes_count_as_whole_ones(seconds: int, minutes: int) -> None:
    assert wording.whole_minutes(seconds) == minutes


@pytest.mark.parametrize(("seconds", "shown"), [(245.9, "4:05"), (59, "0:59"), (-3, "0:00")])
def test_a_countdown_stops_at_nothing(seconds: float, shown: str) -> None:
    assert wording.countdown(seconds) == shown
