"""Days written with the year of an era that the file does not name (和暦, YYMMDD).

080503 is 令和8年 or 平成8年; the year alone does not tell. The day when a file was made is the
latest one that is not still to come; every other day of it is the one nearest to that. Around
the change of 2019-05-01 both 平成31 and 令和1 mean 2019, on either side of it, because systems
changed their notation on days of their own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_TOLERANCE = timedelta(days=31)
"""How far a file may be dated ahead: a maker's clock, or a day of the next month."""


@dataclass(frozen=True, slots=True)
class _Era:
    """year_zero + year of the era = calendar year; last: its last year, None while it lasts."""

    year_zero: int
    last: int | None


_ERAS = (
    _Era(2018, None),  # 令和
    _Era(1988, 31),  # 平成
    _Era(1925, 64),  # 昭和
)
_FIRST_DAYS = (date(2019, 5, 1), date(1989, 1, 8), date(1926, 12, 25))
"""Of the same eras, by law."""


def made_on(digits: str, today: date) -> date:
    """The day when a file was made. Raises ValueError for what is no day."""
    past = [day for day in _candidates(digits) if day <= today + _TOLERANCE]
    if not past:
        raise ValueError(f"no day up to {today}: {digits}")
    return max(past)


@lru_cache(maxsize=1024)
def written(day: date) -> str:
    """A day as YYMMDD of its era, as files write it. Raises ValueError before 昭和."""
    for first, era in zip(_FIRST_DAYS, _ERAS, strict=True):
        if day >= first:
            return f"{day.year - era.year_zero:02}{day:%m%d}"
    raise ValueError(f"before {_FIRST_DAYS[-1]}: {day}")


@lru_cache(maxsize=1024)  # a file names few days, each of them many times
def near(digits: str, reference: date) -> date:
    """The day that lies nearest to `reference`. Raises ValueError for what is no day."""
    days = list(_candidates(digits))
    if not days:
        raise ValueError(f"no day of an era: {digits}")
    return min(days, key=lambda day: abs(day - reference))


def _candidates(digits: str) -> Iterator[date]:
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return
    year, month, day = int(digits[:2]), int(digits[2:4]), int(digits[4:])
    for era in _ERAS:
        if 1 <= year <= (era.last or 99):
            try:
                yield date(era.year_zero + year, month, day)
            except ValueError:  # 29 February of another year, or no day at all
                continue
