"""Days as people and banks write them in CSV files."""

import re
from datetime import date
from functools import lru_cache

from hikae.formats import era
from hikae.formats.cleaning import clean

_PARTS = re.compile(
    r"(?P<era>[MTSHR]|明治|大正|昭和|平成|令和)?\s*(?P<year>元|[0-9]{1,4})\s*[年/.\-]\s*"
    r"(?P<month>[0-9]{1,2})\s*[月/.\-]\s*(?P<day>[0-9]{1,2})日?",
    re.IGNORECASE,
)
_ERAS = ((2018, "令和 R"), (1988, "平成 H"), (1925, "昭和 S"), (1911, "大正 T"), (1867, "明治 M"))
_YEAR_ZERO = {name: year for year, names in _ERAS for name in names.split()}


@lru_cache(maxsize=4096)
def read_day(cell: str, reference: date, *, without_era: bool = False) -> date:
    """The day in a cell: 2026/7/2, 2026年7月2日, 20260702, R8.7.2, 令和8年7月2日.

    without_era: years of one or two digits are those of an era that is not named (8-7-2, 080702),
    resolved against `reference`; otherwise they are no year. Raises ValueError.
    """
    text = clean(cell) or ""
    if text.isascii() and text.isdigit():
        if len(text) == 8:
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if len(text) == 6 and without_era:
            return era.near(text, reference)
    parts = _PARTS.fullmatch(text)
    if not parts:
        raise ValueError(f"no day: {text[:20]}")
    name, year = parts["era"], parts["year"]
    month, day = int(parts["month"]), int(parts["day"])
    if name:
        number = 1 if year == "元" else int(year)
        return date(_YEAR_ZERO[name.upper()] + number, month, day)
    if len(year) == 4:
        return date(int(year), month, day)
    if without_era and year.isdigit():
        return era.near(f"{int(year):02}{month:02}{day:02}", reference)
    raise ValueError(f"no year: {text[:20]}")
