"""What holds for whatever arrives, in whatever order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from hikae.model.changes import Corrected, Moved
from hikae.model.statement import Statement, Transaction
from tests.unit.model.books import Books, day, noon, row, statement

DAYS = 8
AMOUNTS = (100, 100, 250, -330)
NAMES = ("ヤマダショウテン", "スズキデンキ", "タナカコウムテン", "サトウセイサクショ")

numbers = st.integers(0, DAYS - 1)
windows = st.tuples(numbers, numbers).map(lambda ends: (min(ends), max(ends)))


@st.composite
def any_statement(draw: st.DrawFn) -> tuple[Statement, ...]:
    """Statements that contradict each other freely, each taken at a moment of its own."""
    statements = []
    for number in range(draw(st.integers(1, 5))):
        window = draw(windows)
        shown = draw(
            st.lists(
                st.builds(
                    row,
                    st.integers(*window),
                    st.sampled_from(AMOUNTS),
                    st.sampled_from(NAMES),
                ),
                max_size=6,
            )
        )
        as_of = noon(draw(st.integers(0, DAYS + 1)), minute=number)
        complete = draw(st.booleans())
        shown.sort(key=lambda transaction: transaction.booked_on)
        statements.append(statement(shown, as_of=as_of, days=window, complete=complete))
    return tuple(statements)


@dataclass(frozen=True)
class Entry:
    """A row of the bank's own ledger: when it can first be seen, which may be late."""

    transaction: Transaction
    visible_from: int


def page(transaction: Transaction) -> Transaction:
    return replace(transaction, description=f"振込 {transaction.description}")


def anser(transaction: Transaction) -> Transaction:
    text = (transaction.description or "").replace("ョ", "ヨ")
    return replace(transaction, description=text, balance=None)


def zengin(transaction: Transaction) -> Transaction:
    text = (transaction.description or "").replace("ョ", "ヨ")
    return replace(transaction, description="フリコミ", counterparty=text)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    entries = []
    for number, name in draw(st.lists(st.tuples(numbers, st.sampled_from(NAMES)), max_size=8)):
        amount = draw(st.sampled_from(AMOUNTS))
        visible_from = number + draw(st.sampled_from((0, 0, 0, 1, 3)))
        entries.append(Entry(row(number, amount, name), visible_from))
    return sorted(entries, key=lambda entry: entry.transaction.booked_on)


@st.composite
def fetches(draw: st.DrawFn) -> tuple[Statement, ...]:
    """Overlapping windows of one ledger, complete or not, through any channel."""
    ledger = draw(ledgers())
    taken = []
    for number in range(draw(st.integers(1, 5))):
        today = draw(st.integers(0, DAYS + 2))
        window = draw(windows)
        written = draw(st.sampled_from((page, anser, zengin)))
        shown = [
            written(entry.transaction)
            for entry in ledger
            if entry.visible_from <= today
            and day(window[0]) <= entry.transaction.booked_on <= day(window[1])
        ]
        as_of, complete = noon(today, minute=number), draw(st.booleans())
        taken.append(statement(shown, as_of=as_of, days=window, complete=complete))
    return tuple(taken)


def kept_after(statements: Sequence[Statement]) -> Books:
    books = Books()
    for new in statements:
        books.take(new)
    return books


@given(any_statement(), st.data())
def test_repeating_any_statement_adds_nothing(
    statements: tuple[Statement, ...], data: st.DataObject
) -> None:
    books = kept_after(statements)
    before = dict(books.days)
    changes = books.take(data.draw(st.sampled_from(statements)))
    assert (changes.added, changes.moved, changes.corrected, changes.removed) == ((),) * 4
    assert books.days == before


@given(any_statement(), st.data())
def test_any_order_of_arrival_ends_in_the_same_amounts_and_coverage(
    statements: tuple[Statement, ...], data: st.DataObject
) -> None:
    one, other = kept_after(statements), kept_after(data.draw(st.permutations(statements)))
    assert one.amounts() == other.amounts()
    assert one.coverage() == other.coverage()


