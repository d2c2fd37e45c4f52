"""Several sessions as one."""

import asyncio

import pytest

from hikae.transport.exchange import Request, Response, Sink
from hikae.transport.lanes import Lanes

REQUEST = Request("GET", "https://cloud.example.jp/")


class Lane:
    """A session that answers when it is told to."""

    def __init__(self, busy: "asyncio.Queue[Lane]") -> None:
        self.answered = asyncio.Event()
        self.closed = False
        self._busy = busy

    async def send(self, request: Request, sink: Sink | None = None) -> Response:  # noqa: ARG002
        self._busy.put_nowait(self)
        await self.answered.wait()
        return Response(200, request.url, {}, b"")

    async def close(self) -> None:
        self.closed = True


@pytest.fixture
def busy() -> "asyncio.Queue[Lane]":
    """Lanes in the order in which they were sent over."""
    return asyncio.Queue()


async def test_as_many_requests_as_lanes_are_on_their_way_and_the_next_waits_for_one(
    busy: "asyncio.Queue[Lane]",
) -> None:
    transport = Lanes([Lane(busy), Lane(busy)])
    sent = [asyncio.create_task(transport.send(REQUEST)) for _ in range(3)]
    first, second = await busy.get(), await busy.get()
    assert first is not second
    assert busy.empty()
    first.answered.set()
    assert await busy.get() is first
    second.answered.set()
    assert [response.status for response in await asyncio.gather(*sent)] == [200] * 3


async def test_requests_one_after_the_other_need_one_lane(busy: "asyncio.Queue[Lane]") -> None:
    lanes = [Lane(busy) for _ in range(3)]
    for lane in lanes:
        lane.answered.set()
    transport = Lanes(lanes)
    for _ in range(4):
        await transport.send(REQUEST)
    assert len({busy.get_nowait() for _ in range(4)}) == 1


async def test_a_request_that_is_cancelled_leaves_its_lane_to_the_next(
    busy: "asyncio.Queue[Lane]",
) -> None:
    transport = Lanes([Lane(busy)])
    given_up = asyncio.create_task(transport.send(REQUEST))
    lane = await busy.get()
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    lane.answered.set()
    assert (await transport.send(REQUEST)).status == 200


async def test_closing_ends_every_lane(busy: "asyncio.Queue[Lane]") -> None:
    lanes = [Lane(busy), Lane(busy)]
    await Lanes(lanes).close()
    assert all(lane.closed for lane in lanes)
