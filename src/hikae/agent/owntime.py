"""This PC's own time, which nobody moves from outside: for what must not depend on a cloud.

It begins at the PC's clock and goes on by a counter that nobody can set, so that neither the time
that a cloud tells nor a clock that is put forward or back in the meantime changes it.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from hikae.model.clock import Clock

Counter = Callable[[], float]
"""Seconds since some moment; they only ever grow."""


def seconds_awake_and_asleep() -> float:
    """Seconds since this PC was started; where the system tells, those that it slept too."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class OwnTime:
    """The present as an aware UTC datetime; it never goes back while the engine runs.

    After a restart it may be earlier than before, where the PC's clock was put back: whatever was
    written down as later than now is then to count as just now.
    """

    def __init__(self, clock: Clock, counter: Counter) -> None:
        """Begin at what the PC's `clock` says, and go on by `counter`."""
        self._began = clock()
        self._counter = counter
        self._began_at = counter()

    def __call__(self) -> datetime:
        """The present."""
        return self._began + timedelta(seconds=self._counter() - self._began_at)
