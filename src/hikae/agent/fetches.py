"""All fetches of one engine: queued, run one at a time per bank user, ended, told."""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from uuid import UUID

from hikae.agent.database import StorageError
from hikae.agent.engine import EngineError, Event, FetchChanged
from hikae.agent.latches import bank_user
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.outbox import Outbox
from hikae.agent.restraint import Restraint
from hikae.killpoint import killpoint
from hikae.logs import about
from hikae.model.clock import Clock
from hikae.model.fetch import Counts, Fetch, FetchState, Trigger
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)

_SENDING = "送信待ち"
_MOST_NEWS = 1000

Progress = Callable[[str, int], None]
Dialog = Callable[[Fetch, RememberedConnection, Progress], Awaitable[None]]
"""Fetches into the outbox and signs out; raises ProblemError."""


class Fetches:
    """The queue, and everything that is known of fetches that have not ended."""

    def __init__(
        self,
        *,
        memory: Memory,
        outbox: Outbox,
        restraint: Restraint,
        clock: Clock,
        new_id: Callable[[], UUID],
        dialog: Dialog,
        tell: Callable[[Event], None],
        wake: asyncio.Event,
    ) -> None:
        """Fetches of the connections in `memory`, by `dialog`; `wake` is set when there is news.

        outcomes: how many ended since the start, by `done` or the problem's code.
        """
        self._memory = memory
        self._outbox = outbox
        self._restraint = restraint
        self._clock = clock
        self._new_id = new_id
        self._dialog = dialog
        self._tell = tell
        self._wake = wake
        self._live: dict[UUID, Fetch] = {}
        self._sending: set[UUID] = set()  # dialog over, statements still to be acknowledged
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._bank_users: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._news: dict[UUID, Fetch] = {fetch.id: fetch for fetch in memory.unreported()}
        self._stopping = False
        self.outcomes: Counter[str] = Counter()

    # asked for

    def queue(self, connection: UUID, trigger: Trigger, fetch_id: UUID | None = None) -> UUID:
        """Queue a fetch; the one that already runs, where the PC asks twice. Its id."""
        if fetch_id is not None and self._known(fetch_id):
            return fetch_id
        running = next((f for f in self._live.values() if f.connection == connection), None)
        if running is not None and trigger is not Trigger.CLOUD:
            return running.id
        now = self._clock()
        fetch = Fetch(fetch_id or self._new_id(), connection, trigger, FetchState.QUEUED, now)
        reason = self._why_not(fetch, busy=running is not None)
        if reason is not None:
            self._end(fetch, reason)
            return fetch.id
        try:
            self._change(fetch, keep=True)
        except StorageError as error:
            self._end(fetch, error.problem)
        else:
            killpoint("fetches.queued")
            self._begin(fetch)
        return fetch.id

    def cancel(self, fetch: UUID) -> None:
        """Stop a fetch if it has not ended; it signs out first."""
        task = self._tasks.get(fetch)
        if task is not None:
            task.cancel()

    def pause(self, institution: str, words: str | None) -> None:
        """The operator pauses an institution ("" for all) with words, or lets it go on (None)."""
        if words is None:
            self._memory.end_pause(institution)
        else:
            self._memory.pause(institution, words)

    def state(self, fetch: UUID) -> Fetch | None:
        """One fetch as it stands."""
        return self._live.get(fetch) or self._news.get(fetch) or self._memory.fetch(fetch)

    def last(self, connection: UUID) -> Fetch | None:
        """The newest fetch of a connection."""
        live = [fetch for fetch in self._live.values() if fetch.connection == connection]
        return live[-1] if live else next(iter(self._memory.history(connection, 1)), None)

    # life of the engine

    def resume(self) -> None:
        """After a start: queued ones run, those that only lack delivery wait, the rest failed."""
        for fetch, dialog_done in self._memory.unfinished():
            if dialog_done:
                self._send(fetch)
            elif fetch.state is FetchState.QUEUED:
                self._live[fetch.id] = fetch
                self._begin(fetch)
            else:
                self._may_be_signed_in(fetch)
                details = {"part": "interrupted"}
                self._end(fetch, Problem(ProblemCode.INTERNAL, details=details))

    def _may_be_signed_in(self, cut_off: Fetch) -> None:
        """A power cut may have taken back when the bank was last seen; until now at worst."""
        self._memory.change_connection(
            cut_off.connection,
            lambda known: replace(known, signed_in_at=known.signed_in_at or self._restraint.now()),
        )

    async def stop(self) -> None:
        """Stop every fetch; returns when all have signed out. What is queued later stays queued."""
        self._stopping = True
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # delivery

    def unreported(self) -> Sequence[Fetch]:
        """Fetches whose newest state the cloud has not heard."""
        return list(self._news.values())

    def reported(self, fetch: Fetch) -> None:
        """The cloud has heard this state."""
        if self._news.get(fetch.id) == fetch:
            del self._news[fetch.id]
            if fetch.state.final:
                self._memory.reported(fetch)

    def delivered(self, fetch_id: UUID, counts: Counts | None, problem: Problem | None) -> None:
        """A statement was acknowledged (counts) or refused for good (problem)."""
        fetch = self.state(fetch_id)
        if fetch is None:
            return
        if counts is not None:
            fetch = replace(fetch, counts=fetch.counts + counts)
        if problem is not None:
            fetch = replace(fetch, problem=fetch.problem or problem)
        self._change(fetch, keep=True, dialog_done=fetch_id in self._sending)
        self._settle(fetch)

    # one fetch

    def _begin(self, fetch: Fetch) -> None:
        if self._stopping:
            return
        task = asyncio.create_task(self._run(fetch.id), name=f"fetch {fetch.id}")
        self._tasks[fetch.id] = task
        task.add_done_callback(lambda task: self._task_ended(fetch.id, task))

    def _task_ended(self, fetch_id: UUID, task: asyncio.Task[None]) -> None:
        del self._tasks[fetch_id]
        if task.cancelled():  # before its first step, so that `_run` could not see it
            self._end(self._live[fetch_id], Problem(ProblemCode.CANCELLED))

    async def _run(self, fetch_id: UUID) -> None:
        with about(fetch=fetch_id):
            await self._come_to_an_end(fetch_id)

    async def _come_to_an_end(self, fetch_id: UUID) -> None:
        try:
            await self._visit(fetch_id)
        except asyncio.CancelledError:
            problem = Problem(ProblemCode.CANCELLED)
        except ProblemError as error:
            problem = error.problem
            # Only the code: what a bank's page said is for the person, not for the log.
            _log.warning("failed: %s", problem.code)
        except Exception:  # noqa: BLE001 - a fetch's outermost loop: all ends as a Problem told
            _log.exception("failed")
            problem = Problem(ProblemCode.INTERNAL, details={"part": "fetch"})
        else:
            return
        self._end(self._live[fetch_id], problem)

    async def _visit(self, fetch_id: UUID) -> None:
        """Wait for the bank user's turn, hold the dialog, hand over to delivery.

        Raises ProblemError.
        """
        async with self._bank_users[bank_user(self._connection(fetch_id))]:
            connection = self._connection(fetch_id)  # as it stands by now
            queued = self._live[fetch_id]
            if reason := self._blocked(connection, queued.trigger):
                raise EngineError(reason)
            self._restraint.begin(queued)
            running = replace(queued, state=FetchState.RUNNING, started_at=self._clock())
            self._change(running, keep=True)
            try:
                await self._dialog(running, connection, self._progress(fetch_id))
            except ProblemError as error:
                self._restraint.end(fetch_id, connection, error.problem)
                raise
            self._restraint.end(fetch_id, connection, None)
        self._send(replace(self._live[fetch_id], state=FetchState.RUNNING, step=_SENDING))

    def _progress(self, fetch_id: UUID) -> Progress:
        def progress(step: str, rows: int) -> None:
            fetch = self._live[fetch_id]
            self._change(replace(fetch, step=step, rows=max(rows, fetch.rows)))

        return progress

    def waiting(self, fetch_id: UUID, *, waits: bool) -> None:
        """A dialog waits for a person, or goes on."""
        fetch = self._live.get(fetch_id)
        if fetch is not None:
            state = FetchState.WAITING if waits else FetchState.RUNNING
            self._change(replace(fetch, state=state))

    def _send(self, fetch: Fetch) -> None:
        self._sending.add(fetch.id)
        self._change(fetch, keep=True, dialog_done=True)
        self._settle(fetch)

    def _settle(self, fetch: Fetch) -> None:
        """A fetch whose dialog is over has ended when nothing of it waits in the outbox."""
        if fetch.id not in self._sending or self._outbox.unsent(fetch.id):
            return
        self._end(fetch, fetch.problem)

    def _end(self, fetch: Fetch, problem: Problem | None) -> None:
        if problem is None:
            state = FetchState.DONE
        else:
            state = FetchState.SKIPPED if fetch.started_at is None else FetchState.FAILED
        ended = replace(fetch, state=state, problem=problem, step="", ended_at=self._clock())
        self.outcomes["done" if problem is None else problem.code.value] += 1
        self._live.pop(fetch.id, None)
        self._sending.discard(fetch.id)
        try:
            self._change(ended, keep=True)
        except StorageError as error:
            # A full disk must not hide what happened: it is told, if not kept.
            _log.error("fetch %s could not be written down: %s", fetch.id, error)

    def _change(self, fetch: Fetch, *, keep: bool = False, dialog_done: bool = False) -> None:
        if not fetch.state.final:
            self._live[fetch.id] = fetch
        self._news[fetch.id] = fetch
        self._forget_old_news()
        self._tell(FetchChanged(fetch))
        self._wake.set()
        if keep:
            self._memory.keep_fetch(fetch, dialog_done=dialog_done)

    def _forget_old_news(self) -> None:
        """A cloud that hears of nothing must not fill the memory."""
        if len(self._news) > _MOST_NEWS:
            ended = (fetch.id for fetch in self._news.values() if fetch.state.final)
            self._news.pop(next(ended, UUID(int=0)), None)

    # whether it may run

    def _known(self, fetch_id: UUID) -> bool:
        return fetch_id in self._live or self._memory.fetch(fetch_id) is not None

    def _connection(self, fetch_id: UUID) -> RememberedConnection:
        connection = self._memory.connection(self._live[fetch_id].connection)
        if connection is None:
            raise EngineError(Problem(ProblemCode.CONNECTION_STOPPED))
        return connection

    def _why_not(self, fetch: Fetch, *, busy: bool) -> Problem | None:
        """Why a fetch that is asked for is not queued."""
        too_often = self._restraint.too_often(fetch.connection, fetch.trigger, busy=busy)
        if busy and too_often:  # what the bank has not answered yet is no reason
            return too_often
        return self._blocked(self._memory.connection(fetch.connection), fetch.trigger) or too_often

    def _blocked(self, connection: RememberedConnection | None, trigger: Trigger) -> Problem | None:
        """Why nothing may be fetched now for who asks."""
        if connection is None or connection.view.stopped or not connection.enabled:
            return Problem(ProblemCode.CONNECTION_STOPPED)
        if not connection.view.plan_allows:
            return Problem(ProblemCode.PLAN_REQUIRED)
        paused = self._memory.pauses()
        for institution in (connection.view.institution, ""):
            if institution in paused:
                details = {"words": paused[institution]}
                return Problem(ProblemCode.INSTITUTION_PAUSED, details=details)
        return self._restraint.rejected(connection, trigger)
