"""Which balances of a statement agree with its rows, and which of them there were to compare."""

from datetime import UTC, date, datetime

from hikae.model.account import Account, AccountKind
from hikae.model.statement import Channel, Proof, Source, Statement, Transaction

ACCOUNT = Account("017", AccountKind.ORDINARY, "0036041")
DAY = date(2026, 5, 1)


def statement(opening: int | None, balances: list[int | None], closing: int | None) -> Statement:
    """Rows of 100 yen each."""
    rows = tuple(Transaction(DAY, 100, balance) for balance in balances)
    as_of = datetime(2026, 5, 2, tzinfo=UTC)
    return Statement(ACCOUNT, None, as_of, False, opening, closing, rows, Source(Channel.PAGE))


def test_every_balance_between_opening_and_closing_is_proven() -> None:
    whole = statement(1_000, [1_100, 1_200], 1_200)
    assert whole.check() is None
    assert whole.proof() == Proof(opening=True, running=2, closing=True)


def test_the_first_balance_that_is_known_has_nothing_to_be_compared_with() -> None:
    assert statement(None, [1_100, None, 1_300], 1_300).proof() == Proof(False, 1, True)


def test_an_opening_balance_alone_proves_nothing() -> None:
    assert statement(1_000, [None], None).proof() == Proof(False, 0, False)


def test_opening_and_closing_prove_each_other_without_running_balances() -> None:
    assert statement(1_000, [None, None], 1_200).proof() == Proof(True, 0, True)
    wrong = statement(1_000, [None, None], 1_300).check()
    assert wrong is not None
    assert wrong.details == {"row": 0, "expected": 1_200, "found": 1_300}
