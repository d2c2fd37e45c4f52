"""Everything that goes up: statements from the outbox, states of fetches and of connections.

One loop, because order matters: a fetch is reported before its statements arrive, and it is done
only when the cloud has acknowledged all of them.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from random import Random
from time import monotonic
from typing import Protocol
from uuid import UUID

from hikae.agent.cloud import Cloud, RejectedError, ReleasedError
from hikae.agent.dialing import LANES
from hikae.agent.outbox import Outbox, Parcel
from hikae.agent.owntime import Counter as Seconds
from hikae.killpoint import killpoint
from hikae.link.messages import FetchReport
from hikae.logs import about
from hikae.model.fetch import Counts, Fetch, FetchState
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)

_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 60.0
_STEPS = 1.0
"""Seconds between two reports that only say how far a fetch has come; a page asks every two."""


class News(Protocol):
    """Where fetches stand, and what delivery has to say of them."""

    def unreported(self) -> Sequence[Fetch]:
        """Fetches whose newest state the cloud has not heard."""

    def reported(self, fetch: Fetch) -> None:
        """The cloud has heard this state."""

    def delivered(self, fetch_id: UUID, counts: Counts | None, problem: Problem | None) -> None:
        """A statement was acknowledged (counts) or refused for good (problem)."""


class Delivery:
    """Sends what waits, again and again, until the cloud has it."""

    def __init__(
        self,
        cloud: Cloud,
        outbox: Outbox,
        news: News,
        wake: asyncio.Event,
        random: Random,
        seconds: Seconds = monotonic,
    ) -> None:
        """Deliver to `cloud` whenever `wake` is set; `seconds` only ever grow."""
        self._cloud = cloud
        self._outbox = outbox
        self._news = news
        self._random = random
        self._wake = wake
        self._seconds = seconds
        self._told: dict[UUID, tuple[FetchState, float]] = {}
        self._held_back = False
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Deliver for ever, later and later while the cloud cannot be reached.

        Raises ReleasedError when the cloud no longer knows this PC.
        """
        pause = _FIRST_PAUSE
        while True:
            wait: float | None = None
            try:
                await self.send_all()
                pause = _FIRST_PAUSE
                wait = _STEPS if self._held_back else None
            except ReleasedError:
                raise
            except ProblemError as error:
                _log.warning("delivery held up: %s", error)
                wait = pause * (0.5 + self._random.random())
                pause = min(pause * 2, _LONGEST_PAUSE)
            await self._woken(wait)

    async def send_all(self) -> None:
        """One pass over everything; raises ProblemError where the cloud cannot be reached."""
        async with self._turn:
            self._wake.clear()
            await self._send_fetches()
            while parcel := self._outbox.next():
                with about(fetch=parcel.head.fetch, statement=parcel.id):
                    await self._send_statement(parcel)
            await self._send_fetches()

    async def _woken(self, wait: float | None) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), wait)
        except TimeoutError:
            return

    async def _send_fetches(self) -> None:
        waiting = self._news.unreported()
        due = [fetch for fetch in waiting if self._is_due(fetch)]
        self._held_back = len(due) < len(waiting)
        for fetch in due:
            try:
                with about(fetch=fetch.id):
                    await self._cloud.report_fetch(fetch.id, report(fetch))
            except RejectedError as error:
                _log.warning("cloud does not take fetch %s: %s", fetch.id, error)
            self._news.reported(fetch)
            if fetch.state.final:
                self._told.pop(fetch.id, None)
            else:
                self._told[fetch.id] = fetch.state, self._seconds()

    def _is_due(self, fetch: Fetch) -> bool:
        """Whether there is more to tell than a step just after another one."""
        state, at = self._told.get(fetch.id, (None, 0.0))
        return fetch.state is not state or self._seconds() - at >= _STEPS

    async def _send_statement(self, parcel: Parcel) -> None:
        try:
            await send_parts(self._cloud, parcel.id, self._outbox.parts(parcel.id))
            answer = await self._cloud.complete(parcel.id, parcel.head)
        except RejectedError as error:
            self._refused(parcel, error.problem)
            return
        killpoint("delivery.acknowledged")
        if answer.digest != parcel.head.digest:
            self._refused(parcel, Problem(ProblemCode.CLOUD_REJECTED, details={"part": "digest"}))
            return
        self._outbox.forget(parcel.id)
        killpoint("delivery.forgotten")
        self._news.delivered(parcel.head.fetch, answer.counts, None)

    def _refused(self, parcel: Parcel, problem: Problem) -> None:
        _log.error(
            "cloud refuses statement %s of fetch %s: %s", parcel.id, parcel.head.fetch, problem.code
        )
        self._outbox.refuse(parcel.id, problem)
        self._news.delivered(parcel.head.fetch, None, problem)


async def send_parts(cloud: Cloud, statement: UUID, parts: Iterable[tuple[int, bytes]]) -> None:
    """Deliver the parts of a statement, several at a time; ends with the first that fails."""
    waiting = iter(list(parts))

    async def send() -> None:
        for number, body in waiting:
            await cloud.send_part(statement, number, body)
            killpoint("delivery.part")

    lanes = [asyncio.create_task(send()) for _ in range(LANES)]
    try:
        await asyncio.gather(*lanes)
    finally:
        for lane in lanes:
            lane.cancel()
        await asyncio.gather(*lanes, return_exceptions=True)


def report(fetch: Fetch) -> FetchReport:
    """A fetch as the cloud is told of it."""
    return FetchReport(
        connection=fetch.connection,
        trigger=fetch.trigger,
        state=fetch.state,
        queued_at=fetch.queued_at,
        started_at=fetch.started_at,
        ended_at=fetch.ended_at,
        step=fetch.step,
        rows=fetch.rows,
        counts=fetch.counts,
        problem=fetch.problem,
    )
