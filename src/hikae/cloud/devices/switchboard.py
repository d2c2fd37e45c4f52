"""Waking the open links of devices when something was written for them.

A wake-up brings the command along where it is short, so that it can be passed on at once; the rows
are what counts, and who missed a wake-up or was given none of the kind reads them. On SQLite there
is one process and a wake-up stays in it; on PostgreSQL it travels by NOTIFY. A lost one heals at
the next look.
"""

import asyncio
import threading
from collections.abc import Callable
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction

CHANNEL = "hikae_devices"

_LONGEST = 7_900
"""Bytes of a wake-up; PostgreSQL takes up to 7,999."""

Wake = Callable[[bytes], None]
"""Gets a command as it is written in its row, or nothing: then the rows have to be read."""


class Switchboard:
    """The links of this process, by device."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wakes: dict[UUID, dict[UUID, Wake]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def links(self) -> int:
        """How many links are open in this process."""
        with self._lock:
            return sum(map(len, self._wakes.values()))

    def plug(self, device: UUID, link: UUID, wake: Wake) -> None:
        """Let `wake` be called on this loop whenever something was written for `device`."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._wakes.setdefault(device, {})[link] = wake

    def unplug(self, device: UUID, link: UUID) -> None:
        """Forget a link."""
        with self._lock:
            links = self._wakes.get(device, {})
            links.pop(link, None)
            if not links:
                self._wakes.pop(device, None)
            if not self._wakes:
                self._loop = None

    def wake(self, device: UUID, command: bytes = b"") -> None:
        """Wake the links of a device; on their loop."""
        with self._lock:
            wakes = list(self._wakes.get(device, {}).values())
        for wake in wakes:
            wake(command)

    def wake_from_thread(self, device: UUID, command: bytes = b"") -> None:
        """The same from any other thread."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self.wake, device, command)


def switchboard() -> Switchboard:
    """The one of this process; it lives in the app's configuration."""
    found: object = getattr(apps.get_app_config("devices"), "switchboard", None)
    if not isinstance(found, Switchboard):
        raise TypeError("the devices app has no switchboard")
    return found


def nudge(device: UUID, command: bytes = b"") -> None:
    """Wake a device's links, wherever they are, once the transaction is committed."""
    if connection.vendor == "postgresql":
        word = f"{device} {command.decode()}"
        if len(word.encode()) > _LONGEST:
            word = str(device)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, word])
        return
    transaction.on_commit(lambda: switchboard().wake_from_thread(device, command))


def heard(word: str) -> None:
    """Wake whom a NOTIFY is for; on the loop of the links."""
    device, _, command = word.partition(" ")
    switchboard().wake(UUID(device), command.encode())
