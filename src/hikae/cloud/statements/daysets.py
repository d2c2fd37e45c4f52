"""Sets of days, small enough to keep one for every text that a bank ever said.

It knows no table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class DaySet:
    """Days as bits: bit n says that the day `first` + n is in the set."""

    first: date
    bits: int

    @classmethod
    def of(cls, days: Iterable[date]) -> "DaySet":
        """A set of at least one day."""
        numbers = {day.toordinal() for day in days}
        least = min(numbers)
        return cls(date.fromordinal(least), sum(1 << number - least for number in numbers))

    @classmethod
    def read(cls, first: date, bits: bytes) -> "DaySet":
        """A set as `to_bytes` wrote it."""
        return cls(first, int.from_bytes(bits, "little"))

    def __or__(self, other: "DaySet") -> "DaySet":
        """The days of both."""
        first = min(self.first, other.first)
        shifted = (days.bits << (days.first - first).days for days in (self, other))
        return DaySet(first, next(shifted) | next(shifted))

    def newest_first(self) -> Iterator[date]:
        """All days, from the last to the first."""
        bits = self.bits
        while bits:
            top = bits.bit_length() - 1
            yield self.first + timedelta(days=top)
            bits ^= 1 << top

    def to_bytes(self) -> bytes:
        """The bits alone, for the database; the lowest first."""
        return self.bits.to_bytes(-(-self.bits.bit_length() // 8), "little")
