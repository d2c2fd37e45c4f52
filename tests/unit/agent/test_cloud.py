"""The cloud's answers, believed only when they are the cloud's."""

from datetime import timedelta
from uuid import UUID

import pytest

from hikae.agent.cloud import (
    ClockRefusedError,
    CloudError,
    ForeignError,
    RejectedError,
    ReleasedError,
)
from hikae.model.problems import ProblemCode
from tests.unit.agent.made import NOW
from tests.unit.agent.servers import Answering, cloud_at, refusal

STATEMENT = UUID(int=5)


async def test_a_clock_that_is_off_is_adopted_and_the_request_signed_anew() -> None:
    server = Answering((401, refusal(ProblemCode.CLOCK_WRONG)))
    cloud = cloud_at(server, clock=lambda: NOW - timedelta(hours=2))
    await cloud.send_part(STATEMENT, 0, b"{}")
    assert cloud.offset == timedelta(hours=2)
    assert cloud.now() == NOW
    first, second = server.requests
    assert first.headers != second.headers


async def test_a_clock_refused_a_second_time_is_told() -> None:
    wrong = (401, refusal(ProblemCode.CLOCK_WRONG))
    with pytest.raises(ClockRefusedError) as refused:
        await cloud_at(Answering(wrong, wrong)).send_part(STATEMENT, 0, b"{}")
    assert refused.value.problem.code is ProblemCode.CLOCK_WRONG


@pytest.mark.parametrize(
    ("answer", "kind", "code"),
    [
        ((200, b"<html>Sign in</html>"), ForeignError, ProblemCode.CLOUD_REJECTED),
        ((302, b""), ForeignError, ProblemCode.CLOUD_REJECTED),
        ((502, b"<html>Bad gateway</html>"), CloudError, ProblemCode.CLOUD_UNREACHABLE),
        ((500, refusal(ProblemCode.INTERNAL)), CloudError, ProblemCode.INTERNAL),
        (
            (401, refusal(ProblemCode.CLOUD_REJECTED, part="signature")),
            CloudError,
            ProblemCode.CLOUD_REJECTED,
        ),
        (
            (422, refusal(ProblemCode.STATEMENT_INCONSISTENT)),
            RejectedError,
            ProblemCode.STATEMENT_INCONSISTENT,
        ),
        ((403, refusal(ProblemCode.DEVICE_RELEASED)), ReleasedError, ProblemCode.DEVICE_RELEASED),
    ],
)
async def test_only_what_the_cloud_has_judged_counts_as_rejected(
    answer: tuple[int, bytes], kind: type[CloudError], code: ProblemCode
) -> None:
    with pytest.raises(CloudError) as refused:
        await cloud_at(Answering(answer)).send_part(STATEMENT, 0, b"{}")
    assert type(refused.value) is kind
    assert refused.value.problem.code is code


async def test_an_answer_that_is_not_hikaes_is_not_read_as_commands() -> None:
    with pytest.raises(CloudError) as refused:
        await cloud_at(Answering((200, b'{"commands": 1}'))).commands(0)
    assert refused.value.problem.details["part"] == "answer"
