"""A part of a statement: from 開始日 on, or of some days."""

from dataclasses import replace
from datetime import date

from hikae.model.reconcile import covered_period
from hikae.model.statement import Period, Statement, Transaction


def since(statement: Statement, start_on: date | None) -> Statement | None:
    """The part of a statement from 開始日 on; None when nothing of it is."""
    if start_on is None:
        return statement
    period = statement.period
    if period is not None and period.last < start_on:
        return None
    rows = _between(statement.transactions, start_on, date.max)
    if period is None and not rows:
        return None
    return replace(
        statement,
        period=period and Period(max(period.first, start_on), period.last),
        opening=statement.opening if rows == statement.transactions else None,
        transactions=rows,
        pending=None
        if statement.pending is None
        else _between(statement.pending, start_on, date.max),
    )


def within(statement: Statement, days: Period) -> Statement:
    """The rows of some days; complete for those of them of which the statement is."""
    covered = covered_period(statement)
    period = covered and _overlap(covered, days)
    return replace(
        statement,
        period=period,
        complete=period is not None,
        opening=None,
        closing=None,
        transactions=_between(statement.transactions, days.first, days.last),
        pending=None,
    )


def _overlap(one: Period, other: Period) -> Period | None:
    first, last = max(one.first, other.first), min(one.last, other.last)
    return Period(first, last) if first <= last else None


def _between(rows: tuple[Transaction, ...], first: date, last: date) -> tuple[Transaction, ...]:
    return tuple(row for row in rows if first <= row.booked_on <= last)
