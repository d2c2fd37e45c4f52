"""Whether this process can work: everything that it needs and may lose is looked at."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cache
from threading import Lock

from django.core.exceptions import ImproperlyConfigured
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from hikae.cloud.connections.server_keys import ServerKeys
from hikae.cloud.devices.endings import JournalError, journal

FRESH = timedelta(seconds=1)
"""How long an answer holds, so that whoever asks without end costs the cloud nothing."""

_log = logging.getLogger("hikae.watching")


class LackingError(Exception):
    """Something that the cloud needs is not there."""


class Readiness:
    """What the last look found; safe to ask from any thread."""

    def __init__(self) -> None:
        """Nothing has been looked at."""
        self._lock = Lock()
        self._looked_at: datetime | None = None
        self._lacking: tuple[str, ...] = ()

    def lacking(self, now: datetime) -> tuple[str, ...]:
        """Names of what does not work, of LOOKS; none when the cloud is ready.

        While somebody looks already, the others hear what was found before.
        """
        if self._fresh(now) or not self._lock.acquire(blocking=self._looked_at is None):
            return self._lacking
        try:
            if not self._fresh(now):
                found = [_lacking(name, look, now) for name, look in LOOKS.items()]
                self._lacking = tuple(dict.fromkeys(name for name in found if name))
                self._looked_at = now
        finally:
            self._lock.release()
        return self._lacking

    def _fresh(self, now: datetime) -> bool:
        return self._looked_at is not None and abs(now - self._looked_at) < FRESH


def _lacking(name: str, look: Callable[[datetime], None], now: datetime) -> str:
    """What a look finds lacking: what it looks at, or the database; empty where all is well."""
    try:
        look(now)
    except Error as error:
        connection.close()
        _log.warning("not ready, database: %s", type(error).__name__)
        return "database"
    except (LackingError, JournalError, ImproperlyConfigured, OSError, ValueError) as error:
        _log.warning("not ready, %s: %s", name, type(error).__name__)
        return name
    return ""


def _database(_: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _migrations(_: datetime) -> None:
    """Every table is as this program knows it, or newer; raises LackingError."""
    if not _newest() <= MigrationRecorder(connection).applied_migrations().keys():
        raise LackingError


@cache
def _newest() -> frozenset[tuple[str, str]]:
    """The last migration of each app, as this program has them."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _keys(now: datetime) -> None:
    """The key to which logins are sealed today is there, or can be made."""
    ServerKeys.of_settings().of_today(now)


def _journal(_: datetime) -> None:
    """What ends could be written down; nothing is."""
    journal().try_out()


LOOKS: Mapping[str, Callable[[datetime], None]] = {
    "database": _database,
    "migrations": _migrations,
    "keys": _keys,
    "journal": _journal,
}
