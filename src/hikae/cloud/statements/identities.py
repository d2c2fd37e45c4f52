"""Identities of new rows: UUIDs that grow, so that an index takes many of them side by side."""

import secrets
from collections.abc import Callable
from datetime import datetime
from itertools import count
from uuid import UUID

_VERSION, _VARIANT = 7 << 76, 2 << 62
_RANDOM_BITS = 61  # of 62: the upper half is room to count in


def growing_ids(now: datetime) -> Callable[[], UUID]:
    """A source of UUIDs of version 7 (RFC 9562), each larger than the one before.

    They carry the moment `now` in milliseconds and begin at a random place in it.
    """
    milliseconds = int(now.timestamp() * 1000) << 80
    middle = secrets.randbits(12) << 64
    start = milliseconds | _VERSION | middle | _VARIANT | secrets.randbits(_RANDOM_BITS)
    numbers = count(start)
    return lambda: UUID(int=next(numbers))
