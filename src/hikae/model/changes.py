"""What a new statement changed, as events and as the new state of each touched day."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from hikae.model.fetch import Counts
from hikae.model.statement import Period, Transaction
from hikae.model.stored import StoredDay, StoredRow


class Added(msgspec.Struct, frozen=True, gc=False):
    """A transaction that nobody had shown before.

    late: its day had been covered by a complete statement already.
    """

    row: StoredRow
    late: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """The bank booked the same amount on another day."""

    id: UUID
    before: Transaction
    after: Transaction


@dataclass(frozen=True, slots=True)
class Corrected:
    """The bank wrote another amount for the same transaction of the same day."""

    id: UUID
    before: Transaction
    after: Transaction


@dataclass(frozen=True, slots=True)
class Removed:
    """The bank no longer shows a transaction."""

    id: UUID
    before: Transaction


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one statement changes.

    days: the new state of every day whose state changed, oldest first; a day may change without
    an event, when it is confirmed anew or its texts were written differently. holes: days
    between covered ones that no complete statement covers. known: rows of the statement that
    were stored already.
    """

    added: tuple[Added, ...]
    moved: tuple[Moved, ...]
    corrected: tuple[Corrected, ...]
    removed: tuple[Removed, ...]
    days: tuple[StoredDay, ...]
    holes: tuple[Period, ...]
    known: int

    @property
    def counts(self) -> Counts:
        """The same in figures."""
        return Counts(
            added=len(self.added),
            known=self.known,
            moved=len(self.moved),
            corrected=len(self.corrected),
            removed=len(self.removed),
        )
