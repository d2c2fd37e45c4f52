"""Finding a device and its presence by id: how every request of an agent begins.

The queries are written out, because Django takes longer to write them than to have them answered.
"""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import connection, models

from hikae.cloud.devices.models import Device, DevicePresence

Found = TypeVar("Found", bound=models.Model)


def device_of(device_id: UUID) -> Device | None:
    """The device of an id."""
    return _found(Device, "id", device_id)


def presence_of(device_id: UUID) -> DevicePresence | None:
    """Whether a device is on, as far as it was ever seen."""
    return _found(DevicePresence, "device_id", device_id)


def numbers_of(device_ids: Iterable[UUID]) -> dict[UUID, int]:
    """The number of each device's last command."""
    return dict(Device.objects.filter(pk__in=device_ids).values_list("id", "commanded"))


def _found(model: type[Found], column: str, wanted: UUID) -> Found | None:
    key = Device._meta.pk.get_db_prep_value(wanted, connection)  # noqa: SLF001 - public
    table = model._meta.db_table  # noqa: SLF001 - public
    query = f'SELECT * FROM "{table}" WHERE "{column}" = %s'  # noqa: S608 - names of the schema
    return next(iter(model._default_manager.raw(query, [key])), None)  # noqa: SLF001 - public
