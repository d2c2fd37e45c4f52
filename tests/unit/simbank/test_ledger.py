from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from hikae.simbank import Kind, Posting, SimBank, Size
from hikae.simbank.business import schedule
from hikae.simbank.ledger import AccountKind, Ledger

START = date(2026, 1, 5)


USUAL = Size()


def book(seed: str = "a", size: Size = USUAL, kind: AccountKind = AccountKind.CURRENT) -> Ledger:
    return Ledger(3_000_000, schedule(seed, kind, 3_000_000, START, size))


def at(day: int) -> datetime:
    return datetime(2026, 1, 5, 12, tzinfo=UTC) + timedelta(days=day)


@pytest.mark.parametrize("kind", AccountKind)
def test_opening_and_sum_make_the_closing_balance_of_every_row(kind: AccountKind) -> None:
    ledger = book(kind=kind)
    ledger.grow(at(120))
    rows = ledger.rows()
    assert rows[0].balance == ledger.opening + rows[0].posting.amount
    for before, after in pairwise(rows):
        assert after.balance == before.balance + after.posting.amount
    extract = ledger.extract(date(2026, 2, 1), date(2026, 2, 28))
    assert extract.closing == extract.rows[-1].balance
    earlier = ledger.extract(START, date(2026, 1, 31))
    assert extract.opening == earlier.closing


def test_the_history_holds_exactly_the_transactions_asked_for() -> None:
    ledger = book(size=Size(transactions=1000, days=90))
    ledger.grow(at(89))
    assert len(ledger.rows()) == 1000


def test_the_same_seed_gives_the_same_book_and_another_seed_another() -> None:
    one, two, other = book("a"), book("a"), book("b")
    for ledger in (one, two, other):
        ledger.grow(at(60))
    assert one.rows() == two.rows()
    assert one.rows() != other.rows()


def test_growing_in_steps_or_at_once_makes_no_difference() -> None:
    steps, once = book(), book()
    for day in range(60):
        steps.grow(at(day))
    once.grow(at(59))
    assert steps.rows() == once.rows()


def test_nothing_is_booked_at_weekends_or_overdrawn() -> None:
    ledger = book(size=Size(transactions=500))
    ledger.grow(at(119))
    assert {row.posting.booked_on.weekday() for row in ledger.rows()} == {0, 1, 2, 3, 4}
    assert min(row.balance for row in ledger.rows()) >= 0


def test_a_current_account_sees_every_kind_of_business() -> None:
    ledger = book(size=Size(transactions=500))
    ledger.grow(at(119))
    kinds = Counter(row.posting.kind for row in ledger.rows())
    assert set(kinds) == set(Kind) - {Kind.CORRECTION}


def test_a_row_posted_on_a_past_day_moves_the_balances_after_it() -> None:
    ledger = book()
    ledger.grow(at(30))
    day, before = date(2026, 1, 20), ledger.rows()[-1].balance
    key = ledger.post(Posting(day, day, 500, Kind.TRANSFER, "ｵｸﾚ"))
    assert ledger.rows()[-1].balance == before + 500
    assert [row.key for row in ledger.extract(day, day).rows][-1] == key


def test_a_correction_replaces_the_row_under_its_key() -> None:
    ledger = book()
    ledger.grow(at(30))
    row = ledger.rows()[3]
    ledger.correct(row.key, replace(row.posting, amount=row.posting.amount + 7))
    assert ledger.rows()[3].balance == row.balance + 7
    with pytest.raises(KeyError):
        ledger.correct(99_999, row.posting)


def test_books_grow_through_the_day_with_the_clock(bank: SimBank) -> None:
    customer = bank.customer("ok")
    before = sum(len(extract.rows) for _, extract in customer.truth())
    bank.clock.advance(timedelta(days=7))
    after = sum(len(extract.rows) for _, extract in customer.truth())
    assert after > before + 5


def test_customers_have_accounts_of_three_kinds_at_three_branches(bank: SimBank) -> None:
    accounts = bank.customer("ok").accounts
    assert [account.kind.word for account in accounts] == ["普通", "当座", "貯蓄"]
    assert len({account.branch.code for account in accounts}) == 3
    assert all(len(account.number) == 7 for account in accounts)