@st.composite
def sightings_of_one_amount(draw: st.DrawFn) -> tuple[Statement, ...]:
    """One day and one amount, again and again: only how many and which texts differ."""
    names = st.lists(st.sampled_from(NAMES[:3]), max_size=3)
    return tuple(
        statement(
            [row(0, 100, name) for name in draw(names)],
            as_of=noon(2, minute=minute),
            days=(0, 0),
            complete=draw(st.sampled_from((False, False, False, True))),
        )
        for minute in range(draw(st.integers(3, 6)))
    )


@settings(max_examples=1_000)
@given(sightings_of_one_amount(), st.data())
def test_any_order_of_sightings_ends_in_as_many_equal_amounts(
    statements: tuple[Statement, ...], data: st.DataObject
) -> None:
    one, other = kept_after(statements), kept_after(data.draw(st.permutations(statements)))
    assert one.amounts() == other.amounts()


@given(fetches(), st.data())
def test_any_order_of_fetches_ends_in_the_same_days_and_texts(
    statements: tuple[Statement, ...], data: st.DataObject
) -> None:
    one, other = kept_after(statements), kept_after(data.draw(st.permutations(statements)))
    assert one.contents() == other.contents()
    assert one.coverage() == other.coverage()


@given(fetches())
def test_what_the_newest_complete_statement_covers_is_what_it_showed(
    statements: tuple[Statement, ...],
) -> None:
    whole = [new for new in statements if new.complete]
    books = kept_after(whole)
    for covered, as_of in books.coverage().items():
        newest = next(new for new in whole if new.as_of == as_of)
        shown = tuple(t for t in newest.transactions if t.booked_on == covered)
        assert books.days[covered].transactions == shown


@given(any_statement())
def test_events_tell_all_that_becomes_of_every_identity(
    statements: tuple[Statement, ...],
) -> None:
    books = Books()
    told: dict[UUID, tuple[date, int]] = {}
    for new in statements:
        changes = books.take(new)
        for gone in changes.removed:
            del told[gone.id]
        for added in changes.added:
            told[added.row.id] = (added.row.transaction.booked_on, added.row.transaction.amount)
        joined: list[Moved | Corrected] = [*changes.moved, *changes.corrected]
        for event in joined:
            assert told[event.id] == (event.before.booked_on, event.before.amount)
            told[event.id] = (event.after.booked_on, event.after.amount)
        stored = {s.id: (s.transaction.booked_on, s.transaction.amount) for s in books.rows()}
        assert stored == told


@given(any_statement())
def test_every_row_of_a_statement_is_counted_once(statements: tuple[Statement, ...]) -> None:
    books = Books()
    for new in statements:
        counts = books.take(new).counts
        rows = counts.added + counts.known + counts.moved + counts.corrected
        assert rows == len(new.transactions)
        assert counts.known >= 0


@given(fetches(), numbers)
def test_a_late_row_becomes_exactly_one_event(
    statements: tuple[Statement, ...], number: int
) -> None:
    books = kept_after(statements)
    moment = noon(DAYS + 5)
    ledger = [stored.transaction for stored in books.rows()]
    books.take(statement(ledger, as_of=moment, days=(0, DAYS - 1)))
    late = sorted([*ledger, row(number, 777)], key=lambda t: t.booked_on)
    later = moment + timedelta(hours=1)
    changes = books.take(statement(late, as_of=later, days=(0, DAYS - 1)))
    assert [(event.row.transaction, event.late) for event in changes.added] == [
        (row(number, 777), True)
    ]
    assert (changes.moved, changes.corrected, changes.removed) == ((), (), ())


@given(st.lists(windows, min_size=1, max_size=5))
def test_every_uncovered_day_between_covered_ones_is_in_a_hole(
    covered: list[tuple[int, int]],
) -> None:
    books = Books()
    for window in covered:
        books.take(statement([], as_of=noon(DAYS + 5), days=window))
    changes = books.take(statement([], as_of=noon(DAYS + 6), days=(0, 0)))
    whole = books.take(statement([], as_of=noon(DAYS + 7), days=(0, DAYS - 1)))
    days = {d for window in covered for d in range(window[0], window[1] + 1)} | {0}
    nearest = min(days - {0}, default=1)
    expected = [(day(1), day(nearest - 1))] if nearest > 1 else []
    assert [(hole.first, hole.last) for hole in changes.holes] == expected
    assert whole.holes == ()
