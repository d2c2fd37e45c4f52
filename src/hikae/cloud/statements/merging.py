"""How a statement joins the books: all of it in one transaction, or nothing.

Days of which the statement shows exactly what is kept are only confirmed; the others go through
the model's rules. What those change in open days is written together with its trace; what they
would change in closed ones waits for a person.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hikae.cloud.statements import trace
from hikae.cloud.statements.closing.holding import Division, divide
from hikae.cloud.statements.days import (
    confirm_days,
    kept_days,
    remove_rows,
    stored_days,
    write_days,
)
from hikae.cloud.statements.identities import growing_ids
from hikae.cloud.statements.models import AccountDay
from hikae.model.clock import system_clock
from hikae.model.fetch import Counts
from hikae.model.reconcile import covered_period, digest, reconcile
from hikae.model.statement import Period, Statement, Transaction


@dataclass(frozen=True, slots=True)
class Meeting:
    """What becomes of a statement when it meets the books; nothing is written yet.

    confirmed: days that are kept exactly as it shows them, and that it shows more newly.
    unseen: those of the differing days of which nothing is kept.
    """

    statement: Statement
    confirmed: list[date]
    differing: set[date]
    unseen: set[date]
    division: Division

    @property
    def counts(self) -> Counts:
        """What is applied at once, in rows."""
        return self.division.applied.counts


def meet(account_id: UUID | None, statement: Statement, closed_until: date | None) -> Meeting:
    """Compare a statement, which has been checked, with what is kept of its account, if any."""
    shown: defaultdict[date, list[Transaction]] = defaultdict(list)
    for row in statement.transactions:
        shown[row.booked_on].append(row)
    covered = set(_days(covered_period(statement)))
    kept = kept_days(account_id, covered | shown.keys()) if account_id else {}
    same = {day for day in covered & kept.keys() if bytes(kept[day].digest) == digest(shown[day])}
    differing = (covered | shown.keys()) - same
    rows = tuple(row for row in statement.transactions if row.booked_on in differing)
    stored = [kept[day] for day in sorted(differing & kept.keys())]
    changes = reconcile(
        stored_days(account_id, stored) if account_id else [],
        replace(statement, transactions=rows),
        growing_ids(system_clock()),
    )
    known = changes.known + len(statement.transactions) - len(rows)
    return Meeting(
        statement=statement,
        confirmed=[day for day in sorted(same) if _newer(statement, kept[day])],
        differing=differing,
        unseen=differing - kept.keys(),
        division=divide(replace(changes, known=known), closed_until),
    )


def apply(account_id: UUID, statement_id: UUID, meeting: Meeting, now: datetime) -> Counts:
    """Write what need not wait, and say what came of it.

    The caller holds the organisation's lock and the transaction.
    """
    changes = meeting.division.applied
    days = [day for day in changes.days if day.day in meeting.differing]
    remove_rows([removed.id for removed in changes.removed])
    # A row that moved comes with the identity that it is kept under.
    unseen = set() if changes.moved else meeting.unseen
    write_days(account_id, [day for day in days if day.day in unseen], new=True)
    write_days(account_id, [day for day in days if day.day not in unseen])
    confirm_days(account_id, meeting.confirmed, meeting.statement.as_of)
    trace.write(account_id, statement_id, changes, now)
    return changes.counts


def _newer(statement: Statement, day: AccountDay) -> bool:
    return day.as_of is None or day.as_of < statement.as_of


def _days(period: Period | None) -> Iterable[date]:
    if period is None:
        return ()
    length = (period.last - period.first).days + 1
    return (period.first + timedelta(days=n) for n in range(length))
