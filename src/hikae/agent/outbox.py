"""Statements on their way to the cloud: kept from before the sign-out until acknowledged."""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

import msgspec

from hikae.agent.database import Database
from hikae.killpoint import killpoint
from hikae.link import delivery
from hikae.link.messages import StatementHead
from hikae.model.problems import Problem
from hikae.model.statement import Statement


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
        with self._database.transaction() as db:
            for statement_id, statement in statements.items():
                head = delivery.head(statement, fetch=fetch, connection=connection)
                _insert(db, statement_id, head, statement)
            killpoint("outbox.write")

    def next(self) -> Parcel | None:
        """The oldest statement that the cloud has not refused."""
        row = self._database.row(
            "SELECT id, head FROM statement WHERE refused IS NULL ORDER BY rowid LIMIT 1"
        )
        if row is None:
            return None
        return Parcel(UUID(row[0]), msgspec.json.decode(row[1], type=StatementHead))

    def parts(self, statement_id: UUID) -> Iterator[tuple[int, bytes]]:
        """Number and body of each part, ready to send."""
        rows = self._database.rows(
            "SELECT number, body FROM statement_part WHERE statement = ? ORDER BY number",
            (str(statement_id),),
        )
        yield from rows

    def forget(self, statement_id: UUID) -> None:
        """The cloud has acknowledged its digest: erase it."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM statement WHERE id = ?", (str(statement_id),))

    def refuse(self, statement_id: UUID, problem: Problem) -> None:
        """The cloud will not take it: keep it, but stop sending."""
        with self._database.transaction() as db:
            db.execute(
                "UPDATE statement SET refused = ? WHERE id = ?",
                (msgspec.json.encode(problem), str(statement_id)),
            )

    def unsent(self, fetch: UUID | None = None) -> int:
        """How many statements wait to be sent, of one fetch or of all."""
        query = "SELECT COUNT(*) FROM statement WHERE refused IS NULL"
        if fetch is None:
            return int(self._database.row(query)[0])
        row = self._database.row(f"{query} AND fetch = ?", (str(fetch),))
        return int(row[0])


def _insert(
    db: sqlite3.Connection, statement_id: UUID, head: StatementHead, statement: Statement
) -> None:
    db.execute(
        "INSERT INTO statement (id, fetch, head) VALUES (?, ?, ?)",
        (str(statement_id), str(head.fetch), msgspec.json.encode(head)),
    )
    for number, part in enumerate(delivery.parts(head.connection, statement.transactions)):
        db.execute(
            "INSERT INTO statement_part (statement, number, body) VALUES (?, ?, ?)",
            (str(statement_id), number, msgspec.json.encode(part)),
        )
