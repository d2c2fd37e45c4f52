"""Closing an organisation: its books can still be taken along, then all of it is erased.

Until the stated moment an owner may take it back. Then its PCs end; a day later, when they have
had time to hear of it, every row goes, the audit log with them: no row of it may go before.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.utils import CursorWrapper

from hikae.cloud.devices.models import Device, DevicePresence
from hikae.cloud.devices.release import release_device
from hikae.cloud.people import audit
from hikae.cloud.people.models import Membership, Organisation, Role
from hikae.cloud.people.tenancy import SETTING, required_tenant

TIME_TO_LEAVE = timedelta(days=30)
"""From closing to the end."""

TIME_TO_HEAR = timedelta(days=1)
"""From the release of its PCs to the erasure."""


class ClosingError(PermissionError):
    """Only an owner closes an organisation, and takes that back in time."""


@transaction.atomic
def close(by: Membership, now: datetime) -> datetime:
    """Have the organisation erased; returns from when. Raises ClosingError."""
    organisation = _owned(by)
    organisation.erased_from = now + TIME_TO_LEAVE
    organisation.save(update_fields=["erased_from"])
    audit.record("organisation.closed", actor=by.user.email, subject=organisation, now=now)
    return organisation.erased_from


@transaction.atomic
def reopen(by: Membership, now: datetime) -> None:
    """Keep the organisation after all; raises ClosingError, also when it is too late."""
    organisation = _owned(by)
    if organisation.erased_from is None or organisation.erased_from <= now:
        raise ClosingError
    organisation.erased_from = None
    organisation.save(update_fields=["erased_from"])
    audit.record("organisation.reopened", actor=by.user.email, subject=organisation, now=now)


def end_pcs_of_closed(now: datetime) -> None:
    """Release the PCs of the organisation being worked for, when its time is over."""
    organisation = Organisation.objects.get(pk=required_tenant())
    if organisation.erased_from is None or organisation.erased_from > now:
        return
    serving = [Device.State.PENDING, Device.State.CONFIRMED]
    for device in Device.objects.filter(organisation=organisation, state__in=serving):
        release_device(device, actor="Hikae", now=now)


def due(now: datetime) -> list[UUID]:
    """The organisations that are to be erased now."""
    over = Organisation.objects.filter(erased_from__lte=now - TIME_TO_HEAR)
    return list(over.values_list("id", flat=True))


def erase(organisation_id: UUID) -> None:
    """Delete an organisation and every row that is its own, in one transaction.

    The organisation goes first: only then does the database let its audit log go. Where two roles
    work with PostgreSQL, only the one that owns the tables may do this.
    """
    alias = "owner" if "owner" in connections else "default"
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        if connections[alias].vendor == "postgresql":
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, str(organisation_id)])
        presence = DevicePresence.objects.using(alias)
        presence.filter(device__organisation=organisation_id).delete()
        _delete(cursor, Organisation, "id", organisation_id)
        for model in apps.get_models():
            if any(field.name == "organisation" for field in model._meta.fields):  # noqa: SLF001 - public
                _delete(cursor, model, "organisation_id", organisation_id)


def _delete(cursor: CursorWrapper, model: type[models.Model], column: str, value: UUID) -> None:
    table = cursor.db.ops.quote_name(model._meta.db_table)  # noqa: SLF001 - public
    given = models.UUIDField().get_db_prep_value(value, cursor.db)
    cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [given])  # noqa: S608 - our own names


def _owned(by: Membership) -> Organisation:
    if by.role != Role.OWNER:
        raise ClosingError
    return Organisation.objects.select_for_update(no_key=True).get(pk=by.organisation_id)
