"""The request log: what came in and what was shown. Field names are kept, values never."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Lock


@dataclass(frozen=True, slots=True)
class Entry:
    """One request.

    `button` is the label that was pressed ("" when none), `fields` the names of all form fields
    sent, `filled` of those that were not empty, `page` the title shown (or the name of the file
    sent, or why TLS failed), `customer` the login ID as far as the bank knows it by then.
    """

    time: datetime
    institution: str
    customer: str
    method: str
    host: str
    path: str
    button: str
    fields: tuple[str, ...]
    filled: tuple[str, ...]
    page: str
    status: int

    def as_plain(self) -> dict[str, object]:
        """The entry as JSON can hold it."""
        return asdict(self) | {"time": self.time.isoformat()}


class Journal:
    """The entries in the order of arrival; safe to read while the bank runs."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = Lock()

    def add(self, entry: Entry) -> None:
        """Keep one more entry."""
        with self._lock:
            self._entries.append(entry)

    def entries(self, customer: str | None = None) -> tuple[Entry, ...]:
        """All entries, or those of one login ID."""
        with self._lock:
            return tuple(e for e in self._entries if customer is None or e.customer == customer)

    def buttons(self, customer: str | None = None) -> tuple[str, ...]:
        """The labels pressed, in order."""
        return tuple(entry.button for entry in self.entries(customer) if entry.button)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
