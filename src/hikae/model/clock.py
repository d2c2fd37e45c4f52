"""Time as a value that is passed in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

JAPAN = timezone(timedelta(hours=9), "Asia/Tokyo")
"""Asia/Tokyo; Japan has had no daylight saving time since 1951."""

Clock = Callable[[], datetime]
"""The present as an aware UTC datetime."""


def system_clock() -> datetime:
    """The computer's clock."""
    return datetime.now(UTC)


def japan_day(moment: datetime) -> date:
    """The bank day on which a moment falls."""
    return moment.astimezone(JAPAN).date()
