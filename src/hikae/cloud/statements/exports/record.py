"""What is remembered of an export beside its rows and its file; each is kept as JSON."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from hikae.model.statement import Period


@dataclass(frozen=True, slots=True)
class Figures:
    """What an account gave, or would have: received, paid are positive minor units.

    left_out: the form holds yen only, so nothing of the account is in the file.
    """

    account: UUID
    currency: str
    rows: int
    first: date
    last: date
    received: int
    paid: int
    left_out: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A row, as a person finds it again."""

    transaction: UUID
    booked_on: date
    amount: int
    currency: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """A text that the form could not hold as it is.

    field: as the form calls it. row: the first one with it, None where an account has it. times:
    how often it occurs.
    """

    field: str
    text: str
    written: str
    row: Place | None
    times: int = 1


class Reason(StrEnum):
    """Why there is no file."""

    NOTHING = "nothing"  # no row is wanted
    SOME_ROWS = "some_rows"  # as in balances.Doubt, where the form needs balances
    GAP = "gap"
    UNKNOWN = "unknown"
    UNWRITABLE = "unwritable"  # the form has no way to say something


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no file; expected, found: as the form says it."""

    reason: Reason
    account: UUID | None = None
    days: Period | None = None
    expected: str = ""
    found: str = ""
    row: Place | None = None
