"""An export as pages show it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hikae.cloud.pages import wording
from hikae.cloud.pages.language import language
from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.exports.exporting import figures_of
from hikae.cloud.statements.exports.forms import conditions
from hikae.cloud.statements.exports.record import Figures, Reason, Refusal, Told
from hikae.cloud.statements.exports.targets import FORMATS, TARGETS
from hikae.cloud.statements.forms import FilterForm
from hikae.cloud.statements.labels import name_of
from hikae.cloud.statements.models import Export


@dataclass(frozen=True, slots=True)
class AccountShown:
    """What an account gave, with its name."""

    name: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class ExportShown:
    """An export with its words.

    conditions: label and value of each part of the filter.
    """

    record: Export
    target: Promise | str
    format: Promise | str
    conditions: list[tuple[str, str]]
    inside: list[AccountShown]
    outside: list[AccountShown]
    losses: list[Told]
    refusal: Refusal | None
    refusal_words: str

    @property
    def unlisted(self) -> int:
        """Texts that were lost and are not among `losses`."""
        return self.record.loss_count - sum(each.times for each in self.losses)


def shown(export: Export, accounts: Iterable[ShownAccount]) -> ExportShown:
    """What pages say of an export; accounts: all of the organisation."""
    known = list(accounts)
    by_id = {account.id: name_of(account) for account in known}
    filtered = FilterForm(QueryDict(export.filter), known)
    filtered.is_valid()
    figures = [AccountShown(by_id.get(each.account, ""), each) for each in figures_of(export)]
    refusal = msgspec.convert(export.refusal, Refusal | None)
    return ExportShown(
        record=export,
        target=TARGETS[export.target],
        format=FORMATS[export.format].title,
        conditions=conditions(filtered),
        inside=[each for each in figures if not each.figures.left_out],
        outside=[each for each in figures if each.figures.left_out],
        losses=msgspec.convert(export.losses, list[Told]),
        refusal=refusal,
        refusal_words=_words(refusal, by_id) if refusal else "",
    )


def _words(refusal: Refusal, names: Mapping[UUID, str]) -> str:
    """Why there is no file, and what to do."""
    account = names.get(refusal.account, "") if refusal.account else ""
    match refusal.reason:
        case Reason.NOTHING:
            return _(
                "出力する明細がありません。条件を変えるか、[未出力の明細だけ]を外してください。"
            )
        case Reason.SOME_ROWS:
            words = _(
                "%(account)s: 同じ日の明細の一部だけが選ばれているため、残高を書けません。"
                "入出金や言葉で絞り込まず、[未出力の明細だけ]を外してください。"
            )
            return words % {"account": account}
        case Reason.GAP:
            words = _(
                "%(account)s: %(first)sと%(last)sのあいだで残高がつながりません。"
                "明細のない期間を取得するか、期間を分けて出力してください。"
            )
            return words % {"account": account, **_days(refusal)}
        case Reason.UNKNOWN:
            words = _(
                "%(account)s: 残高がわからないため、この形式では出力できません。"
                "ほかの形式を選んでください。"
            )
            return words % {"account": account}
        case Reason.UNWRITABLE:
            words = _(
                "この形式では書けない内容があります。必要な内容: %(expected)s、"
                "実際の内容: %(found)s。期間や口座を分けるか、ほかの形式を選んでください。"
            )
            return words % {"expected": refusal.expected, "found": refusal.found or _("(空白)")}


def _days(refusal: Refusal) -> dict[str, str]:
    days = refusal.days
    if days is None:
        return {"first": "", "last": ""}
    return {
        "first": wording.day(days.first, language()),
        "last": wording.day(days.last, language()),
    }
