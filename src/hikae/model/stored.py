"""Transactions as they are kept, day by day, and the digest by which two sides compare a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from hikae.model.statement import Transaction

_CANONICAL = msgspec.json.Encoder(order="sorted")


class StoredRow(msgspec.Struct, frozen=True, gc=False):
    """A transaction as it is kept.

    seen_at: `as_of` of the newest statement that proves it, that is, which showed at least so
    many rows of its amount on its day. A complete statement taken before that moment cannot
    remove the row. A day's own `as_of` counts for all its rows, so that confirming a day anew
    rewrites none of them.
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

    @property
    def transactions(self) -> tuple[Transaction, ...]:
        """The rows without their identities."""
        return tuple(row.transaction for row in self.rows)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    @property
    def sum(self) -> int:
        """Sum of all amounts, minor units."""
        return sum(row.transaction.amount for row in self.rows)

    @property
    def closing(self) -> int | None:
        """Balance after the last row, None where no row says one."""
        after = 0
        for row in reversed(self.rows):
            if row.transaction.balance is not None:
                return row.transaction.balance + after
            after += row.transaction.amount
        return None

    @property
    def digest(self) -> bytes:
        """Digest of the rows."""
        return digest(self.transactions)


def digest(rows: Sequence[Transaction]) -> bytes:
    """SHA-256 over the canonical JSON of a day's rows in order: 32 bytes.

    Canonical: an array of objects with all fields, keys sorted, no spaces, UTF-8, days as ISO
    8601, unknown values null.
    """
    return sha256(_CANONICAL.encode(rows)).digest()
