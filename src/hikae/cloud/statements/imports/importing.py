"""Taking a file into the books: all of its statements in one transaction, or none."""

from dataclasses import asdict, replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from hikae.cloud.connections.models import Connection
from hikae.cloud.connections.registering import register_for_files
from hikae.cloud.people import audit
from hikae.cloud.people.models import User
from hikae.cloud.people.organisations import lock
from hikae.cloud.people.tenancy import required_tenant
from hikae.cloud.statements.imports.continuing import as_far_as_it_continues
from hikae.cloud.statements.imports.files import statements_of
from hikae.cloud.statements.imports.owners import Owner, owner, said_of
from hikae.cloud.statements.models import Account, ImportedFile
from hikae.cloud.statements.taking import Origin, record, take
from hikae.link import delivery
from hikae.model.fetch import Counts
from hikae.model.statement import Statement


class OwnerUnknownError(ValueError):
    """Nobody has said yet whose account it is."""


@transaction.atomic
def import_file(file_id: UUID, by: User, now: datetime) -> Counts:
    """Take every statement of a file; one that was taken already adds nothing.

    Raises ImportedFile.DoesNotExist, OwnerUnknownError or UnreadableFile.
    """
    lock(required_tenant())
    file = ImportedFile.objects.get(pk=file_id)
    if file.imported_at is not None:
        return Counts()
    counts = Counts()
    for number, statement in enumerate(statements_of(file)):
        counts += _import(file, number, statement, by, now)
    file.imported_at = now
    file.save(update_fields=["imported_at"])
    audit.record(
        "file.imported",
        actor=by.email,
        subject=file.id,
        now=now,
        details={"sha256": file.sha256, **asdict(counts)},
    )
    return counts


def connection_of(whose: Owner, kept: Account | None) -> Connection | None:
    """The registration that shows the account, or any other one with its institution."""
    found = Connection.objects.filter(institution=whose.institution).order_by("registered_at")
    showing = found.filter(accounts__account=kept) if kept else found.none()
    return showing.first() or found.first()


def _import(
    file: ImportedFile, number: int, statement: Statement, by: User, now: datetime
) -> Counts:
    whose = owner(statement.account, said_of(file))
    if whose is None:
        raise OwnerUnknownError
    kept = whose.kept()
    connection = connection_of(whose, kept) or register_for_files(whose.institution, by, now)
    named = replace(statement, account=whose.account)
    ready = as_far_as_it_continues(kept.id if kept else None, named)
    statement_id = uuid5(file.id, str(number))
    taken = take(connection, statement_id, ready, now)
    digest = delivery.digest(ready, ready.transactions)
    record(statement_id, ready, Origin(connection.id, digest, file=file.id), taken, now)
    return taken.counts
