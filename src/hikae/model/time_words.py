"""Days and moments as people read them, in Japan's time."""

from datetime import date, datetime

from hikae.model.clock import JAPAN
from hikae.model.language import Language
from hikae.model.statement import Period

_WEEKDAYS = "月火水木金土日"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def day_words(day: date, language: Language) -> str:
    """A day near to today, without its year: 12月4日, 4 December."""
    if language is Language.JAPANESE:
        return f"{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]}"


def period_words(period: Period, language: Language) -> str:
    """A period: 10月3日〜5日, 3–5 October; with its years only where they differ."""
    first, last = period.first, period.last
    if first == last:
        return day_words(first, language)
    if first.year != last.year:
        return _between(_dated(first, language), _dated(last, language), language)
    if first.month != last.month:
        return _between(day_words(first, language), day_words(last, language), language)
    if language is Language.JAPANESE:
        return f"{day_words(first, language)}〜{last.day}日"
    return f"{first.day}–{day_words(last, language)}"


def _between(first: str, last: str, language: Language) -> str:
    return f"{first}〜{last}" if language is Language.JAPANESE else f"{first} – {last}"


def _dated(day: date, language: Language) -> str:
    if language is Language.JAPANESE:
        return f"{day.year}年{day_words(day, language)}"
    return f"{day_words(day, language)} {day.year}"


def moment_words(moment: datetime, language: Language) -> str:
    """A moment with its year: 2026年11月24日(火) 9:05, Tue 24 November 2026, 9:05."""
    local = moment.astimezone(JAPAN)
    day, time = _dated(local.date(), language), f"{local.hour}:{local.minute:02}"
    if language is Language.JAPANESE:
        return f"{day}({_WEEKDAYS[local.weekday()]}) {time}"
    return f"{_DAYS[local.weekday()]} {day}, {time}"
