"""口座: making one when a statement first names it, and its balance."""

from datetime import datetime

from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.statements.models import Account
from hikae.model import account as model
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
    newer = account.balance_at is None or account.balance_at <= statement.as_of
    if statement.closing is not None and newer:
        account.balance, account.balance_at = statement.closing, statement.as_of
    account.updated_at = now
    account.save(update_fields=["balance", "balance_at", "updated_at"])
