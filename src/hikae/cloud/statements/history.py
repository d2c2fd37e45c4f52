"""What happened to a row, in words."""

from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.utils.translation import gettext as _

from hikae.cloud.pages import wording
from hikae.cloud.pages.language import language
from hikae.cloud.statements.models import Change
from hikae.model.statement import Transaction


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, and when."""

    at: datetime
    words: str


def event(change: Change) -> Event:
    """A change to a row as a person reads it."""
    return Event(change.at, _words(change))


def _words(change: Change) -> str:
    match Change.Kind(change.kind):
        case Change.Kind.ADDED if change.late:
            return _("あとから届いて追加されました。")
        case Change.Kind.ADDED:
            return _("追加されました。")
        case Change.Kind.MOVED:
            days = {"before": _day(change.before), "after": _day(change.after)}
            return _("日付が%(before)sから%(after)sに変わりました。") % days
        case Change.Kind.CORRECTED:
            return _("銀行の表示に合わせて内容が直されました。")
        case Change.Kind.REMOVED:
            return _("銀行の表示からなくなりました。")


def _day(kept: object) -> str:
    return wording.day(msgspec.convert(kept, Transaction).booked_on, language())
