"""Challenges while they wait: asked here and in the cloud, answered by whoever is first."""

import asyncio
import base64
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from uuid import UUID

from hikae.agent.cloud import Cloud
from hikae.agent.engine import ChallengeAsked, ChallengeEnded, EngineError, Event
from hikae.link.messages import ChallengeReport
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import Clock
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)

_TELL_AGAIN = 1.0  # seconds
_LAST_WORDS = 5.0  # seconds
_CODE_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # none that are mistaken for another


@dataclass(slots=True)
class _Waiting:
    """state: as the cloud names it; over: set when nobody waits any more."""

    asked: ChallengeAsked
    image: bytes | None
    answer: asyncio.Future[Answer]
    over: asyncio.Event
    state: str = "waiting"


class Challenges:
    """All challenges of one engine."""

    def __init__(
        self,
        *,
        cloud: Cloud,
        clock: Clock,
        new_id: Callable[[], UUID],
        random: Random,
        tell: Callable[[Event], None],
        waits: Callable[[bool], None],
        lifetime: timedelta,
    ) -> None:
        """`waits` hears whether any challenge waits; each does for `lifetime` at most."""
        self._cloud = cloud
        self._clock = clock
        self._new_id = new_id
        self._random = random
        self._tell = tell
        self._waits = waits
        self._lifetime = lifetime
        self._waiting: dict[UUID, _Waiting] = {}
        self._telling: set[asyncio.Task[None]] = set()

    async def ask(self, fetch: UUID, connection: UUID, challenge: Challenge) -> Answer:
        """Wait for an answer; raises EngineError(challenge_timeout) when none comes in time."""
        waiting = self._remember(fetch, connection, challenge)
        asked = waiting.asked
        self._tell(asked)
        telling = asyncio.create_task(self._keep_told(waiting))
        self._telling.add(telling)
        telling.add_done_callback(self._telling.discard)
        left = (asked.expires_at - self._clock()).total_seconds()
        state = "cancelled"
        try:
            answer = await asyncio.wait_for(waiting.answer, left)
            state = "answered"
        except TimeoutError:
            state = "expired"
            raise EngineError(Problem(ProblemCode.CHALLENGE_TIMEOUT)) from None
        finally:
            waiting.state = state
            waiting.over.set()
            del self._waiting[asked.id]
            self._waits(bool(self._waiting))
            self._tell(ChallengeEnded(asked.id))
        return answer

    async def close(self) -> None:
        """Nothing waits any more: let the cloud hear of it, if it can be reached."""
        if self._telling:
            await asyncio.wait(self._telling, timeout=_LAST_WORDS)
        for telling in self._telling:
            telling.cancel()
        await asyncio.gather(*self._telling, return_exceptions=True)

    def answer(self, challenge: UUID, answer: Answer) -> None:
        """Take an answer; raises EngineError(challenge_timeout) when nobody waits for it."""
        waiting = self._waiting.get(challenge)
        if waiting is None or waiting.answer.done():
            raise EngineError(Problem(ProblemCode.CHALLENGE_TIMEOUT))
        waiting.answer.set_result(answer)

    def waiting(self) -> list[ChallengeAsked]:
        """What waits now, oldest first."""
        return [waiting.asked for waiting in self._waiting.values()]

    def _remember(self, fetch: UUID, connection: UUID, challenge: Challenge) -> _Waiting:
        expires_at = self._clock() + self._lifetime
        if challenge.expires_at is not None:
            expires_at = min(expires_at, challenge.expires_at)
        asked = ChallengeAsked(
            id=self._new_id(),
            fetch=fetch,
            connection=connection,
            kind=challenge.kind,
            prompt=challenge.prompt,
            code="".join(self._random.choices(_CODE_LETTERS, k=4)),
            expires_at=expires_at,
            length=challenge.length,
            choices=challenge.choices,
            again=challenge.again,
        )
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(asked, challenge.image, answer, asyncio.Event())
        self._waiting[asked.id] = waiting
        self._waits(True)
        return waiting

    async def _keep_told(self, waiting: _Waiting) -> None:
        """Show the question in the cloud until it is over, however late the cloud hears of it."""
        while not waiting.over.is_set() and not await self._told(waiting):
            with suppress(TimeoutError):
                await asyncio.wait_for(waiting.over.wait(), _TELL_AGAIN)
        await waiting.over.wait()
        await self._told(waiting)

    async def _told(self, waiting: _Waiting) -> bool:
        asked = waiting.asked
        try:
            await self._cloud.report_challenge(asked.id, _report(waiting))
        except ProblemError as error:
            # It can still be answered here; the cloud hears of the fetch itself when it is back.
            _log.warning("challenge of fetch %s not told to the cloud: %s", asked.fetch, error)
            return False
        return True


def _report(waiting: _Waiting) -> ChallengeReport:
    asked = waiting.asked
    return ChallengeReport(
        fetch=asked.fetch,
        connection=asked.connection,
        state=waiting.state,
        challenge=asked.kind,
        prompt=asked.prompt[:2000],
        code=asked.code,
        expires_at=asked.expires_at,
        length=asked.length,
        choices=asked.choices,
        image="" if waiting.image is None else base64.b64encode(waiting.image).decode(),
        again=asked.again[:2000],
    )
