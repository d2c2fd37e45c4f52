"""Days, periods and moments in both languages."""

from datetime import UTC, date, datetime

import pytest

from hikae.model.language import Language
from hikae.model.statement import Period
from hikae.model.time_words import moment_words, period_words

JA, EN = Language.JAPANESE, Language.ENGLISH


@pytest.mark.parametrize(
    ("first", "last", "japanese", "english"),
    [
        ((2026, 10, 3), (2026, 10, 5), "10月3日〜5日", "3–5 October"),
        ((2026, 10, 3), (2026, 10, 3), "10月3日", "3 October"),
        (
            (2026, 12, 30),
            (2027, 1, 4),
            "2026年12月30日〜2027年1月4日",
            "30 December 2026 – 4 January 2027",
        ),
        ((2026, 9, 28), (2026, 10, 5), "9月28日〜10月5日", "28 September – 5 October"),
    ],
)
def test_a_period_says_once_what_both_ends_share_and_its_years_where_they_differ(
    first: tuple[int, int, int], last: tuple[int, int, int], japanese: str, english: str
) -> None:
    period = Period(date(*first), date(*last))
    assert period_words(period, JA) == japanese
    assert period_words(period, EN) == english


def test_a_moment_is_said_in_japans_time_with_its_weekday() -> None:
    moment = datetime(2026, 11, 24, 0, 5, tzinfo=UTC)
    assert moment_words(moment, JA) == "2026年11月24日(火) 9:05"
    assert moment_words(moment, EN) == "Tue 24 November 2026, 9:05"
