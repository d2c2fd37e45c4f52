"""Several sessions as one, so that several requests are on their way at the same time."""

import asyncio
from collections.abc import Sequence

from hikae.transport.exchange import Request, Response, Sink, Transport


class Lanes:
    """A `Transport` whose exchanges wait for each other only when all lanes are taken.

    Each lane has cookies of its own. A request takes the lane that came free last, so that one
    after the other they need no more than one connection.
    """

    def __init__(self, lanes: Sequence[Transport]) -> None:
        """Send over `lanes`, which are closed with this."""
        self._lanes = tuple(lanes)
        self._free: asyncio.LifoQueue[Transport] = asyncio.LifoQueue()
        for lane in self._lanes:
            self._free.put_nowait(lane)

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        """Send over a free lane and wait; raises TransportError."""
        lane = await self._free.get()
        try:
            return await lane.send(request, sink)
        finally:
            self._free.put_nowait(lane)

    async def close(self) -> None:
        """End all sessions; safe to call twice."""
        await asyncio.gather(*(lane.close() for lane in self._lanes))
