"""A statement cut into parts for delivery, and the digest that proves that it arrived whole."""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

import msgspec

from hikae.link.messages import PART_ROWS, StatementHead, StatementPart
from hikae.model.account import Account
from hikae.model.statement import Statement, Transaction

_CANONICAL = msgspec.json.Encoder(order="deterministic")


def digest(head: StatementHead | Statement, transactions: Iterable[Transaction]) -> str:
    """SHA-256, hex, over canonical JSON of account, period, balances and every row in order."""
    total = hashlib.sha256()
    facts = (head.account, head.period, head.as_of, head.complete, head.opening, head.closing)
    total.update(_CANONICAL.encode(facts))
    rows = iter(transactions)
    while some := list(islice(rows, PART_ROWS)):
        total.update(b"\n" + _CANONICAL.encode_lines(some).removesuffix(b"\n"))
    return total.hexdigest()


def parts(connection: UUID, transactions: tuple[Transaction, ...]) -> Iterator[StatementPart]:
    """The rows in parts of at most PART_ROWS."""
    for start in range(0, len(transactions), PART_ROWS):
        yield StatementPart(connection, transactions[start : start + PART_ROWS])


def head(statement: Statement, *, fetch: UUID, connection: UUID) -> StatementHead:
    """All of a statement but its rows, with the digest over all.

    Of rows that are not booked yet, no more than fit one part.
    """
    rows = len(statement.transactions)
    bare = StatementHead(
        fetch=fetch,
        connection=connection,
        account=statement.account,
        period=statement.period,
        as_of=statement.as_of,
        complete=statement.complete,
        opening=statement.opening,
        closing=statement.closing,
        channel=statement.source.channel,
        rows=rows,
        parts=-(-rows // PART_ROWS),
        digest="0" * 64,
        pending=None if statement.pending is None else statement.pending[:PART_ROWS],
    )
    return msgspec.structs.replace(bare, digest=digest(bare, statement.transactions))


def account_label(account: Account) -> str:
    """`branch/kind/number`, the name by which an account is left out of a connection."""
    return f"{account.branch_code or ''}/{account.kind}/{account.number}"
