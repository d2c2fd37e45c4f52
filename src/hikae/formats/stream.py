"""A statement whose rows stay in the file until they are wanted: what readers give to writers.

A reader goes through a file once to learn what is said of each account (opening and closing
balance, order, counts) and once more for the rows, so a writer knows every figure of the head
before the first row, and memory does not grow with the file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hikae.model.account import Account
from hikae.model.statement import Period, Source, Statement, Transaction


class StatementStream(Protocol):
    """What a writer needs of a statement; `model.statement.Statement` is one as it is.

    transactions: oldest first; may be iterated any number of times, each time from the first
    row. Iterating may raise UnreadableFile, so what was written until then must be thrown away,
    and it must end before the file is closed. The other attributes are as in Statement; the
    account's number is empty where a file does not say it.
    """

    @property
    def account(self) -> Account: ...  # noqa: D102 - as in Statement
    @property
    def period(self) -> Period | None: ...  # noqa: D102
    @property
    def as_of(self) -> datetime: ...  # noqa: D102
    @property
    def complete(self) -> bool: ...  # noqa: D102
    @property
    def opening(self) -> int | None: ...  # noqa: D102
    @property
    def closing(self) -> int | None: ...  # noqa: D102
    @property
    def transactions(self) -> Iterable[Transaction]: ...  # noqa: D102
    @property
    def source(self) -> Source: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class FileStatement:
    """A StatementStream over an open file; its transactions are read anew at each iteration.

    pending: as in Statement; a bank shows few such rows, so they are in memory.
    """

    account: Account
    period: Period | None
    as_of: datetime
    complete: bool
    opening: int | None
    closing: int | None
    transactions: Iterable[Transaction]
    source: Source
    pending: tuple[Transaction, ...] | None = None


def gathered(stream: FileStatement) -> Statement:
    """The same statement with all its rows in memory."""
    return Statement(
        account=stream.account,
        period=stream.period,
        as_of=stream.as_of,
        complete=stream.complete,
        opening=stream.opening,
        closing=stream.closing,
        transactions=tuple(stream.transactions),
        source=stream.source,
        pending=stream.pending,
    )
