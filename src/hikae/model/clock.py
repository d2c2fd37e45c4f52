"""Time as a value that is passed in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Annotated

from msgspec import Meta

JAPAN = timezone(timedelta(hours=9), "Asia/Tokyo")
"""Asia/Tokyo; Japan has had no daylight saving time since 1951."""

Moment = Annotated[datetime, Meta(tz=True)]
"""A point in time that says its zone, wherever it is read from JSON."""

Clock = Callable[[], datetime]
"""The present as an aware UTC datetime."""


def system_clock() -> datetime:
    """The computer's clock."""
    return datetime.now(UTC)


def japan_day(moment: datetime) -> date:
    """The bank day on which a moment falls."""
    return moment.astimezone(JAPAN).date()
