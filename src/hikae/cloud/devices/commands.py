"""What the cloud asks of a device: numbered rows, sent until the agent keeps them."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection, transaction

from hikae.cloud.devices.models import Command, Device
from hikae.cloud.devices.switchboard import nudge
from hikae.cloud.people.tenancy import required_tenant
from hikae.killpoint import killpoint
from hikae.link.messages import AnyCommand, Refresh, encode

_DECODER = msgspec.json.Decoder(AnyCommand)

# Written out, because Django takes longer to write it than to have it carried out.
_FORGET = (
    f"DELETE FROM {Command._meta.db_table}"  # noqa: S608, SLF001 - a name of the schema
    " WHERE organisation_id = %s AND device_id = %s AND sequence <= %s"
)


@transaction.atomic
def send(device_id: UUID, make: Callable[[int], AnyCommand], now: datetime) -> None:
    """Ask something of a device; `make` gets the command's number."""
    device = Device.objects.select_for_update(no_key=True).get(pk=device_id)
    device.commanded += 1
    device.save(update_fields=["commanded"])
    message = encode(make(device.commanded))
    Command.objects.create(
        organisation_id=required_tenant(),
        device=device,
        sequence=device.commanded,
        message=message.decode(),
        created_at=now,
    )
    nudge(device_id, message)


def refresh(device_id: UUID | None, now: datetime) -> None:
    """Ask the PC that serves a connection, if there is one, to read its connections again."""
    if device_id is not None:
        send(device_id, lambda seq: Refresh(seq=seq), now)


def after(device_id: UUID, sequence: int) -> tuple[AnyCommand, ...]:
    """What a device has not been told yet, oldest first."""
    rows = Command.objects.filter(device=device_id, sequence__gt=sequence).order_by("sequence")
    told = tuple(_DECODER.decode(row.message) for row in rows)
    if told:
        killpoint("commands.handed_out")
    return told


def brought(message: bytes) -> AnyCommand:
    """The command that a wake-up has brought along."""
    command: AnyCommand = _DECODER.decode(message)
    killpoint("commands.handed_out")
    return command


def acknowledge(device_id: UUID, sequence: int) -> None:
    """Forget what the agent keeps: all commands up to `sequence`."""
    key = Device._meta.pk.get_db_prep_value  # noqa: SLF001 - public
    whose = key(required_tenant(), connection), key(device_id, connection)
    with connection.cursor() as cursor:
        cursor.execute(_FORGET, [*whose, sequence])
