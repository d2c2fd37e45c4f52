"""How days, amounts and times that are left are written on screens; moments are `time_words`'.

It knows no request and no template.
"""

from calendar import month_name
from datetime import date

from hikae.model.currency import decimal_text
from hikae.model.language import Language
from hikae.model.time_words import day_words

_WEEKDAYS = "月火水木金土日"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MINUS = "−"


def day(value: date, language: Language) -> str:
    """2026年11月23日(月), Mon 23 November 2026."""
    near = day_words(value, language)
    if language is Language.JAPANESE:
        return f"{value.year}年{near}({_WEEKDAYS[value.weekday()]})"
    return f"{_DAYS[value.weekday()]} {near} {value.year}"


def month(value: date, language: Language) -> str:
    """2026年11月, November 2026."""
    if language is Language.JAPANESE:
        return f"{value.year}年{value.month}月"
    return f"{month_name[value.month]} {value.year}"


def amount(minor_units: int, currency: str, language: Language) -> str:
    """1,234,567円 or ¥1,234,567, and −1,234.50 USD for a currency with cents."""
    sign = _MINUS if minor_units < 0 else ""
    units, point, fraction = decimal_text(abs(minor_units), currency).partition(".")
    figures = f"{int(units):,}{point}{fraction}"
    if currency != "JPY":
        return f"{sign}{figures} {currency}"
    return f"{sign}¥{figures}" if language is Language.ENGLISH else f"{sign}{figures}円"


def whole_minutes(seconds: float) -> int:
    """Minutes to show for a time that is left: begun ones count, nothing left is 0."""
    return max(0, -int(-seconds // 60))


def countdown(seconds: float) -> str:
    """4:05 for 245 seconds; 0:00 once it is over."""
    left = max(0, int(seconds))
    return f"{left // 60}:{left % 60:02d}"
