"""Whether a file goes on where the books end.

Some banks put into a file only what was not fetched before, so that it begins in the middle of a
day although its header names the whole day. Its opening balance tells.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hikae.cloud.statements.models import AccountDay
from hikae.model.reconcile import covered_period
from hikae.model.statement import Statement


def as_far_as_it_continues(account_id: UUID | None, statement: Statement) -> Statement:
    """The statement, no longer called complete where rows may lie before it within its days.

    It then only adds, and removes nothing.
    """
    covered = covered_period(statement)
    if account_id is None or covered is None or _continues(account_id, statement):
        return statement
    return replace(statement, complete=False)


def _continues(account_id: UUID, statement: Statement) -> bool:
    covered = covered_period(statement)
    if covered is None:
        return True
    days = AccountDay.objects.filter(account=account_id)
    before = days.filter(day__lt=covered.first).exclude(as_of=None)
    proven = before.exclude(closing=None).order_by("-day").first()
    if proven is not None and proven.closing is not None:
        since = list(before.filter(day__gt=proven.day).values_list("total", flat=True))
        unbroken = covered.first - proven.day == timedelta(days=len(since) + 1)
        if unbroken:
            return proven.closing + sum(since) == statement.opening
    return not days.filter(day=covered.first, rows__gt=0).exists()
