"""Generated histories of an account, reconciled, against a count that anybody can follow.

The oracle looks at all statements at once and knows neither order nor identities: of each day the
newest complete statement counts, and of what was shown later the most that any one showed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from random import Random

import pytest

from hikae.model.changes import Changes, Corrected, Moved
from hikae.model.statement import Statement, Transaction
from tests.long.conftest import Say
from tests.unit.model.books import Books, day, noon, row, statement

HISTORIES, ALL_HISTORIES = 20_000, 100_000
DAYS = 12
AMOUNTS = (100, 100, 100, -100, 250, 9_999)
TEXTS = ("ﾃﾞﾝｷﾘﾖｳ", "デンキリョウ", "カ)ヤマモト", None)

Amounts = dict[date, Counter[int]]
Event = tuple[date, int]


def test_what_is_kept_is_what_all_statements_together_say(full: bool, say: Say) -> None:
    histories = ALL_HISTORIES if full else HISTORIES
    statements = 0
    for seed in range(histories):
        history = generated(Random(seed))
        statements += len(history)
        try:
            check(history)
        except AssertionError as error:
            pytest.fail(f"seed {seed}: {error}")
    say(f"{histories} histories, {statements} statements")


def check(history: Sequence[Statement]) -> None:
    """Take the statements one by one; books and events must agree with the oracle at the end."""
    books = Books()
    told: dict[object, Event] = {}
    for new in history:
        changes = books.take(new)
        follow(told, changes)
        assert len(changes.added) + len(changes.moved) + len(changes.corrected) + changes.known == (
            len(new.transactions)
        )
    covered = coverage(history)
    assert books.coverage() == covered
    assert books.amounts() == expected(history, covered)
    kept = {row.id: (row.transaction.booked_on, row.transaction.amount) for row in books.rows()}
    assert told == kept
    look = statement([], as_of=noon(DAYS + 90), days=(0, DAYS - 1), complete=False)
    holes = books.take(look).holes
    whole = set(between(min(covered), max(covered))) if covered else set()
    assert {d for hole in holes for d in between(hole.first, hole.last)} == whole - covered.keys()


def follow(told: dict[object, Event], changes: Changes) -> None:
    """Keep a second copy by the events alone, as somebody does who reads only the changes."""
    for removed in changes.removed:
        assert told.pop(removed.id) == (removed.before.booked_on, removed.before.amount)
    rewritten: list[Moved | Corrected] = [*changes.moved, *changes.corrected]
    for changed in rewritten:
        assert told[changed.id] == (changed.before.booked_on, changed.before.amount)
        told[changed.id] = (changed.after.booked_on, changed.after.amount)
    for added in changes.added:
        assert added.row.id not in told
        told[added.row.id] = (added.row.transaction.booked_on, added.row.transaction.amount)


def coverage(history: Iterable[Statement]) -> dict[date, datetime]:
    """Day → when the newest complete statement looked at it after it was over."""
    newest: dict[date, datetime] = {}
    for each in history:
        for covered in closed_days(each):
            newest[covered] = max(newest.get(covered, each.as_of), each.as_of)
    return newest


def expected(history: Iterable[Statement], covered: dict[date, datetime]) -> Amounts:
    """Day → how often each amount stands there in the end."""
    result: Amounts = {}
    for each in history:
        shown: dict[date, Counter[int]] = {}
        for transaction in each.transactions:
            shown.setdefault(transaction.booked_on, Counter())[transaction.amount] += 1
        for booked_on, amounts in shown.items():
            proven = covered.get(booked_on)
            if proven is None or each.as_of >= proven:
                result[booked_on] = result.get(booked_on, Counter()) | amounts
    return result


def closed_days(each: Statement) -> list[date]:
    """Days of a complete statement that were over in Japan when it was taken."""
    if not each.complete or each.period is None:
        return []
    today = (each.as_of + timedelta(hours=9)).date()
    return [d for d in between(each.period.first, each.period.last) if d < today]


def between(first: date, last: date) -> list[date]:
    """All days from first to last."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def generated(dice: Random) -> list[Statement]:
    """A bank's book that changes, statements of it at different moments, in any order."""
    book = [made_up(dice) for _ in range(dice.randrange(12))]
    history = []
    for number in range(dice.randrange(1, 7)):
        unsettle(dice, book)
        moment = noon(dice.randrange(2, DAYS + 20), minute=number)
        first = dice.randrange(DAYS)
        last = dice.randrange(first, DAYS)
        complete = dice.random() < 0.6
        shown = [r for r in book if complete or dice.random() < 0.7]
        beside = dice.random() < 0.1  # a bank that shows more than it was asked for
        shown = [r for r in shown if beside or day(first) <= r.booked_on <= day(last)]
        dice.shuffle(shown)
        history.append(statement(shown, as_of=moment, days=(first, last), complete=complete))
    dice.shuffle(history)
    again = [dice.choice(history)] if dice.random() < 0.3 else []
    return history + again


def unsettle(dice: Random, book: list[Transaction]) -> None:
    """Late rows, corrected ones, moved ones, and rows that the bank takes back."""
    for _ in range(dice.randrange(4)):
        if book and dice.random() < 0.5:
            book.pop(dice.randrange(len(book)))
        if dice.random() < 0.7:
            book.append(made_up(dice))


def made_up(dice: Random) -> Transaction:
    """A row of few days, amounts and texts, so that many are alike."""
    return row(dice.randrange(DAYS), dice.choice(AMOUNTS), dice.choice(TEXTS))
