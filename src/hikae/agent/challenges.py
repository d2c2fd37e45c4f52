"""Challenges while they wait: asked here and in the cloud, answered by whoever is first."""

import asyncio
import base64
import logging
from collections.abc import Callable
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

LIFETIME = timedelta(minutes=5)
_CODE_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # none that are mistaken for another


@dataclass(slots=True)
class _Waiting:
    asked: ChallengeAsked
    image: bytes | None
    answer: asyncio.Future[Answer]


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
    ) -> None:
        """`waits` hears whether any challenge waits."""
        self._cloud = cloud
        self._clock = clock
        self._new_id = new_id
        self._random = random
        self._tell = tell
        self._waits = waits
        self._waiting: dict[UUID, _Waiting] = {}

    async def ask(self, fetch: UUID, connection: UUID, challenge: Challenge) -> Answer:
        """Wait for an answer; raises EngineError(challenge_timeout) after five minutes."""
        waiting = self._remember(fetch, connection, challenge)
        asked = waiting.asked
        self._tell(asked)
        telling = asyncio.create_task(self._report(waiting, "waiting"))
        left = (asked.expires_at - self._clock()).total_seconds()
        state = "cancelled"
        try:
            answer = await asyncio.wait_for(waiting.answer, left)
            state = "answered"
        except TimeoutError:
            state = "expired"
            raise EngineError(Problem(ProblemCode.CHALLENGE_TIMEOUT)) from None
        finally:
            del self._waiting[asked.id]
            self._waits(bool(self._waiting))
            self._tell(ChallengeEnded(asked.id))
            await asyncio.shield(self._told(telling, waiting, state))
        return answer

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
        expires_at = self._clock() + LIFETIME
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
        waiting = _Waiting(asked, challenge.image, answer)
        self._waiting[asked.id] = waiting
        self._waits(True)
        return waiting

    async def _told(self, telling: asyncio.Task[None], waiting: _Waiting, state: str) -> None:
        await telling  # so that the end never overtakes the beginning
        await self._report(waiting, state)

    async def _report(self, waiting: _Waiting, state: str) -> None:
        asked = waiting.asked
        report = ChallengeReport(
            fetch=asked.fetch,
            connection=asked.connection,
            state=state,
            challenge=asked.kind,
            prompt=asked.prompt[:2000],
            code=asked.code,
            expires_at=asked.expires_at,
            length=asked.length,
            choices=asked.choices,
            image="" if waiting.image is None else base64.b64encode(waiting.image).decode(),
            again=asked.again[:2000],
        )
        try:
            await self._cloud.report_challenge(asked.id, report)
        except ProblemError as error:
            # It can still be answered here; the cloud hears of the fetch itself when it is back.
            _log.warning("challenge of fetch %s not told to the cloud: %s", asked.fetch, error)
