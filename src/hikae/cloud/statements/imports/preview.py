"""What taking a file would do, before anything is written."""

from dataclasses import dataclass, replace
from itertools import islice

from hikae.cloud.connections.models import ConnectionAccount
from hikae.cloud.institutions.offer import title_of
from hikae.cloud.statements import books
from hikae.cloud.statements.closing.holding import Event, events
from hikae.cloud.statements.closing.months import closed
from hikae.cloud.statements.happenings import Happening, happening
from hikae.cloud.statements.imports.continuing import as_far_as_it_continues
from hikae.cloud.statements.imports.importing import connection_of
from hikae.cloud.statements.imports.owners import Owner, Said, owner
from hikae.cloud.statements.merging import meet
from hikae.cloud.statements.models import Account
from hikae.cloud.statements.narrowing import since
from hikae.model.account import Account as NamedAccount
from hikae.model.changes import Added
from hikae.model.fetch import Counts
from hikae.model.reconcile import covered_period
from hikae.model.statement import Period, Proof, Statement, Transaction

_SHOWN = 100
"""Rows of each kind that a page shows; the counts are of all."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What would become of one statement of a file.

    known_account: in the books already. days: the file's period, or its first to last row.
    proof: what was proven of it. continues: False where its opening balance is another one than
    that of the books, so that it only adds. new: rows that nobody had shown before. differs: rows
    of the books that it shows otherwise or no longer. held: changes of closed days, which would
    wait. too_early: rows before 開始日, which would be left away. left_out: nothing of the account
    is taken. fills: days of holes that it would cover.
    """

    title: str
    account: NamedAccount
    known_account: bool
    days: Period | None
    rows: int
    opening: int | None
    closing: int | None
    proof: Proof
    complete: bool
    continues: bool
    counts: Counts
    new: tuple[Transaction, ...]
    differs: tuple[Happening, ...]
    held: tuple[Happening, ...]
    too_early: int
    left_out: bool
    fills: tuple[Period, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether every row is in the books already."""
        return not (self.new or self.differs or self.held)


def prospects(statements: list[Statement], said: Said) -> list[Prospect]:
    """What would become of all of them whose accounts are known."""
    found = [(owner(each.account, said), each) for each in statements]
    return [_prospect(whose, each) for whose, each in found if whose is not None]


def _prospect(whose: Owner, said: Statement) -> Prospect:
    kept = whose.kept()
    account_id = kept.id if kept else None
    statement = as_far_as_it_continues(account_id, replace(said, account=whose.account))
    connection = connection_of(whose, kept)
    wanted = since(statement, connection.start_on if connection else None)
    shown = wanted or replace(statement, transactions=(), complete=False, period=None)
    division = meet(account_id, shown, closed().until(account_id)).division
    changes = division.applied
    return Prospect(
        title=title_of(whose.institution, whose.account.bank_name or ""),
        account=whose.account,
        known_account=kept is not None,
        days=_days(said),
        rows=len(said.transactions),
        opening=said.opening,
        closing=said.closing,
        proof=said.proof(),
        complete=statement.complete,
        continues=statement.complete == said.complete,
        counts=changes.counts,
        new=tuple(added.row.transaction for added in changes.added[:_SHOWN]),
        differs=_changing(events(changes)),
        held=tuple(map(happening, events(division.held)[:_SHOWN])),
        too_early=len(said.transactions) - len(shown.transactions),
        left_out=kept is not None and _is_left_out(kept),
        fills=tuple(_filled(kept, shown)),
    )


def _changing(all_events: tuple[Event, ...]) -> tuple[Happening, ...]:
    changing = (event for event in all_events if not isinstance(event, Added))
    return tuple(map(happening, islice(changing, _SHOWN)))


def _days(statement: Statement) -> Period | None:
    days = [row.booked_on for row in statement.transactions]
    return statement.period or (Period(min(days), max(days)) if days else None)


def _is_left_out(account: Account) -> bool:
    return ConnectionAccount.objects.filter(account=account, taken=False).exists()


def _filled(account: Account | None, statement: Statement) -> list[Period]:
    """The parts of holes that the statement covers."""
    covered = covered_period(statement)
    if account is None or covered is None:
        return []
    return [
        Period(max(hole.first, covered.first), min(hole.last, covered.last))
        for hole in books.account(account.id).holes
        if hole.first <= covered.last and covered.first <= hole.last
    ]
