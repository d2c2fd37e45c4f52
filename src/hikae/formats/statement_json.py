"""Writes statements as JSON: a list of objects whose keys never change their names or order."""

import json
from collections.abc import Iterable

from hikae.model.account import Account
from hikae.model.statement import Period, Statement, Transaction

Value = str | int | None


def write(statements: Iterable[Statement]) -> str:
    """One list, indented, text as it is; amounts are signed minor units, unknown values null."""
    return (
        json.dumps([_statement(each) for each in statements], ensure_ascii=False, indent=2) + "\n"
    )


def _statement(statement: Statement) -> dict[str, object]:
    return {
        "account": _account(statement.account),
        "currency": statement.account.currency,
        "period": _period(statement.period),
        "opening_balance": statement.opening,
        "closing_balance": statement.closing,
        "transactions": [_transaction(each) for each in statement.transactions],
    }


def _account(account: Account) -> dict[str, Value]:
    return {
        "bank_code": account.bank_code,
        "bank_name": account.bank_name,
        "branch_code": account.branch_code,
        "branch_name": account.branch_name,
        "kind": account.kind,
        "number": account.number,
        "holder": account.holder,
    }


def _period(period: Period | None) -> dict[str, Value] | None:
    if period is None:
        return None
    return {"from": period.first.isoformat(), "to": period.last.isoformat()}


def _transaction(transaction: Transaction) -> dict[str, Value]:
    value_on = transaction.value_on
    return {
        "booked_on": transaction.booked_on.isoformat(),
        "value_on": None if value_on is None else value_on.isoformat(),
        "amount": transaction.amount,
        "balance": transaction.balance,
        "kind": transaction.kind,
        "description": transaction.description,
        "counterparty": transaction.counterparty,
        "bank_reference": transaction.bank_reference,
        "edi": transaction.edi,
    }
