"""Statements out of a CSV file: which rows are which account's, in what order, adding up to what.

What the columns mean is a Reading, one for each format; this goes through the file with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Protocol, TypeVar

from hikae.formats.csvfile import Block, CsvFile, Place
from hikae.formats.stream import FileStatement
from hikae.formats.tally import Tally
from hikae.model.account import Account
from hikae.model.statement import Source, Transaction

T = TypeVar("T")

ROWS_KEPT = 1 << 18
"""A file of no more rows is read only once."""


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive rows of one account: their numbers in the file and what they say.

    booked: whether the balances count them; others are only announced.
    """

    account: Account
    rows: Sequence[int]
    transactions: Sequence[Transaction]
    booked: bool = True


class Reading(Protocol):
    """How the rows of one format are read.

    It is given the blocks in the file's order once; afterwards it may be given any of them again.
    balance: what the format calls a balance, for messages.
    """

    balance: str

    def runs(self, block: Block, *, first: bool) -> Iterable[Run]:
        """What a block says, as it says it. Raises UnreadableFile.

        first: it is the file's first reading, so that what goes on from row to row is proven too.
        """

    def finish(self) -> bool:
        """Prove how the file ends; whether its newest row stands first as far as this tells."""


@dataclass(slots=True)
class _Found:
    """What the first way through the file learns of one account."""

    tally: Tally
    places: list[Place] = field(default_factory=list)
    kept: list[Transaction] = field(default_factory=list)
    pending: list[Transaction] = field(default_factory=list)


def statements(
    file: CsvFile, reading: Reading, as_of: datetime, source: Source
) -> list[FileStatement]:
    """One statement per account, incomplete, without a period, in the order of their first rows.

    Rows of a file that has few enough stay in memory, others are read again when they are wanted.
    Raises UnreadableFile.
    """
    accounts: dict[Account, _Found] = {}
    kept = 0
    for block in file.blocks():
        for run in reading.runs(block, first=True):
            found = accounts.setdefault(run.account, _Found(Tally(file.name, reading.balance)))
            if not run.booked:
                found.pending += run.transactions
                continue
            found.tally.add(run.rows, run.transactions)
            if block.start not in found.places[-1:]:
                found.places.append(block.start)
            kept += len(run.rows)
            if kept <= ROWS_KEPT:
                found.kept += run.transactions
        if kept > ROWS_KEPT:
            for found in accounts.values():
                found.kept.clear()
    falling = reading.finish()
    made = []
    for account, found in accounts.items():
        newest_first = found.tally.newest_first(otherwise=falling)
        opening, closing = found.tally.ends(newest_first=newest_first)
        transactions = (
            tuple(_in_order(found.kept, newest_first))
            if kept <= ROWS_KEPT
            else _Rows(file, reading, account, found.places, newest_first)
        )
        pending = tuple(_in_order(found.pending, newest_first)) or None
        made.append(
            FileStatement(
                account, None, as_of, False, opening, closing, transactions, source, pending
            )
        )
    return made


def together(keys: Iterable[T]) -> Iterator[tuple[T, slice]]:
    """Each key with the rows that it stands in one after another."""
    begin = 0
    for key, run in groupby(keys):
        end = begin + len(list(run))
        yield key, slice(begin, end)
        begin = end


@dataclass(frozen=True, slots=True)
class _Rows:
    """An account's transactions, oldest first, read anew at each iteration."""

    file: CsvFile
    reading: Reading
    account: Account
    places: Sequence[Place]
    newest_first: bool

    def __iter__(self) -> Iterator[Transaction]:
        """Read block after block, from the end where the newest row stands first."""
        for place in _in_order(self.places, self.newest_first):
            own = [
                transaction
                for run in self.reading.runs(self.file.block(place), first=False)
                if run.booked and run.account == self.account
                for transaction in run.transactions
            ]
            yield from _in_order(own, self.newest_first)


def _in_order(things: Sequence[T], newest_first: bool) -> Iterable[T]:
    return reversed(things) if newest_first else things
