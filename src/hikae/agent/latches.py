"""What a bank has rejected is not tried again by itself: a person acts before a user is locked.

Banks count what is wrong per bank user, so a latch belongs to the bank user and not to a
connection, and it outlives what a cloud says of its connections. All times are the PC's own.
"""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hikae.agent.bounds import A_DAY
from hikae.agent.database import Database
from hikae.agent.memory import RememberedConnection
from hikae.model.clock import Clock
from hikae.model.problems import Problem, ProblemCode

REJECTIONS = frozenset(
    {
        ProblemCode.WRONG_PASSWORD,
        ProblemCode.ACCOUNT_LOCKED,
        ProblemCode.CERTIFICATE_REJECTED,
        ProblemCode.CHALLENGE_WRONG,
    }
)
"""What banks count, or what cannot become right by itself."""

UNANSWERED = Problem(ProblemCode.BANK_UNREACHABLE, {"part": "password"})
"""A password that a bank may have counted: it was sent, and no answer came."""

_MAY_BE_RIGHT = frozenset({ProblemCode.CHALLENGE_WRONG, UNANSWERED.code})


@dataclass(frozen=True, slots=True)
class Latch:
    """What a bank has rejected: the login information in a version, or a person's answer.

    at: when, by the PC's own time.
    """

    problem: Problem
    connection: UUID
    login_version: int
    at: datetime

    def was_tried(self, connection: RememberedConnection) -> bool:
        """Whether nothing has changed that could make it right: then it is never tried again."""
        return (
            self.problem.code not in _MAY_BE_RIGHT
            and connection.view.id == self.connection
            and connection.view.login_version <= self.login_version
        )


@dataclass(frozen=True, slots=True)
class Held:
    """What keeps a fetch back. left: how long yet, None: until a person has changed something."""

    problem: Problem
    left: timedelta | None


class Latches:
    """The latches of each bank user, one for each of its connections."""

    def __init__(self, database: Database, now: Clock) -> None:
        """`now`: the PC's own time. Where its clock was put back, what lies ahead is of now."""
        self._database = database
        self._now = now
        with database.transaction() as db:
            db.execute("UPDATE latch SET at = ?1 WHERE at > ?1", (_text(now()),))

    def holding(self, connection: RememberedConnection, *, here: bool) -> Held | None:
        """What keeps a fetch back; raises StorageError.

        What was rejected is not tried again, whoever asks. For a day, what has changed since is
        tried only `here`, for who is at this PC, so that a cloud can cause one rejection a day.
        """
        latches = self._latches(bank_user(connection))
        tried = next((latch for latch in latches if latch.was_tried(connection)), None)
        if tried is not None:
            return Held(tried.problem, None)
        if here or not latches:
            return None
        left = latches[0].at + A_DAY - self._now()
        return Held(latches[0].problem, left) if left > timedelta(0) else None

    def reject(
        self, tried: RememberedConnection, problem: Problem, *, durable: bool = True
    ) -> None:
        """The bank has rejected what was tried; raises StorageError."""
        values = (
            bank_user(tried),
            self._database.sealed(f"latch.problem/{bank_user(tried)}", problem),
            str(tried.view.id),
            tried.view.login_version,
            _text(self._now()),
        )
        with self._database.transaction(durable=durable) as db:
            db.execute("INSERT OR REPLACE INTO latch VALUES (?, ?, ?, ?, ?)", values)

    def asking(self, tried: RememberedConnection) -> None:
        """A password goes to the bank: until it answers, it counts as if it had been rejected.

        A power cut may take it back, the death of this process may not. Raises StorageError.
        """
        self.reject(tried, UNANSWERED, durable=False)

    def answered(self, tried: RememberedConnection) -> None:
        """The bank has answered; raises StorageError."""
        with self._database.transaction(durable=False) as db:
            self._open(db, bank_user(tried), tried.view.id)

    def accept(self, connection: RememberedConnection) -> None:
        """The bank has let this user in and counts anew; raises StorageError.

        What other connections of the user have tried stays tried.
        """
        user = bank_user(connection)
        if self._latches(user):
            long_ago = _text(self._now() - A_DAY)
            with self._database.transaction() as db:
                self._open(db, user, connection.view.id)
                db.execute("UPDATE latch SET at = ? WHERE bank_user = ?", (long_ago, user))

    def chosen(self, connection: RememberedConnection) -> None:
        """A person here has chosen the certificate: a rejected one is tried once more."""
        user = bank_user(connection)
        with self._database.transaction() as db:
            for latch in self._latches(user):
                if latch.problem.code is ProblemCode.CERTIFICATE_REJECTED:
                    self._open(db, user, latch.connection)

    def _latches(self, user: str) -> list[Latch]:
        """Those of a bank user, newest first."""
        rows = self._database.rows(
            "SELECT problem, connection, login_version, at FROM latch WHERE bank_user = ?"
            " ORDER BY at DESC",
            (user,),
        )
        return [
            Latch(
                self._database.opened(f"latch.problem/{user}", problem, Problem),
                UUID(connection),
                version,
                datetime.fromisoformat(at),
            )
            for problem, connection, version, at in rows
        ]

    def _open(self, db: sqlite3.Connection, user: str, connection: UUID) -> None:
        db.execute(
            "DELETE FROM latch WHERE bank_user = ? AND connection = ?", (user, str(connection))
        )


def bank_user(connection: RememberedConnection) -> str:
    """Who a connection is to its bank: whoever its certificate belongs to."""
    certificate = connection.certificate
    return f"{connection.view.institution}/{certificate.thumbprint if certificate else ''}"


def _text(moment: datetime) -> str:
    """ISO 8601 in a form that sorts as the moments do."""
    return moment.isoformat(timespec="microseconds")
