"""Files as they were received: kept byte for byte, found again by their content."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.imports.owners import Said
from hikae.cloud.statements.imports.reading import newest_day, read_file
from hikae.cloud.statements.models import ImportedFile
from hikae.formats.cleaning import clean
from hikae.model.clock import japan_day
from hikae.model.statement import Statement

LARGEST = 32 * 2**20
"""Bytes of a file, which pages tell people; 全銀 needs 200 for a row."""

LOOKED_AT = timedelta(days=7)
"""How long a file that was looked at, but not taken, is kept."""

_LONGEST_NAME = 200


class GotTooEarlyError(ValueError):
    """A file has rows of a later day than the one on which it is said to have been got."""

    def __init__(self, newest: date) -> None:
        super().__init__(f"rows up to {newest}")
        self.newest = newest


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came: its content, the name it had, and when the person got it from the bank.

    institution: the code of the one at whose registration it was brought, may be empty.
    """

    content: bytes
    name: str
    got_on: date
    institution: str = ""


def keep(received: Received, by: User, now: datetime) -> ImportedFile:
    """Keep a file that can be read; the same content as before is the file of before.

    Raises UnreadableFile or GotTooEarlyError, and then nothing is kept.
    """
    name = (clean(received.name) or "file")[-_LONGEST_NAME:]
    got_on = min(received.got_on, japan_day(now))
    newest = newest_day(read_file(received.content, name, got_on, now))
    if newest is not None and newest > got_on < japan_day(now):
        raise GotTooEarlyError(newest)
    sha256 = hashlib.sha256(received.content).hexdigest()
    with transaction.atomic():
        lock(required_tenant())
        known = ImportedFile.objects.filter(sha256=sha256).defer("content").first()
        if known is not None:
            return known
        file = ImportedFile.objects.create(
            organisation_id=required_tenant(),
            name=name,
            sha256=sha256,
            size=len(received.content),
            content=received.content,
            got_on=got_on,
            said=asdict(Said(institution=received.institution)),
            received_at=now,
            received_by=by,
        )
        audit.record(
            "file.received", actor=by.email, subject=file.id, now=now, details={"sha256": sha256}
        )
        return file


def files() -> QuerySet[ImportedFile]:
    """All files of the organisation being worked for, newest first, without their content."""
    newest_first = ImportedFile.objects.order_by("-received_at", "id")
    return newest_first.defer("content").select_related("received_by")


def statements_of(file: ImportedFile) -> list[Statement]:
    """What a kept file says; raises UnreadableFile."""
    return read_file(bytes(file.content), file.name, file.got_on, file.received_at)


@transaction.atomic
def say(file_id: UUID, said: Said) -> None:
    """Note whose accounts a file speaks of; raises ImportedFile.DoesNotExist."""
    file = _untaken(file_id)
    file.said = asdict(said)
    file.save(update_fields=["said"])


@transaction.atomic
def discard(file_id: UUID, by: User, now: datetime) -> None:
    """Forget a file that was not taken; raises ImportedFile.DoesNotExist."""
    _untaken(file_id).delete()
    audit.record("file.discarded", actor=by.email, subject=file_id, now=now)


def forget_untaken(now: datetime) -> None:
    """Forget the files that were looked at long ago and never taken."""
    ImportedFile.objects.filter(imported_at=None, received_at__lt=now - LOOKED_AT).delete()


def _untaken(file_id: UUID) -> ImportedFile:
    untaken = ImportedFile.objects.select_for_update(no_key=True).filter(imported_at=None)
    return untaken.defer("content").get(pk=file_id)
