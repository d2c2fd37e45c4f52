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


@dataclass(frozen=True, slots=True)
class Entries:
    """The transactions of a block: transactions[i] is accounts[i]'s and stands in row rows[i]."""

    rows: Sequence[int]
    accounts: Sequence[Account]
    transactions: Sequence[Transaction]


class Reading(Protocol):
    """How the rows of one format are read.

    It is given the blocks in the file's order once; afterwards it may be given any of them again.
    balance: what the format calls a balance, for messages.
    """

    balance: str

    def entries(self, block: Block) -> Entries:
        """What a block says, as it says it. Raises UnreadableFile."""

    def follow(self, block: Block) -> None:
        """Prove what goes on from row to row; called once for each block, in order."""

    def finish(self) -> bool:
        """Prove how the file ends; whether its newest row stands first as far as this tells."""


@dataclass(slots=True)
class _Found:
    """What the first way through the file learns of one account."""

    tally: Tally
    places: list[Place] = field(default_factory=list)
    kept: list[Transaction] = field(default_factory=list)


def statements(
    file: CsvFile, reading: Reading, as_of: datetime, source: Source, *, keep: bool
) -> list[FileStatement]:
    """One statement per account, incomplete, without a period, in the order of their first rows.

    keep: hold the rows in memory and read the file only once. Raises UnreadableFile.
    """
    accounts: dict[Account, _Found] = {}
    for block in file.blocks():
        reading.follow(block)
        for account, rows, own in _by_account(reading.entries(block)):
            found = accounts.setdefault(account, _Found(Tally(file.name, reading.balance)))
            for row, transaction in zip(rows, own, strict=True):
                found.tally.add(row, transaction)
            if keep:
                found.kept += own
            elif block.start not in found.places[-1:]:
                found.places.append(block.start)
    falling = reading.finish()
    made = []
    for account, found in accounts.items():
        newest_first = found.tally.newest_first(otherwise=falling)
        opening, closing = found.tally.ends(newest_first=newest_first)
        transactions = (
            tuple(_in_order(found.kept, newest_first))
            if keep
            else _Rows(file, reading, account, found.places, newest_first)
        )
        made.append(
            FileStatement(account, None, as_of, False, opening, closing, transactions, source)
        )
    return made


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
            entries = self.reading.entries(self.file.block(place))
            own = [
                transaction
                for account, _, together in _by_account(entries)
                if account == self.account
                for transaction in together
            ]
            yield from _in_order(own, self.newest_first)


def _by_account(
    entries: Entries,
) -> Iterator[tuple[Account, Sequence[int], Sequence[Transaction]]]:
    """Runs of rows that are one account's."""
    accounts = entries.accounts
    for account, run in groupby(range(len(accounts)), key=accounts.__getitem__):
        indexes = list(run)
        own = slice(indexes[0], indexes[-1] + 1)
        yield account, entries.rows[own], entries.transactions[own]


def _in_order(things: Sequence[T], newest_first: bool) -> Iterable[T]:
    return reversed(things) if newest_first else things
