"""Waking the open links of devices when something was written for them.

A wake-up carries nothing; who is woken reads the rows. On SQLite there is one process and a
wake-up stays in it; on PostgreSQL it travels by NOTIFY. A lost one heals at the next poll.
"""

import threading
from collections.abc import Callable
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

CHANNEL = "hikae_devices"

Wake = Callable[[], None]


class Switchboard:
    """The links of this process, by device; safe to call from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wakes: dict[UUID, dict[UUID, Wake]] = {}

    def plug(self, device: UUID, link: UUID, wake: Wake) -> None:
        """Let `wake` be called whenever something was written for `device`."""
        with self._lock:
            self._wakes.setdefault(device, {})[link] = wake

    def unplug(self, device: UUID, link: UUID) -> None:
        """Forget a link."""
        with self._lock:
            links = self._wakes.get(device, {})
            links.pop(link, None)
            if not links:
                self._wakes.pop(device, None)

    @property
    def links(self) -> int:
        """How many links are open in this process."""
        with self._lock:
            return sum(map(len, self._wakes.values()))

    def wake(self, device: UUID) -> None:
        """Wake the links of a device."""
        with self._lock:
            wakes = list(self._wakes.get(device, {}).values())
        for wake in wakes:
            wake()


def switchboard() -> Switchboard:
    """The one of this process; it lives in the app's configuration."""
    found: object = getattr(apps.get_app_config("devices"), "switchboard", None)
    if not isinstance(found, Switchboard):
        raise TypeError("the devices app has no switchboard")
    return found


def nudge(device: UUID) -> None:
    """Wake a device's links, wherever they are, once the transaction is committed."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, str(device)])
        return
    transaction.on_commit(lambda: switchboard().wake(device))
