"""How often this PC goes to a bank by itself or because a cloud asks.

What is started on the PC is not bounded. All times are the PC's own, so that no cloud moves them,
and what was begun is remembered apart from what a cloud says of its connections.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hikae.agent.database import Database
from hikae.model.clock import Clock
from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import Problem, ProblemCode

SPACING = timedelta(minutes=10)
A_DAY = timedelta(hours=24)
MOST_A_DAY = 12


def started_here(trigger: Trigger) -> bool:
    """Whether a person at this PC started it."""
    return trigger in {Trigger.DESKTOP, Trigger.COMMAND}


@dataclass(frozen=True, slots=True)
class Run:
    """A fetch that reached the bank. here: started on this PC. ended_as: its Problem, if any."""

    begun_at: datetime
    here: bool
    ended_as: ProblemCode | None = None


class Runs:
    """What has reached the banks within the last day."""

    def __init__(self, database: Database, now: Clock) -> None:
        """`now`: the PC's own time. Where its clock was put back, what lies ahead is of now."""
        self._database = database
        self._now = now
        with database.transaction() as db:
            db.execute("UPDATE run SET begun_at = ?1 WHERE begun_at > ?1", (_text(now()),))

    def begin(self, fetch: Fetch) -> None:
        """A fetch goes to the bank now; raises StorageError."""
        now = self._now()
        row = (str(fetch.id), str(fetch.connection), _text(now), started_here(fetch.trigger))
        with self._database.transaction() as db:
            db.execute("DELETE FROM run WHERE begun_at < ?", (_text(now - A_DAY),))
            db.execute(
                "INSERT OR REPLACE INTO run (fetch, connection, begun_at, here)"
                " VALUES (?, ?, ?, ?)",
                row,
            )

    def end(self, fetch: UUID, problem: Problem) -> None:
        """How it ended, if not well; raises StorageError."""
        with self._database.transaction() as db:
            db.execute("UPDATE run SET ended_as = ? WHERE fetch = ?", (problem.code, str(fetch)))

    def wait(self, connection: UUID) -> timedelta | None:
        """How long a connection is not to be fetched unless a person here wants it; None: it may.

        Raises StorageError.
        """
        rows = self._database.rows(
            "SELECT begun_at, here, ended_as FROM run WHERE connection = ? ORDER BY begun_at DESC",
            (str(connection),),
        )
        runs = [
            Run(datetime.fromisoformat(at), bool(here), ended and ProblemCode(ended))
            for at, here, ended in rows
        ]
        now = self._now()
        again_at = next_by_itself(runs, now)
        return None if again_at is None else again_at - now


def next_by_itself(runs: Sequence[Run], now: datetime) -> datetime | None:
    """When the next run may begin that nobody at this PC has started; None: now.

    runs: newest first.
    """
    if runs and runs[0].begun_at + SPACING > now and not _excused(runs):
        return runs[0].begun_at + SPACING
    bounded = [run.begun_at for run in runs if not run.here]
    if len(bounded) >= MOST_A_DAY and bounded[MOST_A_DAY - 1] + A_DAY > now:
        return bounded[MOST_A_DAY - 1] + A_DAY
    return None


def _excused(runs: Sequence[Run]) -> bool:
    """Whether a person comes back to a question that was over; a second time they wait."""
    last, *earlier = runs
    if last.ended_as is ProblemCode.CHALLENGE_WAITING:
        return True  # nobody was there to be asked
    if last.ended_as is not ProblemCode.CHALLENGE_TIMEOUT:
        return False
    return not any(
        run.ended_as is ProblemCode.CHALLENGE_TIMEOUT and last.begun_at - run.begun_at < SPACING
        for run in earlier[:1]
    )


def _text(moment: datetime) -> str:
    """ISO 8601 in a form that sorts as the moments do."""
    return moment.isoformat(timespec="microseconds")
