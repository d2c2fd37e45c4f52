"""When connections are due, written down, and the plan that a person made."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from hikae.agent.database import Database
from hikae.agent.timetable import Plan
from hikae.model.fetch import Trigger


@dataclass(frozen=True, slots=True)
class Due:
    """The next time of a connection, and what then starts its fetch.

    late: it makes good a time that was missed.
    """

    at: datetime
    trigger: Trigger
    late: bool = False


class Dues:
    """The table of one profile; every method raises StorageError."""

    def __init__(self, database: Database, plan: Plan) -> None:
        """plan: as a person set it."""
        self.plan = plan
        self._database = database
        self._known = {
            UUID(connection): Due(datetime.fromisoformat(at), Trigger(trigger), bool(late))
            for connection, at, trigger, late in database.rows(
                "SELECT connection, at, trigger, late FROM due"
            )
        }

    def of(self, connection: UUID) -> Due | None:
        """The next time of a connection."""
        return self._known.get(connection)

    def keep(self, connection: UUID, due: Due) -> None:
        """Write down a next time; a power cut may take it back, and it is then made anew."""
        if self._known.get(connection) == due:
            return
        with self._database.transaction(durable=False) as db:
            row = (str(connection), due.at.isoformat(), due.trigger, due.late)
            db.execute("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?)", row)
        self._known[connection] = due

    def forget(self, connection: UUID) -> None:
        """Nothing is due."""
        if self._known.pop(connection, None) is not None:
            with self._database.transaction(durable=False) as db:
                db.execute("DELETE FROM due WHERE connection = ?", (str(connection),))

    def keep_only(self, connections: Collection[UUID]) -> None:
        """Forget those of others."""
        for gone in self._known.keys() - set(connections):
            self.forget(gone)
