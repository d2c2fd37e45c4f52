"""Events told to everybody who listens, each listener at its own pace."""

import asyncio
from collections.abc import AsyncIterator

from hikae.agent.engine import Event

_KEPT = 1000  # events a slow listener may fall behind; the oldest go first


class Events:
    """A hub in one event loop."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: set[asyncio.Queue[Event]] = set()

    def tell(self, event: Event) -> None:
        """Pass an event to all listeners without waiting for them."""
        for queue in self._listeners:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    def listen(self) -> AsyncIterator[Event]:
        """Events from this call on."""
        queue: asyncio.Queue[Event] = asyncio.Queue(_KEPT)
        self._listeners.add(queue)
        return self._drain(queue)

    async def _drain(self, queue: asyncio.Queue[Event]) -> AsyncIterator[Event]:
        try:
            while True:
                yield await queue.get()
        finally:
            self._listeners.discard(queue)
