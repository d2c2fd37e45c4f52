"""The wall between organisations: which one is being worked for, and who enforces it.

Inside `with tenant(organisation_id):` managers of tenant tables show the rows of that
organisation only, whichever way Django comes to them; outside they refuse. PostgreSQL enforces
the same by row-level security, also against raw SQL: the setting `hikae.organisation` follows
the context.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar
from uuid import UUID, uuid4

import psycopg
from django.db import Error, connection, models

SETTING = "hikae.organisation"

_current: ContextVar[UUID | None] = ContextVar("organisation", default=None)


@contextmanager
def tenant(organisation_id: UUID) -> Iterator[None]:
    """Work for one organisation; contexts nest, and the outer one comes back."""
    outer = _current.get()
    token = _current.set(organisation_id)
    try:
        _tell_database(organisation_id)
        yield
    finally:
        _current.reset(token)
        _tell_database(outer)


def required_tenant() -> UUID:
    """The organisation being worked for; raises LookupError outside of any."""
    organisation_id = _current.get()
    if organisation_id is None:
        raise LookupError("no organisation is being worked for")
    return organisation_id


def start_request(**_: object) -> None:
    """See to a database connection that was kept from the request before.

    It is told for whom this one works, nobody yet, and replaced where it does not answer.
    """
    raw = connection.connection
    if not isinstance(raw, psycopg.Connection):
        return
    if raw.closed or raw.info.transaction_status == psycopg.pq.TransactionStatus.INERROR:
        connection.close()
        return
    try:
        _tell_database(_current.get())
    except Error:
        connection.close()


def _tell_database(organisation_id: UUID | None) -> None:
    raw = connection.connection
    if connection.vendor != "postgresql" or (raw is None and organisation_id is None):
        return
    # A transaction that failed and a connection that was lost forget the setting by themselves.
    if isinstance(raw, psycopg.Connection) and (
        raw.closed or raw.info.transaction_status == psycopg.pq.TransactionStatus.INERROR
    ):
        return
    with connection.cursor() as cursor:
        text = str(organisation_id) if organisation_id else ""
        cursor.execute("SELECT set_config(%s, %s, false)", [SETTING, text])


Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class TenantManager(models.Manager[Row_co]):
    """Shows the rows of the organisation being worked for."""

    def get_queryset(self) -> models.QuerySet[Row_co]:
        """The rows of this organisation; raises LookupError outside of any."""
        return super().get_queryset().filter(organisation=required_tenant())


class TenantModel(models.Model):
    """A row of one organisation, behind the wall."""

    organisation = models.ForeignKey("people.Organisation", models.CASCADE, related_name="+")

    objects = TenantManager()

    class Meta:
        abstract = True
        # Else what follows references, saves and deletes would go around the manager.
        base_manager_name = "objects"


class TenantEntity(TenantModel):
    """A row of one organisation with an id of its own."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)

    class Meta:
        abstract = True
