"""How a new statement meets what is stored: nothing lost, nothing doubled.

Per account and booking day the newest complete statement wins; an incomplete one only adds.
Within a day a transaction is its amount and its occurrence among equal amounts, because banks
give no identity and write the same row differently in page, CSV and 全銀; texts only pair the
likeliest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from hikae.model.statement import Period, Statement, Transaction


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A transaction as it is kept.

    seen_at: `as_of` of the newest statement that showed it; a complete statement taken before
    that moment cannot remove it.
    """

    id: UUID
    transaction: Transaction
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDay:
    """One account and day as it is kept, rows in the bank's order.

    as_of: of the newest complete statement that covered the day, None while only incomplete
    ones touched it.
    """

    day: date
    as_of: datetime | None
    rows: tuple[StoredRow, ...]
