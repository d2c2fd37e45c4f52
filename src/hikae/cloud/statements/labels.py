"""Accounts as messages and pages name them."""

from hikae.cloud.statements.models import Account


def account_label(account: Account) -> str:
    """`branch/kind/number`, by which agent and cloud mean the same account of a connection."""
    return f"{account.branch_code}/{account.kind}/{account.number}"
