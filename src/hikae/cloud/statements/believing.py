"""What no statement says that was read as it should be: damage or mischief, from PC or file."""

import re
from itertools import chain
from operator import attrgetter

from hikae.model.account import Account
from hikae.model.statement import Statement

_UNSEEN = re.compile("[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control and bidirectional characters, which are dropped at every border."""

_TEXTS = [attrgetter(name) for name in ("description", "counterparty", "bank_reference", "edi")]

_LARGEST = 10**15
"""No amount of a statement is larger, in minor units."""

_LONGEST_PERIOD = 3_660
"""Days; no bank shows ten years at once, and each day of a complete statement is kept."""


def unbelievable(statement: Statement) -> str | None:
    """Name the part that cannot be true: account, period, text or amount."""
    if not _fits(statement.account):
        return "account"
    period = statement.period
    if period is not None and (period.last - period.first).days > _LONGEST_PERIOD:
        return "period"
    rows = (*statement.transactions, *(statement.pending or ()))
    said = " ".join(chain.from_iterable(filter(None, map(text, rows)) for text in _TEXTS))
    # None of them is printable, and whether all of a text is takes a fraction of a search.
    if not said.isprintable() and _UNSEEN.search(said):
        return "text"
    figures = [row.amount for row in rows]
    figures += (row.balance for row in rows if row.balance is not None)
    figures += (each for each in (statement.opening, statement.closing) if each is not None)
    if max(figures, default=0) > _LARGEST or min(figures, default=0) < -_LARGEST:
        return "amount"
    return None


def _fits(account: Account) -> bool:
    names = (account.bank_name, account.branch_name, account.holder)
    return (
        all(len(name or "") <= 200 and not _UNSEEN.search(name or "") for name in names)
        and len(account.branch_code or "") <= 20
        and len(account.number) <= 40
        and len(account.currency) == 3
    )
