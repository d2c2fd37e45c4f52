"""How often a cloud may send this PC to a bank; what is started on the PC is not bounded."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import ProblemCode

SPACING = timedelta(minutes=10)
A_DAY = timedelta(hours=24)
MOST_A_DAY = 12

RUNS_NEEDED = 200
"""How many of the newest runs `next_by_cloud` wants to see."""


def next_by_cloud(runs: Sequence[Fetch], now: datetime) -> datetime | None:
    """When a cloud may start the next run of a connection; None: now.

    runs: those that reached the bank, newest first, each with `started_at`.
    """
    begun = [run.started_at for run in runs if run.started_at is not None]
    if begun and begun[0] + SPACING > now and not _excused(runs):
        return begun[0] + SPACING
    by_cloud = [run.started_at for run in runs if run.started_at and run.trigger is Trigger.CLOUD]
    if len(by_cloud) >= MOST_A_DAY and by_cloud[MOST_A_DAY - 1] + A_DAY > now:
        return by_cloud[MOST_A_DAY - 1] + A_DAY
    return None


def _excused(runs: Sequence[Fetch]) -> bool:
    """Whether a person comes back to a question that was over; a second time they wait."""
    if not _ended_as(runs[0], ProblemCode.CHALLENGE_TIMEOUT, ProblemCode.CHALLENGE_WAITING):
        return False
    return not any(
        _ended_as(earlier, ProblemCode.CHALLENGE_TIMEOUT) and _close(earlier, runs[0])
        for earlier in runs[1:2]
    )


def _ended_as(run: Fetch, *codes: ProblemCode) -> bool:
    return run.problem is not None and run.problem.code in codes


def _close(earlier: Fetch, later: Fetch) -> bool:
    if earlier.started_at is None or later.started_at is None:
        return False
    return later.started_at - earlier.started_at < SPACING
