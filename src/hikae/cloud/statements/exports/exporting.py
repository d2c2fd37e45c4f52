"""出力: looked at first, then made, and taken back when it should not have been.

A file is written from rows that nobody keeps from changing meanwhile. The numbers of changes
tell afterwards whether something did, and then it is written anew.
"""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import QueryDict

from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements import books
from hikae.cloud.statements.exports import keeping, marks
from hikae.cloud.statements.exports.names import missing
from hikae.cloud.statements.exports.record import Figures
from hikae.cloud.statements.exports.selection import Extent, Selection, extents
from hikae.cloud.statements.exports.targets import FORMATS, Format
from hikae.cloud.statements.exports.writing import Outcome, write
from hikae.cloud.statements.forms import FilterForm
from hikae.cloud.statements.models import Account, Change, Export, Transaction

_TURNS = 3


class StaleError(Exception):
    """The rows are no longer those that were looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to have; filter: as in the address of the page of rows."""

    format: str
    filter: str
    only_new: bool


def draft(asked: Asked, by: User, now: datetime) -> Export:
    """Note what is wanted; nothing is written yet."""
    return Export.objects.create(
        organisation_id=required_tenant(),
        target=FORMATS[asked.format].target,
        format=asked.format,
        filter=asked.filter,
        only_new=asked.only_new,
        drafted_at=now,
        made_by=by,
    )


def names_missing(export: Export) -> bool:
    """Whether the form needs names of accounts that nobody has said yet."""
    if FORMATS[export.format].journal is None:
        return False
    return missing(export.target, accounts_of(export))


def accounts_of(export: Export) -> list[Account]:
    """The accounts whose rows the file has, or will have when it is written now."""
    inside, _ = _divided(extents(selection_of(export)), FORMATS[export.format])
    return [extent.account for extent in inside]


def selection_of(export: Export) -> Selection:
    """Which rows it wants; raises StaleError where its filter means nothing any more."""
    form = FilterForm(QueryDict(export.filter), books.accounts())
    if not form.is_valid():
        raise StaleError
    return Selection(form.wanted(), export.target, export.only_new)


def prepare(export: Export, now: datetime) -> None:
    """Write the file of what is only looked at; raises StaleError where rows do not come to rest.

    What it said before is forgotten.
    """
    form, selection = FORMATS[export.format], selection_of(export)
    for _ in range(_TURNS):
        export.sequence = _last_change()
        inside, outside = _divided(extents(selection), form)
        with tempfile.TemporaryFile() as file:
            outcome = write(file, inside, selection, form, now)
            if _last_change() == export.sequence:
                _note(export, inside, outside, outcome)
                export.drafted_at = now
                _keep(export, file)
                return
    raise StaleError


@transaction.atomic
def make(export_id: UUID, by: User, now: datetime) -> None:
    """出力する: from now on these rows are 出力済 for the program; made once, it stays as it is.

    Raises Export.DoesNotExist where there is no file, StaleError where rows have changed since
    it was looked at, and then nothing is done.
    """
    lock(required_tenant())
    export = Export.objects.exclude(sha256="").get(pk=export_id)
    if export.exported_at is not None:
        return
    accounts = [each.account for each in figures_of(export) if not each.left_out]
    changed = Change.objects.filter(account__in=accounts, sequence__gt=export.sequence)
    if changed.exists() or _others_since(export):
        raise StaleError
    if marks.mark(export, _rows(export, accounts)) != export.rows:
        raise StaleError
    export.exported_at, export.made_by = now, by
    export.save(update_fields=["exported_at", "made_by"])
    audit.record(
        "export.made",
        actor=by.email,
        subject=export.id,
        now=now,
        details={"format": export.format, "rows": export.rows, "sha256": export.sha256},
    )


@transaction.atomic
def undo(export_id: UUID, by: User, now: datetime) -> None:
    """取り消す: its rows are 未出力 again, unless another export holds them too.

    Raises Export.DoesNotExist for what was not made; taken back once, it stays so.
    """
    lock(required_tenant())
    export = Export.objects.exclude(exported_at=None).get(pk=export_id)
    if export.undone_at is not None:
        return
    marks.unmark(export)
    export.undone_at, export.undone_by = now, by
    export.save(update_fields=["undone_at", "undone_by"])
    audit.record(
        "export.undone",
        actor=by.email,
        subject=export.id,
        now=now,
        details={"format": export.format, "rows": export.rows},
    )


def discard(export_id: UUID) -> None:
    """Forget what was only looked at; raises Export.DoesNotExist."""
    Export.objects.get(pk=export_id, exported_at=None).delete()


def figures_of(export: Export) -> list[Figures]:
    """What each account gave."""
    return msgspec.convert(export.accounts, list[Figures])


def _divided(found: Sequence[Extent], form: Format) -> tuple[list[Extent], list[Extent]]:
    """What is in the file, and what the form has no way to say."""
    outside = [each for each in found if form.yen_only and each.account.currency != "JPY"]
    return [each for each in found if each not in outside], outside


@transaction.atomic
def _keep(export: Export, file: BinaryIO) -> None:
    if export.refusal is None:
        keeping.keep(export, file)
    else:
        keeping.drop(export)
    export.save()


def _note(
    export: Export, inside: Sequence[Extent], outside: Sequence[Extent], outcome: Outcome
) -> None:
    first = min((each.days.first for each in inside), default=None)
    last = max((each.days.last for each in inside), default=None)
    form = FORMATS[export.format]
    export.rows, export.first, export.last = sum(each.rows for each in inside), first, last
    export.accounts = msgspec.to_builtins(
        [_figures(each, left_out=False) for each in inside]
        + [_figures(each, left_out=True) for each in outside]
    )
    export.losses = msgspec.to_builtins(list(outcome.losses.values()))
    export.loss_count = outcome.loss_count
    export.refusal = msgspec.to_builtins(outcome.refusal)
    export.name = f"hikae-{form.code}-{first:%Y%m%d}-{last:%Y%m%d}.{form.ending}" if first else ""


def _figures(extent: Extent, *, left_out: bool) -> Figures:
    return Figures(
        account=extent.account.id,
        currency=extent.account.currency,
        rows=extent.rows,
        first=extent.days.first,
        last=extent.days.last,
        received=extent.received,
        paid=extent.paid,
        left_out=left_out,
    )


def _rows(export: Export, accounts: Sequence[UUID]) -> QuerySet[Transaction]:
    return selection_of(export).rows().filter(account__in=accounts)


def _others_since(export: Export) -> bool:
    """Whether other exports to the same program came or went meanwhile."""
    since = Q(exported_at__gte=export.drafted_at) | Q(undone_at__gte=export.drafted_at)
    return export.only_new and Export.objects.filter(since, target=export.target).exists()


def _last_change() -> int:
    last: int | None = Change.objects.aggregate(last=Max("sequence"))["last"]
    return last or 0
