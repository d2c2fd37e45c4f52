"""Who did what: entries in the same transaction as the deed, chained by hashes, never changed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from hikae.cloud.people.models import AuditEntry
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant

BEGINNING = "0" * 64
"""The hash before the first entry."""

Details = Mapping[str, str | int]


def record(
    action: str, *, actor: object, subject: object, now: datetime, details: Details | None = None
) -> None:
    """Add an entry for the organisation being worked for, inside the deed's own transaction.

    actor, subject: shown as text; a secret belongs in none of the arguments.
    """
    organisation_id = required_tenant()
    lock(organisation_id)
    last = AuditEntry.objects.order_by("-sequence").first()
    entry = AuditEntry(
        organisation_id=organisation_id,
        sequence=last.sequence + 1 if last else 1,
        at=now,
        actor=str(actor)[:200],
        action=action,
        subject=str(subject)[:200],
        details=dict(details or {}),
        previous=last.hash if last else BEGINNING,
    )
    entry.hash = _hash(entry)
    entry.save(force_insert=True)


def first_broken() -> int | None:
    """Number of the first entry that does not fit the one before it; None when all do."""
    entries = list(AuditEntry.objects.order_by("sequence"))
    if entries and (entries[0].previous != BEGINNING or entries[0].hash != _hash(entries[0])):
        return entries[0].sequence
    for before, entry in pairwise(entries):
        linked = entry.previous == before.hash and entry.sequence == before.sequence + 1
        if not linked or entry.hash != _hash(entry):
            return entry.sequence
    return None


def _hash(entry: AuditEntry) -> str:
    facts = (
        entry.previous,
        str(entry.organisation_id),
        entry.sequence,
        entry.at.isoformat(),
        entry.actor,
        entry.action,
        entry.subject,
        entry.details,
    )
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
