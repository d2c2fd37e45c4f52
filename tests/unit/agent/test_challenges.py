"""Questions of banks while they wait."""

import asyncio
import random
from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from hikae.agent.challenges import Challenges
from hikae.agent.engine import ChallengeAsked, ChallengeEnded, EngineError, Event
from hikae.link.messages import ChallengeReport
from hikae.model.challenge import Answer, Challenge, ChallengeKind
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from tests.unit.agent.made import CONNECTION, NOW
from tests.unit.agent.servers import Answering, cloud_at

FETCH = UUID(int=10)
QUESTION = Challenge(ChallengeKind.ONE_TIME_PASSWORD, "6桁の数字", length=6)
CODE = Answer(Secret("123456"))


class Desk:
    """Challenges whose events and reports are kept."""

    def __init__(self, *statuses: int, lifetime: timedelta = timedelta(minutes=5)) -> None:
        numbers = count(1)
        self.events: asyncio.Queue[Event] = asyncio.Queue()
        self.waits: list[bool] = []
        self.cloud = Answering(*statuses)
        self.challenges = Challenges(
            cloud=cloud_at(self.cloud),
            clock=lambda: NOW,
            new_id=lambda: UUID(int=next(numbers)),
            random=random.Random(1),
            tell=self.events.put_nowait,
            waits=self.waits.append,
            lifetime=lifetime,
        )

    async def asked(self) -> ChallengeAsked:
        event = await self.events.get()
        assert isinstance(event, ChallengeAsked)
        return event

    @property
    def told(self) -> list[str]:
        return [report.state for report in self.cloud.bodies(ChallengeReport)]


async def test_the_answer_reaches_who_asked_and_the_cloud_hears_the_end() -> None:
    desk = Desk()
    asking = asyncio.create_task(desk.challenges.ask(FETCH, CONNECTION, QUESTION))
    asked = await desk.asked()
    assert desk.challenges.waiting() == [asked]
    desk.challenges.answer(asked.id, CODE)
    assert await asking is CODE
    assert await desk.events.get() == ChallengeEnded(asked.id)
    await desk.challenges.close()
    assert desk.told == ["waiting", "answered"]
    assert desk.waits == [True, False]


async def test_a_cloud_that_does_not_hear_at_first_does_not_hold_up_the_answer() -> None:
    desk = Desk(503, 503)
    asking = asyncio.create_task(desk.challenges.ask(FETCH, CONNECTION, QUESTION))
    asked = await desk.asked()
    desk.challenges.answer(asked.id, CODE)
    assert await asking is CODE
    await desk.challenges.close()


async def test_a_second_answer_comes_too_late() -> None:
    desk = Desk()
    asking = asyncio.create_task(desk.challenges.ask(FETCH, CONNECTION, QUESTION))
    asked = await desk.asked()
    desk.challenges.answer(asked.id, CODE)
    with pytest.raises(EngineError) as late:
        desk.challenges.answer(asked.id, Answer(Secret("654321")))
    assert late.value.problem.code is ProblemCode.CHALLENGE_TIMEOUT
    assert await asking is CODE
    await desk.challenges.close()


async def test_nobody_answers_in_time() -> None:
    desk = Desk(lifetime=timedelta(0))
    with pytest.raises(EngineError) as timeout:
        await desk.challenges.ask(FETCH, CONNECTION, QUESTION)
    assert timeout.value.problem.code is ProblemCode.CHALLENGE_TIMEOUT
    await desk.challenges.close()
    assert desk.told[-1] == "expired"
    assert desk.challenges.waiting() == []


async def test_a_cancelled_dialog_takes_its_question_back() -> None:
    desk = Desk()
    asking = asyncio.create_task(desk.challenges.ask(FETCH, CONNECTION, QUESTION))
    asked = await desk.asked()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await desk.events.get() == ChallengeEnded(asked.id)
    await desk.challenges.close()
    assert desk.told[-1] == "cancelled"


async def test_a_question_ends_when_the_bank_says_so() -> None:
    soon = NOW + timedelta(minutes=1)
    desk = Desk()
    question = Challenge(ChallengeKind.QUESTION, "母の旧姓", expires_at=soon)
    asking = asyncio.create_task(desk.challenges.ask(FETCH, CONNECTION, question))
    asked = await desk.asked()
    assert asked.expires_at == soon
    desk.challenges.answer(asked.id, CODE)
    await asking
    await desk.challenges.close()
