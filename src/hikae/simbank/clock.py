"""The bank's time. Knows nothing else of the bank.

Everything that depends on the time (ledger, certificates, idle sessions) asks this one clock, so
that a test or the control listener can move a whole bank to another day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")


class BankClock:
    """A source of time (aware) that can be moved: its moves add up to an offset."""

    def __init__(self, source: Callable[[], datetime]) -> None:
        self._source = source
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The bank's present moment, aware, in UTC."""
        return (self._source() + self._offset).astimezone(UTC)

    def today(self) -> date:
        """The bank's date in Tokyo."""
        return self.now().astimezone(TOKYO).date()

    def advance(self, by: timedelta) -> None:
        """Move on by a length of time."""
        self._offset += by

    def set(self, moment: datetime) -> None:
        """Move to an aware moment."""
        self._offset = moment - self._source()

    def put_back(self) -> None:
        """Forget every move."""
        self._offset = timedelta(0)


def at_tokyo(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A wall-clock time in Tokyo as an aware UTC moment."""
    local = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=TOKYO)
    return local.astimezone(UTC)
