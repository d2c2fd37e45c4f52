"""The request log: what came in and what was shown. Field names are kept, values never."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Condition


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
        self._changed = Condition()

    def add(self, entry: Entry) -> None:
        """Keep one more entry."""
        with self._changed:
            self._entries.append(entry)
            self._changed.notify_all()

    def entries(self, customer: str | None = None) -> tuple[Entry, ...]:
        """All entries, or those of one login ID."""
        with self._changed:
            return tuple(e for e in self._entries if customer is None or e.customer == customer)

    def wait_for(self, matches: Callable[[Entry], bool], seconds: float = 10) -> Entry:
        """The first entry that matches, as soon as there is one; TimeoutError when none comes."""

        def found() -> Entry | None:
            return next(filter(matches, self._entries), None)

        with self._changed:
            entry = self._changed.wait_for(found, seconds)
        if entry is None:
            raise TimeoutError
        return entry

    def buttons(self, customer: str | None = None) -> tuple[str, ...]:
        """The labels pressed, in order."""
        return tuple(entry.button for entry in self.entries(customer) if entry.button)

    def clear(self, customer: str | None = None) -> None:
        """Forget everything, or what one login ID did."""
        with self._changed:
            self._entries[:] = [e for e in self._entries if customer not in (None, e.customer)]
