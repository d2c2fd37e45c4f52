"""Years of an era that the file does not name."""

from datetime import date

import pytest

from hikae.formats.era import made_on, near


@pytest.mark.parametrize(
    ("digits", "today", "day"),
    [
        ("280503", date(2016, 5, 3), date(2016, 5, 3)),  # the specification's own example
        ("280503", date(2026, 11, 23), date(2016, 5, 3)),
        ("080503", date(2026, 11, 23), date(2026, 5, 3)),
        ("080503", date(2016, 1, 1), date(1996, 5, 3)),
        ("310430", date(2019, 5, 7), date(2019, 4, 30)),
        ("310501", date(2019, 5, 7), date(2019, 5, 1)),
        ("010501", date(2019, 5, 7), date(2019, 5, 1)),
        ("010430", date(2019, 5, 7), date(2019, 4, 30)),
        ("080229", date(2026, 11, 23), date(1996, 2, 29)),
        ("640107", date(2026, 11, 23), date(1989, 1, 7)),
        ("081201", date(2026, 11, 23), date(2026, 12, 1)),
    ],
)
def test_a_file_was_made_on_the_latest_day_that_is_not_still_to_come(
    digits: str, today: date, day: date
) -> None:
    assert made_on(digits, today) == day


@pytest.mark.parametrize(
    ("digits", "reference", "day"),
    [
        ("310430", date(2019, 5, 7), date(2019, 4, 30)),
        ("310507", date(2019, 5, 7), date(2019, 5, 7)),
        ("010506", date(2019, 5, 7), date(2019, 5, 6)),
        ("080630", date(2026, 5, 7), date(2026, 6, 30)),
        ("080503", date(1996, 5, 7), date(1996, 5, 3)),
    ],
)
def test_other_days_lie_near_to_it(digits: str, reference: date, day: date) -> None:
    assert near(digits, reference) == day


@pytest.mark.parametrize(
    "digits", ["", "0805", "08 503", "081301", "080230", "000101", "０８０５０３"]
)
def test_what_is_no_day_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="day"):
        near(digits, date(2026, 5, 7))
    with pytest.raises(ValueError, match="day"):
        made_on(digits, date(2026, 5, 7))
