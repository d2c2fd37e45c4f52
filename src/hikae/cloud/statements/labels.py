"""Accounts as messages and pages name them."""

from hikae.cloud.pages.labels import ACCOUNT_KINDS
from hikae.cloud.statements.books import ShownAccount
from hikae.cloud.statements.models import Account


def account_label(account: Account) -> str:
    """`branch/kind/number`, by which agent and cloud mean the same account of a connection."""
    return f"{account.branch_code}/{account.kind}/{account.number}"


def name_of(account: ShownAccount) -> str:
    """Institution, branch, kind and number, for people to choose by."""
    branch = account.branch_name or account.branch_code
    return f"{account.title} {branch} {ACCOUNT_KINDS[account.kind]} {account.number}"
