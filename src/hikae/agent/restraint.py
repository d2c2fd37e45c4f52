"""What keeps this PC from going to a bank: how often it went, and what the bank has rejected."""

import logging
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hikae.agent.bounds import MOST_A_DAY, SPACING, Runs, started_here
from hikae.agent.database import Database, StorageError
from hikae.agent.latches import REJECTIONS, Latches
from hikae.agent.memory import Memory, RememberedConnection
from hikae.model.clock import Clock
from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import Problem, ProblemCode

_log = logging.getLogger(__name__)

_BOUNDED = Problem(
    ProblemCode.RATE_LIMITED, {"minutes": SPACING // timedelta(minutes=1), "times": MOST_A_DAY}
)


class Restraint:
    """Bounds and latches of one PC by its own time; times are told by the clock people see."""

    def __init__(
        self,
        database: Database,
        memory: Memory,
        own_time: Clock,
        clock: Clock,
        *,
        own_cloud: bool = False,
    ) -> None:
        """Remember in `database`; raises StorageError.

        own_cloud: the cloud is on this PC too, so that who asks there is at this PC.
        """
        self.now = own_time
        self._memory = memory
        self._clock = clock
        self._own_cloud = own_cloud
        self._runs = Runs(database, own_time)
        self._latches = Latches(database, own_time)

    def rejected(self, connection: RememberedConnection, trigger: Trigger) -> Problem | None:
        """What the bank has rejected and must not see again; raises StorageError."""
        asked_here = self._own_cloud and trigger is Trigger.CLOUD
        held = self._latches.holding(connection, here=asked_here or started_here(trigger))
        if held is None:
            return None
        return held.problem if held.left is None else self._until(held.problem, held.left)

    def too_often(self, connection: UUID, trigger: Trigger, *, busy: bool) -> Problem | None:
        """Why it is too early, unless a person here has started it; raises StorageError.

        busy: the connection is being fetched.
        """
        if started_here(trigger):
            return None
        left = SPACING if busy else self._runs.wait(connection)
        return None if left is None else self._until(_BOUNDED, left)

    def begin(self, fetch: Fetch) -> None:
        """A fetch goes to the bank now; raises StorageError."""
        self._runs.begin(fetch)

    def asking(self, tried: RememberedConnection, *, unanswered: bool) -> None:
        """A password goes to the bank, or the bank has answered it; raises StorageError."""
        if unanswered:
            self._latches.asking(tried)
        else:
            self._latches.answered(tried)

    def end(self, fetch: UUID, tried: RememberedConnection, problem: Problem | None) -> None:
        """How the dialog ended; None: well."""
        known = self._memory.connection(tried.view.id)
        if known is not None:  # the dialog may have decided on a renewed certificate
            tried = replace(tried, certificate=known.certificate)
        try:
            if problem is None:
                self._latches.accept(tried)
                return
            if problem.code in REJECTIONS:
                self._latches.reject(tried, problem)
            self._runs.end(fetch, problem)
        except StorageError as error:
            # Nothing is visited while nothing can be written, so the problem is what is told.
            _log.error("how fetch %s ended could not be written down: %s", fetch, error)

    def chosen(self, connection: RememberedConnection) -> None:
        """A person here has chosen the certificate; raises StorageError."""
        self._latches.chosen(connection)

    def _until(self, problem: Problem, left: timedelta) -> Problem:
        return replace(problem, retry_at=self._clock() + left)
