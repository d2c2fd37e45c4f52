"""口座: making one when a statement first names it, its balance, and what is not booked yet."""

from datetime import datetime, time, timedelta

import msgspec

from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.statements.models import Account
from hikae.model import account as model
from hikae.model.clock import JAPAN
from hikae.model.statement import Statement


def known_account(connection: Connection, named: model.Account) -> Account:
    """The account that a statement names, made and joined to its connection when it is new."""
    account, _ = Account.objects.get_or_create(
        organisation_id=connection.organisation_id,
        institution=connection.institution,
        branch_code=named.branch_code or "",
        kind=named.kind,
        number=named.number,
        currency=named.currency,
        defaults={
            "bank_name": named.bank_name or "",
            "branch_name": named.branch_name or "",
            "holder": named.holder or "",
        },
    )
    ConnectionAccount.objects.get_or_create(
        organisation_id=connection.organisation_id, connection=connection, account=account
    )
    return account


def note_balance(account: Account, statement: Statement, now: datetime) -> None:
    """Keep the newest balance that the bank said, and when the account was last updated."""
    at = balance_moment(statement)
    newer = account.balance_at is None or account.balance_at <= at
    if statement.closing is not None and newer:
        account.balance, account.balance_at = statement.closing, at
    account.updated_at = now
    account.save(update_fields=["balance", "balance_at", "updated_at"])


def note_pending(account: Account, statement: Statement) -> None:
    """Keep the newest snapshot of what the bank has not booked yet, in place of the one before."""
    if statement.pending is None:
        return
    if account.pending_at is None or account.pending_at <= statement.as_of:
        account.pending = msgspec.to_builtins(statement.pending)
        account.pending_at = statement.as_of
        account.save(update_fields=["pending", "pending_at"])


def balance_moment(statement: Statement) -> datetime:
    """When the closing balance was true: at `as_of`, or at the end of a period before it."""
    last = statement.period.last if statement.period else None
    if last is None and not statement.complete and statement.transactions:
        last = max(row.booked_on for row in statement.transactions)
    if last is None:
        return statement.as_of
    return min(statement.as_of, datetime.combine(last + timedelta(days=1), time(), JAPAN))
