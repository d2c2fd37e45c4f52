"""What is fetched by itself: each connection at its times, and again after what passes by itself.

When a connection is due is written down, so that a restart, a sleep or a night off loses nothing.
The clock is looked at again and again, since a timer does not notice that a PC slept or that its
clock was set.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from hikae.agent.database import StorageError
from hikae.agent.dues import Due, Dues
from hikae.agent.engine import EngineError, Event, Reminded
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.timetable import Timetable, share
from hikae.catalogue.institution import ChallengeHabit, Institution
from hikae.model.clock import Clock
from hikae.model.fetch import Fetch, FetchState, Trigger
from hikae.model.problem_texts import retry_of
from hikae.model.problems import Retry

_log = logging.getLogger(__name__)

LOOKS_EVERY = 20.0
"""Seconds."""

_LATE = timedelta(minutes=5)
"""A due moment that is longer ago was missed: the PC was off or slept."""

_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=15), timedelta(hours=4)

_BY_ITSELF = {Trigger.SCHEDULE, Trigger.RETRY}


@dataclass(frozen=True, slots=True)
class Scheduler:
    """Of one enrolled PC.

    queue: begins a fetch, or ends it as skipped with its reason. report: tells the cloud what is
    due next. tell: hears of what a person is reminded of.
    """

    device: UUID
    dues: Dues
    memory: Memory
    institution: Callable[[RememberedConnection], Institution]
    queue: Callable[[UUID, Trigger], UUID]
    report: Callable[[], Awaitable[None]]
    clock: Clock
    sleep: Callable[[float], Awaitable[None]]
    tell: Callable[[Event], None]

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            try:
                self.look()
                await self.report()
            except StorageError as error:
                _log.error("nothing is scheduled while nothing can be written: %s", error)
            await self.sleep(LOOKS_EVERY)

    def look(self) -> None:
        """Begin what is due now; raises StorageError."""
        now = self.clock()
        known = self.memory.connections()
        self.dues.keep_only({connection.view.id for connection in known})
        for connection in known:
            self._look_at(connection, now)

    def ended(self, fetch: Fetch) -> None:
        """A fetch has ended: what passes by itself is tried again, later and later."""
        try:
            again = self._again(fetch)
            due = self.dues.of(fetch.connection)
            if again is not None and (due is None or again < due.at):
                self.dues.keep(fetch.connection, Due(again, Trigger.RETRY))
        except StorageError as error:
            _log.error("fetch %s is not tried again before its time: %s", fetch.id, error)

    def _look_at(self, connection: RememberedConnection, now: datetime) -> None:
        of = connection.view.id
        timetable = self._timetable(connection)
        planned = timetable.after(now) if timetable else None
        if timetable is None or planned is None:
            self.dues.forget(of)
            return
        due = self.dues.of(of)
        if due is None or due.at > planned:  # new, or planned anew, or the clock was put back
            due = Due(planned, Trigger.SCHEDULE)
        elif due.at <= now - _LATE and not (due.late and timetable.is_open(now)):
            due = self._missed(of, timetable, planned, now)
        elif due.at <= now:
            self._begin(connection, due.trigger)
            due = Due(planned, Trigger.SCHEDULE)
        self.dues.keep(of, due)

    def _missed(self, of: UUID, timetable: Timetable, planned: datetime, now: datetime) -> Due:
        soon = timetable.soon(now)
        if soon is None or soon >= planned:
            _log.info("connection %s was missed and waits for its next time", of)
            return Due(planned, Trigger.SCHEDULE)
        _log.info("connection %s was missed and is caught up", of)
        return Due(soon, Trigger.SCHEDULE, late=True)

    def _begin(self, connection: RememberedConnection, trigger: Trigger) -> None:
        if self.institution(connection).challenge is ChallengeHabit.ALWAYS:
            # Nobody may be there: who wants it presses 始める, and is asked then.
            self.tell(Reminded(connection.view.id))
        else:
            self.queue(connection.view.id, trigger)

    def _timetable(self, connection: RememberedConnection) -> Timetable | None:
        """None where nothing is fetched by itself."""
        view = connection.view
        if not connection.enabled or view.stopped or not view.plan_allows:
            return None
        try:
            institution = self.institution(connection)
        except EngineError:
            return None  # this agent does not know the institution; its row says so
        place = share(self.device, view.id)
        return Timetable(self.dues.plan, institution.hours, place)

    def _again(self, fetch: Fetch) -> datetime | None:
        """When a fetch that ended is tried again; None: at its next time, or by a person."""
        problem = fetch.problem
        failed = fetch.state is FetchState.FAILED and fetch.ended_at is not None
        if problem is None or not failed or fetch.trigger not in _BY_ITSELF:
            return None
        connection = self.memory.connection(fetch.connection)
        timetable = self._timetable(connection) if connection else None
        if timetable is None or retry_of(problem.code) is Retry.NEVER:
            return None
        pause = min(_FIRST_RETRY * 2 ** self._failures_before(fetch), _LAST_RETRY)
        at = problem.retry_at or self.clock() + pause
        return at if timetable.is_open(at) else None

    def _failures_before(self, fetch: Fetch) -> int:
        """How many fetches before it failed in a row, up to a handful."""
        count = 0
        for earlier in self.memory.history(fetch.connection, 6):
            if earlier.id == fetch.id:
                continue
            if earlier.state is not FetchState.FAILED:
                break
            count += 1
        return count
