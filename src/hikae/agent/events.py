"""Events told to everybody who listens, each listener at its own pace."""

import asyncio
from collections.abc import AsyncIterator
from weakref import WeakSet

from hikae.agent.engine import Event

_KEPT = 1000  # events a slow listener may fall behind; the oldest go first


class Events:
    """A hub in one event loop; who listens hears the end as the end of the iteration."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: WeakSet[_Listener] = WeakSet()
        self._over = False

    def tell(self, event: Event) -> None:
        """Pass an event to all listeners without waiting for them."""
        for listener in self._listeners:
            listener.hear(event)

    def end(self) -> None:
        """There will be no more events."""
        self._over = True
        for listener in self._listeners:
            listener.hear(None)

    def listen(self) -> AsyncIterator[Event]:
        """Events from this call on."""
        listener = _Listener()
        if self._over:
            listener.hear(None)
        self._listeners.add(listener)
        return listener


class _Listener(AsyncIterator[Event]):
    """One reader's queue; it is forgotten with its last reference. None: there are no more."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(_KEPT)

    def hear(self, event: Event | None) -> None:
        if self._queue.full():
            self._queue.get_nowait()
        self._queue.put_nowait(event)

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            self._queue.put_nowait(None)
            raise StopAsyncIteration
        return event
