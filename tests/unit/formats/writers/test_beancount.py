"""Ledgers as beancount itself reads and proves them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from beancount import loader
from beancount.core.data import Balance, Transaction
from hypothesis import given, settings

from hikae.formats.writers import beancount
from hikae.formats.writers.plain import one_line
from hikae.model.account import Account, AccountKind
from hikae.model.statement import Period, Statement
from tests.unit.formats.statements import HOSTILE, PAID_IN, PAID_OUT, statement, statements
from tests.unit.formats.writers.written import written

BANK = "Assets:Bank:9999-001-ordinary-0000001"


def read(*originals: Statement) -> tuple[list[Transaction], list[Balance], list[object]]:
    """Transactions, assertions and complaints."""
    entries, errors, _ = loader.load_string(written(beancount.write, *originals).decode())
    transactions = [each for each in entries if isinstance(each, Transaction)]
    return transactions, [each for each in entries if isinstance(each, Balance)], list(errors)


def moved(transactions: Iterable[Transaction], account: str) -> Decimal:
    return sum(
        (
            posting.units.number
            for each in transactions
            for posting in each.postings
            if posting.account == account and posting.units and posting.units.number
        ),
        Decimal(0),
    )


def test_the_bank_account_ends_with_what_the_bank_said_on_the_next_day() -> None:
    transactions, [held], errors = read(statement(PAID_IN, PAID_OUT))
    assert errors == []
    assert (held.account, held.date, held.amount.number) == (
        *(BANK, date(2026, 11, 1), Decimal(1_106_700)),
    )
    opening, came, went = transactions
    assert opening.date == date(2026, 10, 1)
    assert (came.payee, came.narration, came.meta["reference"]) == (
        *("サンプルショウジ", "フリコミ A-1", "00000012"),
    )
    assert (went.payee, went.narration) == (None, "デンキ")
    assert moved(transactions, "Income:Unknown") == -110_000
    assert moved(transactions, "Expenses:Unknown") == 3_300


def test_a_row_that_was_lost_is_found_by_the_assertion() -> None:
    _, _, errors = read(replace(statement(PAID_IN), closing=1))
    assert len(errors) == 1


@settings(max_examples=60)
@given(statements(text=HOSTILE))
def test_no_text_steers_the_ledger(original: Statement) -> None:
    transactions, _, errors = read(original)
    assert errors == []
    rows = [each for each in transactions if each.narration != "繰越"]
    assert [(each.payee, each.narration, each.date) for each in rows] == [
        (
            one_line(each.counterparty) or None,
            one_line(" ".join(filter(None, (each.description, each.edi)))),
            each.booked_on,
        )
        for each in original.transactions
    ]


def test_statements_that_meet_on_one_day_are_proven_after_that_day() -> None:
    day = Period(PAID_IN.booked_on, PAID_IN.booked_on)
    morning = statement(PAID_IN, period=day)
    evening = statement(PAID_IN, period=day, opening=1_110_000)
    _, [held], errors = read(morning, evening)
    assert errors == []
    assert (held.date, held.amount.number) == (*(day.last + timedelta(days=1), Decimal(1_220_000)),)


def test_an_account_of_which_little_is_known_still_has_a_name_that_beancount_allows() -> None:
    account = Account(None, AccountKind.ORDINARY, "", currency="USD")
    transactions, _, errors = read(statement(PAID_IN, account=account))
    assert errors == []
    assert moved(transactions, "Assets:Bank:Ordinary") == Decimal("11100.00")
