"""Keeping login information that the cloud cannot read.

It is sealed on receipt: to the device that serves the connection, or for at most seven days to
a key of the server, until the person has confirmed a device to which it is sealed anew.
"""

from collections.abc import Mapping
from datetime import datetime

from hikae.cloud.connections.models import Connection, SealedLogin
from hikae.cloud.connections.server_keys import ServerKeys
from hikae.cloud.devices.models import Device
from hikae.cloud.people.models import User
from hikae.link.sealing import LoginContext, seal_login, unseal_login
from hikae.model.secret import Secret


def keep_login(connection: Connection, login: Mapping[str, Secret], now: datetime) -> None:
    """Seal `login` as the next version of a connection's login information."""
    connection.login_version += 1
    connection.save(update_fields=["login_version"])
    if connection.device is not None:
        _seal_to_device(connection, connection.device, login)
        return
    key = ServerKeys.of_settings().of_today(now)
    context = _context(connection, key.holder)
    _store(connection, key.holder, seal_login(dict(login), key.public, context), key.expires_at)


def hand_over(device: Device, person: User, now: datetime) -> None:
    """Give a confirmed device its person's connections that no PC serves, with their logins.

    A login whose key is gone stays behind: it must be typed again. What only files fill, having
    never had a login, needs no PC.
    """
    unserved = Connection.objects.filter(device=None, registered_by=person, login_version__gt=0)
    for connection in unserved.select_related("login"):
        connection.device = device
        connection.save(update_fields=["device"])
        _reseal(connection, device, now)


def forget_expired(now: datetime) -> int:
    """Delete logins that were sealed to the server for too long; returns how many."""
    return SealedLogin.objects.filter(expires_at__lte=now).delete()[0]


def _reseal(connection: Connection, device: Device, now: datetime) -> None:
    held = SealedLogin.objects.filter(connection=connection).first()
    key = ServerKeys.of_settings().find(held.holder, now) if held else None
    if held is None or key is None:
        return
    login = unseal_login(held.sealed, key.private, _context(connection, held.holder))
    _seal_to_device(connection, device, login)


def _seal_to_device(connection: Connection, device: Device, login: Mapping[str, Secret]) -> None:
    context = _context(connection, device.holder)
    sealed = seal_login(dict(login), bytes(device.sealing), context)
    _store(connection, device.holder, sealed, None)


def _context(connection: Connection, holder: str) -> LoginContext:
    return LoginContext(
        connection.organisation_id,
        connection.id,
        connection.institution,
        holder,
        connection.login_version,
    )


def _store(connection: Connection, holder: str, sealed: str, expires_at: datetime | None) -> None:
    SealedLogin.objects.update_or_create(
        connection=connection,
        defaults={
            "organisation_id": connection.organisation_id,
            "holder": holder,
            "version": connection.login_version,
            "sealed": sealed,
            "expires_at": expires_at,
        },
    )
