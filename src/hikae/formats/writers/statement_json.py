"""Writes statements as JSON: a list of objects whose keys never change their names or order."""

import json
from collections.abc import Iterable, Iterator, Mapping

from hikae.formats.stream import StatementStream
from hikae.formats.writers.writer import Tell
from hikae.model.account import Account
from hikae.model.statement import Period, Transaction

Value = str | int | None


def write(statements: Iterable[StatementStream], tell: Tell) -> Iterator[bytes]:  # noqa: ARG001 - loses nothing
    """One list, a transaction to a line, text as it is; JSON holds everything.

    Amounts are signed minor units, unknown values null.
    """
    before = "[\n"
    for statement in statements:
        yield before.encode()
        yield from _statement(statement)
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _statement(statement: StatementStream) -> Iterator[bytes]:
    head = {
        "account": _account(statement.account),
        "currency": statement.account.currency,
        "period": _period(statement.period),
        "opening_balance": statement.opening,
        "closing_balance": statement.closing,
    }
    lines = (f"    {_json(key)}: {_json(value)},\n" for key, value in head.items())
    yield f'  {{\n{"".join(lines)}    "transactions": ['.encode()
    before, after = "\n", ""
    for transaction in statement.transactions:
        yield f"{before}      {_json(_transaction(transaction))}".encode()
        before, after = ",\n", "\n    "
    yield f"{after}]\n  }}".encode()


def _json(value: Mapping[str, Value] | Value) -> str:
    return json.dumps(value, ensure_ascii=False)


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
