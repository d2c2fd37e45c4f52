"""How a delivered statement joins the books: all of it in one transaction, or nothing.

Days of which the statement shows exactly what is kept are only confirmed; the others go through
the model's rules, and what those change is written together with its trace.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from hikae.cloud.statements import trace
from hikae.cloud.statements.days import (
    confirm_days,
    kept_days,
    remove_rows,
    stored_days,
    write_days,
)
from hikae.cloud.statements.models import Account, AccountDay
from hikae.model.fetch import Counts
from hikae.model.reconcile import covered_period, digest, reconcile
from hikae.model.statement import Period, Statement, Transaction


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a statement and what is kept meet: days to confirm, and days that differ."""

    confirmed: list[date]
    differing: set[date]
    kept: list[AccountDay]
    rows: tuple[Transaction, ...]


def merge(account: Account, statement_id: UUID, statement: Statement, now: datetime) -> Counts:
    """Write what `statement` says of `account`, and say what came of it.

    It has been checked; the caller holds the organisation's lock and the transaction.
    """
    compared = _compare(account.id, statement)
    changes = reconcile(
        stored_days(account.id, compared.kept),
        replace(statement, transactions=compared.rows),
        uuid4,
    )
    days = [day for day in changes.days if day.day in compared.differing]
    remove_rows([removed.id for removed in changes.removed])
    write_days(account.id, days)
    confirm_days(account.id, compared.confirmed, statement.as_of)
    trace.write(account.id, statement_id, changes, now)
    same = len(statement.transactions) - len(compared.rows)
    return changes.counts + Counts(known=same)


def since(statement: Statement, start_on: date | None) -> Statement | None:
    """The part of a statement from 開始日 on; None when nothing of it is."""
    if start_on is None:
        return statement
    rows = tuple(row for row in statement.transactions if row.booked_on >= start_on)
    period = statement.period
    if period is None:
        return replace(statement, transactions=rows) if rows else None
    if period.last < start_on:
        return None
    return replace(
        statement,
        period=Period(max(period.first, start_on), period.last),
        transactions=rows,
    )


def _compare(account_id: UUID, statement: Statement) -> Comparison:
    shown: defaultdict[date, list[Transaction]] = defaultdict(list)
    for row in statement.transactions:
        shown[row.booked_on].append(row)
    covered = set(_days(covered_period(statement)))
    kept = kept_days(account_id, covered | shown.keys())
    confirmed = [
        day
        for day in sorted(covered & kept.keys())
        if bytes(kept[day].digest) == digest(shown[day])
    ]
    differing = (covered | shown.keys()) - set(confirmed)
    return Comparison(
        confirmed=[day for day in confirmed if _newer(statement, kept[day])],
        differing=differing,
        kept=[kept[day] for day in sorted(differing & kept.keys())],
        rows=tuple(row for row in statement.transactions if row.booked_on in differing),
    )


def _newer(statement: Statement, day: AccountDay) -> bool:
    return day.as_of is None or day.as_of < statement.as_of


def _days(period: Period | None) -> Iterable[date]:
    if period is None:
        return ()
    length = (period.last - period.first).days + 1
    return (period.first + timedelta(days=n) for n in range(length))
