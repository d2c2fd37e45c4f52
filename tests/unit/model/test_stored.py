"""A day as it is kept, and its digest."""

from datetime import date
from hashlib import sha256
from uuid import UUID

import pytest
from msgspec.structs import fields, replace

from hikae.model.statement import Transaction, TransactionKind
from hikae.model.stored import StoredDay, StoredRow, digest
from tests.unit.model.books import day, noon, row

FULL = Transaction(
    booked_on=date(2026, 5, 1),
    amount=-1157369,
    balance=-5,
    value_on=date(2026, 4, 30),
    kind=TransactionKind.TRANSFER,
    description="ヤチン",
    counterparty="カ)ヤマダ",
    bank_reference="00000012",
    edi="X",
)


def stored(*transactions: Transaction) -> StoredDay:
    rows = tuple(
        StoredRow(UUID(int=number), transaction, noon(9))
        for number, transaction in enumerate(transactions)
    )
    return StoredDay(day(1), noon(9), rows)


def test_the_digest_is_that_of_the_canonical_json() -> None:
    canonical = (
        '[{"amount":-1157369,"balance":-5,"bank_reference":"00000012",'
        '"booked_on":"2026-05-01","counterparty":"カ)ヤマダ","description":"ヤチン","edi":"X",'
        '"kind":"transfer","value_on":"2026-04-30"}]'
    )
    assert digest([FULL]) == sha256(canonical.encode()).digest()
    assert digest([]) == sha256(b"[]").digest()


OTHERS = {
    "booked_on": replace(FULL, booked_on=date(2026, 5, 2)),
    "amount": replace(FULL, amount=1),
    "balance": replace(FULL, balance=None),
    "value_on": replace(FULL, value_on=None),
    "kind": replace(FULL, kind=None),
    "description": replace(FULL, description=None),
    "counterparty": replace(FULL, counterparty=None),
    "bank_reference": replace(FULL, bank_reference=None),
    "edi": replace(FULL, edi=None),
}


@pytest.mark.parametrize("name", [field.name for field in fields(Transaction)])
def test_every_field_counts_in_the_digest(name: str) -> None:
    assert digest([FULL]) != digest([OTHERS[name]])


def test_the_order_of_rows_counts_in_the_digest() -> None:
    assert digest([FULL, row(1, 5)]) != digest([row(1, 5), FULL])


def test_a_day_knows_its_count_sum_and_closing_balance() -> None:
    kept = stored(row(1, 500), replace(row(1, -200), balance=1_300), row(1, 50))
    assert (kept.count, kept.sum, kept.closing) == (3, 350, 1_350)
    assert kept.digest == digest(kept.transactions)


def test_a_day_without_balances_has_no_closing_balance() -> None:
    assert stored(row(1, 500)).closing is None
    assert stored().closing is None
