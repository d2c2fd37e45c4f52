"""Doing one thing for many at once, where each of them would cost as much as all together.

After a restart thousands of links open within seconds; what the database is told of them goes in
few statements. Whatever comes while something is done is done together, next.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from django.db import Error

Entry = TypeVar("Entry")
Result = TypeVar("Result")

_log = logging.getLogger("hikae.link")


class _Batch(Generic[Entry, Result]):
    """What is done together, and whether it has been."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.done: asyncio.Future[Result] = asyncio.get_running_loop().create_future()


class Gathering(Generic[Entry, Result]):
    """Entries that are waiting for the same thing."""

    def __init__(
        self, do: Callable[[Sequence[Entry]], Awaitable[Result]], pause: float = 0
    ) -> None:
        """pause: seconds in which others may join; they join anyway while others are done."""
        self._do = do
        self._pause = pause
        self._busy = asyncio.Lock()
        self._open: _Batch[Entry, Result] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, entry: Entry) -> asyncio.Future[Result]:
        """Have it done soon; what is returned has the result of all, or the Error."""
        if self._open is None:
            self._open = _Batch()
            task = asyncio.create_task(self._finish(self._open))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._open.entries.append(entry)
        return self._open.done

    async def close(self) -> None:
        """Until all that was added is done."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _finish(self, batch: _Batch[Entry, Result]) -> None:
        if self._pause:
            await asyncio.sleep(self._pause)
        async with self._busy:
            self._open = None
            try:
                result = await self._do(batch.entries)
            except Error as error:
                _log.warning("%d notes are lost: %s", len(batch.entries), type(error).__name__)
                batch.done.set_exception(error)
                batch.done.exception()  # not everybody waits for it
            else:
                batch.done.set_result(result)
