"""Everything that goes up."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import msgspec
import pytest

from hikae.agent.cloud import CloudError, ReleasedError
from hikae.agent.database import Database
from hikae.agent.delivery import Delivery
from hikae.agent.outbox import Outbox
from hikae.link.messages import Delivered
from hikae.model.fetch import Counts, Fetch, FetchState
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CONNECTION, fetch, statement
from tests.unit.agent.servers import TAKEN, Answering, cloud_at, refusal

FETCH = fetch(1)
STATEMENT = UUID(int=11)


class Notebook:
    """News whose readers are written down."""

    def __init__(self, *news: Fetch) -> None:
        self.news = list(news)
        self.deliveries: list[tuple[Counts | None, Problem | None]] = []

    def unreported(self) -> Sequence[Fetch]:
        return list(self.news)

    def reported(self, fetch: Fetch) -> None:
        self.news.remove(fetch)

    def delivered(self, fetch_id: UUID, counts: Counts | None, problem: Problem | None) -> None:
        assert fetch_id == FETCH.id
        self.deliveries.append((counts, problem))


class Post:
    """A delivery with one statement to send."""

    def __init__(self, database: Database, *answers: int | tuple[int, bytes]) -> None:
        self.server = Answering(*answers)
        self.outbox = Outbox(database)
        self.outbox.put({STATEMENT: statement()}, fetch=FETCH.id, connection=CONNECTION)
        self.news = Notebook(FETCH)
        self.delivery = Delivery(
            cloud_at(self.server), self.outbox, self.news, asyncio.Event(), random.Random(1)
        )


def acknowledged(post_digest: str) -> tuple[int, bytes]:
    return 200, msgspec.json.encode(Delivered(post_digest, Counts(added=2)))


def digest(database: Database) -> str:
    outbox = Outbox(database)
    outbox.put({STATEMENT: statement()}, fetch=FETCH.id, connection=CONNECTION)
    parcel = outbox.next()
    assert parcel is not None
    outbox.forget(STATEMENT)
    return parcel.head.digest


async def test_a_fetch_is_told_before_its_statements_which_go_once_acknowledged(
    database: Database,
) -> None:
    post = Post(database, TAKEN, TAKEN, acknowledged(digest(database)))
    await post.delivery.send_all()
    assert [words.split("/")[0] for words in post.server.asked] == [
        "PUT fetches",
        "PUT statements",
        "POST statements",
    ]
    assert post.outbox.unsent() == 0
    assert post.news.deliveries == [(Counts(added=2), None)]
    assert post.news.news == []


async def test_of_steps_that_follow_each_other_within_a_second_the_last_is_told(
    database: Database,
) -> None:
    first = replace(fetch(2), state=FetchState.RUNNING, step="ログイン")
    news, now = Notebook(first), [100.0]
    server = Answering(*[TAKEN] * 3)
    delivery = Delivery(
        *(cloud_at(server), Outbox(database), news, asyncio.Event(), random.Random(1)),
        seconds=lambda: now[0],
    )
    await delivery.send_all()
    news.news = [replace(first, step="照会")]
    await delivery.send_all()
    assert len(server.asked) == 1
    news.news = [replace(first, step="取得")]
    now[0] += 1
    await delivery.send_all()
    assert len(server.asked) == 2
    assert news.news == []


async def test_a_new_state_of_a_fetch_is_told_at_once(database: Database) -> None:
    news = Notebook(replace(fetch(2), state=FetchState.RUNNING))
    server = Answering(*[TAKEN] * 2)
    delivery = Delivery(
        *(cloud_at(server), Outbox(database), news, asyncio.Event(), random.Random(1)),
        seconds=lambda: 100.0,
    )
    await delivery.send_all()
    news.news = [replace(fetch(2), state=FetchState.WAITING)]
    await delivery.send_all()
    assert len(server.asked) == 2


async def test_a_statement_that_the_cloud_rejects_is_not_sent_again(database: Database) -> None:
    wrong = (422, refusal(ProblemCode.STATEMENT_INCONSISTENT))
    post = Post(database, TAKEN, TAKEN, wrong)
    await post.delivery.send_all()
    assert post.outbox.unsent() == 0
    ((counts, problem),) = post.news.deliveries
    assert counts is None
    assert problem is not None
    assert problem.code is ProblemCode.STATEMENT_INCONSISTENT
    sent = len(post.server.requests)
    await post.delivery.send_all()
    assert len(post.server.requests) == sent


async def test_an_acknowledgement_of_other_rows_does_not_count(database: Database) -> None:
    post = Post(database, TAKEN, TAKEN, acknowledged("0" * 64))
    await post.delivery.send_all()
    ((_, problem),) = post.news.deliveries
    assert problem is not None
    assert problem.details == {"part": "digest"}


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>Sign in</html>"),
        (503, b""),
        (401, refusal(ProblemCode.CLOUD_REJECTED, part="device")),
        (400, refusal(ProblemCode.DISK_FULL)),
        (424, refusal(ProblemCode.CLOUD_REJECTED, part="missing", number="0")),
    ],
)
@pytest.mark.parametrize("before", [0, 1, 2])
async def test_what_is_not_the_statements_fault_leaves_everything_to_be_sent_again(
    database: Database, answer: tuple[int, bytes], before: int
) -> None:
    post = Post(database, *[TAKEN] * before, answer)
    with pytest.raises(CloudError):
        await post.delivery.send_all()
    assert post.outbox.unsent() == 1
    assert post.news.deliveries == []
    assert bool(post.news.news) is (before == 0)


async def test_a_released_device_stops_delivering(database: Database) -> None:
    post = Post(database, (403, refusal(ProblemCode.DEVICE_RELEASED)))
    with pytest.raises(ReleasedError):
        await post.delivery.run()
