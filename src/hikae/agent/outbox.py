"""Statements on their way to the cloud: kept from before the sign-out until acknowledged.

They lie sealed on the disk; the cloud is sent what was sealed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from hikae.agent.database import Database
from hikae.killpoint import killpoint
from hikae.link import delivery
from hikae.link.messages import StatementHead, StatementPart
from hikae.model.problems import Problem
from hikae.model.statement import Source, Statement


@dataclass(frozen=True, slots=True)
class Parcel:
    """A statement in the outbox: its id and head; its parts are read one by one."""

    id: UUID
    head: StatementHead


class Outbox:
    """The outbox of one profile."""

    def __init__(self, database: Database) -> None:
        """Keep statements in `database`."""
        self._database = database

    def put(self, statements: Mapping[UUID, Statement], *, fetch: UUID, connection: UUID) -> None:
        """Keep statements, by their ids, all or none; on the disk when this returns.

        Raises StorageError.
        """
        heads, parts = [], []
        for statement_id, statement in statements.items():
            head = delivery.head(statement, fetch=fetch, connection=connection)
            sealed = self._database.sealed(f"statement.head/{statement_id}", head)
            heads.append((str(statement_id), str(fetch), sealed))
            for number, part in enumerate(delivery.parts(connection, statement.transactions)):
                sealed = self._database.sealed(_place(statement_id, number), part)
                parts.append((str(statement_id), number, sealed))
        with self._database.transaction() as db:
            db.executemany("INSERT INTO statement (id, fetch, head) VALUES (?, ?, ?)", heads)
            db.executemany("INSERT INTO statement_part VALUES (?, ?, ?)", parts)
            killpoint("outbox.write")
        killpoint("outbox.kept")

    def next(self) -> Parcel | None:
        """The oldest statement that the cloud has not refused."""
        row = self._database.row(
            "SELECT id, head FROM statement WHERE refused IS NULL ORDER BY rowid LIMIT 1"
        )
        if row is None:
            return None
        statement, sealed = row
        head = self._database.opened(f"statement.head/{statement}", sealed, StatementHead)
        return Parcel(UUID(statement), head)

    def parts(self, statement_id: UUID) -> Iterator[tuple[int, bytes]]:
        """Number and body of each part, ready to send."""
        rows = self._database.rows(
            "SELECT number, body FROM statement_part WHERE statement = ? ORDER BY number",
            (str(statement_id),),
        )
        padlock = self._database.padlock
        for number, sealed in rows:
            yield number, padlock.open(_place(statement_id, number), sealed)

    def forget(self, statement_id: UUID) -> None:
        """The cloud has acknowledged its digest: erase it."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM statement WHERE id = ?", (str(statement_id),))

    def refuse(self, statement_id: UUID, problem: Problem) -> None:
        """The cloud will not take it: keep it, but stop sending."""
        sealed = self._database.sealed(f"statement.refused/{statement_id}", problem)
        with self._database.transaction() as db:
            db.execute("UPDATE statement SET refused = ? WHERE id = ?", (sealed, str(statement_id)))

    def refused(self) -> int:
        """How many statements the cloud will not take."""
        return int(
            self._database.row("SELECT COUNT(*) FROM statement WHERE refused IS NOT NULL")[0]
        )

    def refusals(self) -> list[tuple[Parcel, Problem]]:
        """What the cloud will not take, oldest first, and why."""
        rows = self._database.rows(
            "SELECT id, head, refused FROM statement WHERE refused IS NOT NULL ORDER BY rowid"
        )
        opened, found = self._database.opened, []
        for of, sealed_head, sealed_problem in rows:
            head = opened(f"statement.head/{of}", sealed_head, StatementHead)
            problem = opened(f"statement.refused/{of}", sealed_problem, Problem)
            found.append((Parcel(UUID(of), head), problem))
        return found

    def offer_again(self) -> None:
        """Send what the cloud has refused once more."""
        with self._database.transaction() as db:
            db.execute("UPDATE statement SET refused = NULL WHERE refused IS NOT NULL")

    def statement(self, parcel: Parcel) -> Statement:
        """The whole of what a parcel holds."""
        bodies = (body for _, body in self.parts(parcel.id))
        parts = [msgspec.json.decode(body, type=StatementPart) for body in bodies]
        head = parcel.head
        return Statement(
            account=head.account,
            period=head.period,
            as_of=head.as_of,
            complete=head.complete,
            opening=head.opening,
            closing=head.closing,
            transactions=tuple(row for part in parts for row in part.transactions),
            source=Source(head.channel),
            pending=head.pending,
        )

    def unsent(self, fetch: UUID | None = None) -> int:
        """How many statements wait to be sent, of one fetch or of all."""
        query = "SELECT COUNT(*) FROM statement WHERE refused IS NULL"
        if fetch is None:
            return int(self._database.row(query)[0])
        row = self._database.row(f"{query} AND fetch = ?", (str(fetch),))
        return int(row[0])


def _place(statement_id: UUID, number: int) -> str:
    return f"statement_part.body/{statement_id}/{number}"
