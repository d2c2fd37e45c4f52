"""What the rows of one account come to, told row by row: order, opening, closing, agreement.

Nothing of the rows is kept.
"""

from collections.abc import Sequence
from itertools import accumulate
from operator import sub

from hikae.formats.unreadable import UnreadableFile
from hikae.model.statement import Transaction


class Tally:
    """Follows an account's rows in the file's order, which is oldest or newest first.

    Both readings are followed until one of them does not add up; when both do not, the file is
    damaged where the second one broke.
    """

    def __init__(self, file: str, heading: str) -> None:
        """file: its name, heading: what it calls a balance; both for messages."""
        self._file, self._heading = file, heading
        self._first: Transaction | None = None
        self._last: Transaction | None = None
        self._after: int | None = None  # oldest first: the balance after the row before
        self._before: int | None = None  # newest first: the balance before the row before
        self._rising = self._falling = True

    def add(self, rows: Sequence[int], transactions: Sequence[Transaction]) -> None:
        """Take the next rows. Raises UnreadableFile when no order makes the balances agree."""
        if not self._add_whole(transactions):
            for row, transaction in zip(rows, transactions, strict=True):
                self._add(row, transaction)

    def _add_whole(self, transactions: Sequence[Transaction]) -> bool:
        """Whether rows that all say their balances agree as a whole in one order or in both."""
        amounts = [transaction.amount for transaction in transactions]
        balances = [transaction.balance for transaction in transactions]
        known = [balance for balance in balances if balance is not None]
        if len(known) < len(balances) or not known:
            return False
        before = known[0] - amounts[0] if self._after is None else self._after
        rising = self._rising and [before, *known] == list(accumulate(amounts, initial=before))
        first = known[0] if self._before is None else self._before
        older = list(map(sub, known, amounts))
        falling = self._falling and [first, *older] == [*known, older[-1]]
        if rising or falling:
            self._rising, self._falling = rising, falling
            self._after, self._before = known[-1], older[-1]
            self._first = self._first or transactions[0]
            self._last = transactions[-1]
        return rising or falling

    def _add(self, row: int, transaction: Transaction) -> None:
        wrong: int | None = None
        if self._falling and (expected := self._fall(transaction)) is not None:
            self._falling, wrong = False, expected
        if self._rising and (expected := self._rise(transaction)) is not None:
            self._rising, wrong = False, expected
        if wrong is not None and not (self._rising or self._falling):
            expected_here, found = f"{self._heading} {wrong:,}", f"{transaction.balance:,}"
            raise UnreadableFile(self._file, row=row, expected=expected_here, found=found)
        self._first = self._first or transaction
        self._last = transaction

    def _rise(self, transaction: Transaction) -> int | None:
        """The balance that should stand here if the oldest row came first, None if it does."""
        expected = None if self._after is None else self._after + transaction.amount
        stated = transaction.balance
        self._after = expected if stated is None else stated
        return None if stated is None or stated == expected else expected

    def _fall(self, transaction: Transaction) -> int | None:
        """The same if the newest row came first."""
        expected = self._before
        stated = transaction.balance
        after = expected if stated is None else stated
        self._before = None if after is None else after - transaction.amount
        return None if stated is None or stated == expected else expected

    def newest_first(self, *, otherwise: bool) -> bool:
        """The order in the file by balances, else by days, else as a reader knows it."""
        if self._rising is not self._falling:
            return self._falling
        if self._first and self._last and self._first.booked_on != self._last.booked_on:
            return self._first.booked_on > self._last.booked_on
        return otherwise

    def ends(self, *, newest_first: bool) -> tuple[int | None, int | None]:
        """Opening and closing balance, None where the oldest or newest row does not say it."""
        oldest, newest = self._first, self._last
        if newest_first:
            oldest, newest = newest, oldest
        opening = (
            None if oldest is None or oldest.balance is None else oldest.balance - oldest.amount
        )
        return opening, None if newest is None else newest.balance
