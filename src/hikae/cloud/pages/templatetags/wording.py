"""Template filters for moments, days and amounts in the reader's language, and the icons."""

from datetime import date, datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hikae.cloud.pages import labels, wording
from hikae.cloud.pages.language import language
from hikae.model.time_words import moment_words

register = template.Library()


@register.filter
def day(value: date | None) -> str:
    """A day with its weekday; nothing for None."""
    return "" if value is None else wording.day(value, language())


@register.filter
def month(value: date | None) -> str:
    """A month of a year; nothing for None."""
    return "" if value is None else wording.month(value, language())


@register.filter
def moment(value: datetime | None) -> str:
    """A day and the time of it in Japan; nothing for None."""
    return "" if value is None else moment_words(value, language())


@register.filter
def amount(minor_units: int | None, currency: str = "JPY") -> str:
    """An amount with its currency; nothing for None."""
    return "" if minor_units is None else wording.amount(minor_units, currency, language())


@register.filter
def role(value: str) -> str:
    """What a member's role is called."""
    return str(labels.ROLES[value])


@register.filter
def account_kind(value: str) -> str:
    """What a kind of account is called."""
    return str(labels.ACCOUNT_KINDS[value])


@register.filter
def transaction_kind(value: str | None) -> str:
    """How money moved; nothing for None."""
    return "" if value is None else str(labels.TRANSACTION_KINDS[value])


@register.filter
def channel(value: str) -> str:
    """In which form a bank gave a statement."""
    return str(labels.CHANNELS.get(value, value))


@register.filter
def number(count: int) -> str:
    """A count with separators."""
    return f"{count:,}"


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of icons.svg; the word beside it says what it means."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        static("hikae/icons.svg"),
        name,
    )
