"""JSON holds all that a statement says."""

import json

from hypothesis import given

from hikae.formats.writers import statement_json
from hikae.model.statement import Statement
from tests.unit.formats.statements import PAID_IN, PAID_OUT, statement, statements
from tests.unit.formats.writers.written import told, written


@given(statements())
def test_whatever_a_statement_says_comes_back_from_its_json(original: Statement) -> None:
    file, losses = told(statement_json.write, original, original)
    [first, second] = json.loads(file)
    assert first == second
    assert first["opening_balance"] == original.opening
    assert first["closing_balance"] == original.closing
    assert first["account"]["holder"] == original.account.holder
    assert first["transactions"] == [
        {
            "booked_on": each.booked_on.isoformat(),
            "value_on": each.value_on.isoformat() if each.value_on else None,
            "amount": each.amount,
            "balance": each.balance,
            "kind": each.kind.value if each.kind else None,
            "description": each.description,
            "counterparty": each.counterparty,
            "bank_reference": each.bank_reference,
            "edi": each.edi,
        }
        for each in original.transactions
    ]
    assert losses == []


def test_nothing_is_an_empty_list_and_a_statement_without_rows_has_one() -> None:
    assert written(statement_json.write) == b"[]\n"
    [empty] = json.loads(written(statement_json.write, statement()))
    assert empty["transactions"] == []


def test_each_transaction_has_a_line_of_its_own() -> None:
    lines = written(statement_json.write, statement(PAID_IN, PAID_OUT)).decode().splitlines()
    assert [line.strip()[:14] for line in lines if '"booked_on"' in line] == ['{"booked_on": '] * 2
