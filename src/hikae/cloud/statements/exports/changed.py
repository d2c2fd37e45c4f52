"""出力後に変わった明細: rows that a program was given otherwise than the bank shows them now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Count, QuerySet

from hikae.cloud.statements.exports.marks import holds
from hikae.cloud.statements.history import event
from hikae.cloud.statements.models import Change, Export
from hikae.model.statement import Transaction

_AMENDED = (Change.Kind.MOVED, Change.Kind.CORRECTED, Change.Kind.REMOVED)


_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Amendment:
    """What happened to a row; after: None where it is gone."""

    at: datetime
    words: str
    transaction: UUID
    currency: str
    before: Transaction
    after: Transaction | None


def amendments(export: Export) -> list[Amendment]:
    """The first of the changes, with the rows as they were and as they are."""
    return [_amendment(change) for change in changes_since(export)[:_SHOWN]]


def changes_since(export: Export) -> QuerySet[Change]:
    """What happened to its rows after it was made, oldest first."""
    later = Change.objects.filter(sequence__gt=export.sequence, kind__in=_AMENDED)
    return later.filter(holds(export, "transaction")).select_related("account").order_by("sequence")


def count_changed(export: Export) -> int:
    """How many of its rows are no longer as it has them."""
    counted = changes_since(export).order_by().aggregate(rows=Count("transaction", distinct=True))
    return int(counted["rows"])


def _amendment(change: Change) -> Amendment:
    said = event(change)
    return Amendment(
        at=said.at,
        words=said.words,
        transaction=change.transaction,
        currency=change.account.currency,
        before=msgspec.convert(change.before, Transaction),
        after=msgspec.convert(change.after, Transaction | None),
    )
