"""The journal as one process knows it: what ended, looked up without asking the disk."""

import logging
from collections.abc import Iterator
from pathlib import Path
from threading import Lock
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from hikae.cloud.devices.endings.entries import Ended, Entry, Renewed, read, write
from hikae.cloud.devices.endings.postgresql import PostgresqlStore
from hikae.cloud.devices.endings.store import FileStore, JournalError, Store

_log = logging.getLogger("hikae.endings")


class Journal:
    """Endings by device; safe to use from any thread."""

    def __init__(self, store: Store) -> None:
        """Read `store`; raises JournalError."""
        self._store = store
        self._lock = Lock()
        self._ended: dict[UUID, Ended] = {}
        self._renewed: dict[UUID, Renewed] = {}
        self._revoked: set[bytes] = set()
        self._catch_up()

    def add(self, entry: Entry) -> None:
        """Write an entry before what it tells is done; raises JournalError."""
        self._store.append(write(entry))
        self._note(entry)

    def try_out(self) -> None:
        """Raise JournalError where nothing could be added."""
        self._store.try_out()

    def ended(self, device: UUID) -> Ended | None:
        """How a device's enrolment ended, if it has."""
        self._look()
        return self._ended.get(device)

    def renewed(self, device: UUID) -> Renewed | None:
        """The last change of a device's keys, if there was one."""
        self._look()
        return self._renewed.get(device)

    def revoked(self, signing: bytes) -> bool:
        """Whether this raw public key once was, and no longer is, a device's own."""
        self._look()
        return signing in self._revoked

    def devices(self) -> Iterator[UUID]:
        """Every device that the journal knows."""
        self._look()
        with self._lock:
            return iter({*self._ended, *self._renewed})

    def _look(self) -> None:
        try:
            self._catch_up()
        except JournalError as error:
            # What is known already goes on to hold; only what others just added is not seen.
            _log.warning("%s", error)

    def _catch_up(self) -> None:
        for line in self._store.news():
            entry = read(line)
            if entry is not None:
                self._note(entry)

    def _note(self, entry: Entry) -> None:
        with self._lock:
            match entry:
                case Ended():
                    self._ended.setdefault(entry.device, entry)
                case Renewed():
                    self._renewed[entry.device] = entry
                    self._revoked.add(entry.before)


class Journals:
    """The journals of this process by their place: one, except where tests change the place."""

    def __init__(self) -> None:
        """None is read yet."""
        self._lock = Lock()
        self._read: dict[str, Journal] = {}

    def at(self, place: str) -> Journal:
        """The journal at a path or address; raises JournalError when it cannot be read at first."""
        with self._lock:
            if place not in self._read:
                self._read[place] = Journal(_store(place))
            return self._read[place]


def journal() -> Journal:
    """The journal of the settings; raises JournalError when it cannot be read at first."""
    found: object = getattr(apps.get_app_config("devices"), "journals", None)
    if not isinstance(found, Journals):
        raise TypeError("the devices app has no journals")
    return found.at(settings.HIKAE_ENDINGS or str(_keys() / "endings.jsonl"))


def _store(place: str) -> Store:
    if place.startswith(("postgresql://", "postgres://")):
        return PostgresqlStore(place)
    return FileStore(Path(place))


def _keys() -> Path:
    keys: Path | None = settings.HIKAE_KEYS
    if keys is None:
        raise ImproperlyConfigured("HIKAE_DATA is needed to remember what has ended")
    return keys
