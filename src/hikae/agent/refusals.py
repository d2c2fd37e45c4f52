"""What the cloud said and this PC did not take: counted, logged sparingly, told to the person.

A cloud that floods must not fill the log either, so a line is written at each doubling.
"""

import logging
from collections import Counter
from collections.abc import Callable

from hikae.agent.owntime import Counter as Seconds
from hikae.model.problems import Problem, ProblemCode

_log = logging.getLogger(__name__)

MOST_AT_ONCE = 1000
"""Messages that are taken one after the other: what waits for a PC that was off for long."""

A_MINUTE = 100
"""Messages a minute that are taken after that."""


class Refusals:
    """The refusals of one engine since it was started, and how much it takes at all."""

    def __init__(self, warn: Callable[[Problem], None], seconds: Seconds) -> None:
        """`warn` tells the person: of the first refusal, the tenth, the hundredth and so on.

        `seconds` only ever grow.
        """
        self.warn = warn
        self._by_part: Counter[str] = Counter()
        self._seconds = seconds
        self._left = float(MOST_AT_ONCE)
        self._at = seconds()

    @property
    def total(self) -> int:
        """How many there were."""
        return self._by_part.total()

    def count(self, part: str, place: str = "") -> None:
        """One more. part: what was not taken; place: where in it; nothing of what it said."""
        self._by_part[part] += 1
        count, total = self._by_part[part], self.total
        if _is_power(count, 2):
            _log.warning("not taken from the cloud: %s %s (%d so far)", part, place, count)
        if _is_power(total, 10):
            self.warn(Problem(ProblemCode.CLOUD_REJECTED, {"refused": total, "part": part}))

    def too_many(self) -> bool:
        """Whether one more message is more than is taken; if not, it counts as taken."""
        now = self._seconds()
        self._left = min(MOST_AT_ONCE, self._left + (now - self._at) * A_MINUTE / 60)
        self._at = now
        if self._left < 1:
            return True
        self._left -= 1
        return False


def _is_power(number: int, base: int) -> bool:
    while number > 1 and number % base == 0:
        number //= base
    return number == 1
