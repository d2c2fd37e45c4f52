"""One run for one connection (取得): its states, what started it, what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from hikae.model.problems import Problem


class FetchState(StrEnum):
    """Where a fetch stands."""

    QUEUED = "queued"  # 待機中
    RUNNING = "running"  # 取得中
    WAITING = "waiting"  # 要追加入力
    DONE = "done"  # 取得完了
    FAILED = "failed"  # 失敗
    SKIPPED = "skipped"  # 見送り

    @property
    def final(self) -> bool:
        """Whether nothing more will happen."""
        return self in {FetchState.DONE, FetchState.FAILED, FetchState.SKIPPED}


class Trigger(StrEnum):
    """Who started a fetch."""

    DESKTOP = "desktop"
    COMMAND = "command"
    CLOUD = "cloud"
    SCHEDULE = "schedule"
    RETRY = "retry"

    @property
    def attended(self) -> bool:
        """Whether a person is there to answer a challenge."""
        return self in {Trigger.DESKTOP, Trigger.COMMAND, Trigger.CLOUD}


@dataclass(frozen=True, slots=True)
class Counts:
    """What the cloud did with delivered statements, in rows."""

    added: int = 0
    known: int = 0
    moved: int = 0
    corrected: int = 0
    removed: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Sum of two deliveries."""
        return Counts(
            self.added + other.added,
            self.known + other.known,
            self.moved + other.moved,
            self.corrected + other.corrected,
            self.removed + other.removed,
        )


@dataclass(frozen=True, slots=True)
class Fetch:
    """A fetch as everybody sees it.

    step: the connector's words for what it does now; rows: transactions read so far.
    """

    id: UUID
    connection: UUID
    trigger: Trigger
    state: FetchState
    queued_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None
    step: str = ""
    rows: int = 0
    counts: Counts = Counts()
    problem: Problem | None = None
