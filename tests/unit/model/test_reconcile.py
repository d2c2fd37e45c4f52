"""What becomes of rows that are repeated, late, moved, corrected, removed, rewritten."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import msgspec
import pytest

from hikae.model.changes import Added, Corrected, Moved, Removed
from hikae.model.fetch import Counts
from hikae.model.reconcile import covered_period
from hikae.model.statement import Period, Statement
from tests.unit.model.books import Books, day, noon, row, statement

RENT = row(1, -120_000, "ヤチン")
SALE = row(1, 55_000, "フリコミ ヤマダショウテン")
FEE = row(2, -330, "テスウリョウ")


def test_a_first_statement_adds_every_row_in_the_banks_order() -> None:
    books = Books()
    changes = books.take(statement([RENT, SALE, FEE], as_of=noon(10)))
    assert [event.row.transaction for event in changes.added] == [RENT, SALE, FEE]
    assert not any(event.late for event in changes.added)
    assert books.days[day(1)].transactions == (RENT, SALE)
    assert changes.counts == Counts(added=3)


def test_a_repeated_statement_changes_nothing_at_all() -> None:
    books = Books()
    books.take(statement([RENT, SALE], as_of=noon(10)))
    changes = books.take(statement([RENT, SALE], as_of=noon(10)))
    assert changes.days == ()
    assert changes.counts == Counts(known=2)


def test_the_same_rows_seen_again_later_only_confirm_their_days() -> None:
    books = Books()
    books.take(statement([RENT, SALE], as_of=noon(10)))
    before = books.rows()
    changes = books.take(statement([RENT, SALE], as_of=noon(11)))
    assert changes.counts == Counts(known=2)
    assert books.rows() == before
    assert set(books.coverage().values()) == {noon(11)}


def test_identical_payments_stay_as_many_as_the_bank_shows() -> None:
    books = Books()
    books.take(statement([SALE, SALE, SALE], as_of=noon(10)))
    books.take(statement([SALE, SALE, SALE], as_of=noon(11), complete=False))
    assert len(books.rows()) == 3


def test_a_row_on_a_covered_day_is_late() -> None:
    books = Books()
    books.take(statement([RENT], as_of=noon(10)))
    changes = books.take(statement([SALE, RENT], as_of=noon(11)))
    assert changes.added == (Added(books.days[day(1)].rows[0], late=True),)
    assert books.days[day(1)].transactions == (SALE, RENT)


def test_a_late_row_between_equal_amounts_takes_nobodys_identity() -> None:
    first, second, late = (row(1, 5_500, name) for name in ("ヤマダ", "スズキ", "タナカ"))
    books = Books()
    books.take(statement([first, second], as_of=noon(10)))
    before = {stored.transaction: stored.id for stored in books.rows()}
    books.take(statement([first, late, second], as_of=noon(11)))
    after = {stored.transaction: stored.id for stored in books.rows()}
    assert [stored.transaction for stored in books.rows()] == [first, late, second]
    assert before.items() <= after.items()


def test_a_row_that_the_bank_booked_on_another_day_is_moved_once() -> None:
    books = Books()
    books.take(statement([RENT, SALE], as_of=noon(10)))
    kept = books.days[day(1)].rows[1].id
    moved = msgspec.structs.replace(SALE, booked_on=day(3))
    changes = books.take(statement([RENT, moved], as_of=noon(11)))
    assert changes.moved == (Moved(kept, SALE, moved),)
    assert changes.counts == Counts(known=1, moved=1)
    assert [stored.id for stored in books.days[day(3)].rows] == [kept]


def test_of_two_rows_that_moved_each_keeps_its_identity_by_its_texts() -> None:
    yamada, suzuki = row(1, 5_500, "ヤマダ"), row(1, 5_500, "スズキ")
    books = Books()
    books.take(statement([yamada, suzuki], as_of=noon(10)))
    ids = {stored.transaction.description: stored.id for stored in books.rows()}
    there = [
        msgspec.structs.replace(suzuki, booked_on=day(2)),
        msgspec.structs.replace(yamada, booked_on=day(3)),
    ]
    changes = books.take(statement(there, as_of=noon(11)))
    assert {event.after.description: event.id for event in changes.moved} == ids


def test_the_likelier_texts_count_more_than_the_nearer_day() -> None:
    books = Books()
    books.take(statement([row(1, 5_500, "ヤマダショウテン")], as_of=noon(10)))
    near, far = row(2, 5_500, "ヤマダショウジ"), row(7, 5_500, "ヤマダショウテン")
    changes = books.take(statement([near, far], as_of=noon(11)))
    assert [event.after for event in changes.moved] == [far]


def test_without_texts_a_row_moves_to_the_nearest_day() -> None:
    books = Books()
    books.take(statement([row(4, 100)], as_of=noon(10)))
    changes = books.take(statement([row(1, 100), row(5, 100)], as_of=noon(11)))
    assert [event.after.booked_on for event in changes.moved] == [day(5)]
    assert [event.row.transaction.booked_on for event in changes.added] == [day(1)]


def test_another_amount_with_similar_texts_is_one_correction() -> None:
    books = Books()
    books.take(statement([RENT, SALE], as_of=noon(10)))
    kept = books.days[day(1)].rows[1].id
    right = msgspec.structs.replace(SALE, amount=55_500, description="フリコミ ヤマダシヨウテン")
    changes = books.take(statement([RENT, right], as_of=noon(11)))
    assert changes.corrected == (Corrected(kept, SALE, right),)
    assert changes.counts == Counts(known=1, corrected=1)
    assert [stored.id for stored in books.days[day(1)].rows][1] == kept


def test_another_amount_with_other_texts_is_a_removal_and_an_addition() -> None:
    books = Books()
    books.take(statement([RENT], as_of=noon(10)))
    changes = books.take(statement([SALE], as_of=noon(11)))
    assert changes.counts == Counts(added=1, removed=1)


def test_a_row_that_a_newer_complete_statement_lacks_is_removed() -> None:
    books = Books()
    books.take(statement([RENT, SALE], as_of=noon(10)))
    gone = books.days[day(1)].rows[1].id
    changes = books.take(statement([RENT], as_of=noon(11)))
    assert changes.removed == (Removed(gone, SALE),)
    assert changes.counts == Counts(known=1, removed=1)


def test_an_incomplete_statement_removes_nothing() -> None:
    books = Books()
    books.take(statement([RENT, SALE], as_of=noon(10)))
    changes = books.take(statement([FEE], as_of=noon(11), complete=False))
    assert changes.counts == Counts(added=1)
    assert len(books.rows()) == 3


def test_a_part_of_a_day_leaves_the_texts_of_other_equal_amounts_alone() -> None:
    yamada, suzuki = row(1, 5_500, "ヤマダ"), row(1, 5_500, "スズキ")
    books = Books()
    books.take(statement([yamada, suzuki], as_of=noon(10)))
    books.take(statement([suzuki], as_of=noon(11), complete=False))
    assert books.days[day(1)].transactions == (yamada, suzuki)


def test_an_older_complete_statement_neither_adds_nor_removes() -> None:
    books = Books()
    books.take(statement([RENT], as_of=noon(11)))
    changes = books.take(statement([SALE], as_of=noon(10)))
    assert changes.days == ()
    assert changes.counts == Counts(known=1)


def test_an_older_complete_statement_leaves_what_was_seen_after_it() -> None:
    books = Books()
    books.take(statement([SALE], as_of=noon(12), complete=False))
    changes = books.take(statement([RENT], as_of=noon(11)))
    assert changes.removed == ()
    assert sorted(stored.transaction.amount for stored in books.rows()) == [-120_000, 55_000]


def test_of_one_moment_the_complete_statement_wins_in_either_order() -> None:
    whole = statement([RENT], as_of=noon(10))
    part = statement([SALE], as_of=noon(10), complete=False)
    one, other = Books(), Books()
    one.take(whole)
    one.take(part)
    other.take(part)
    other.take(whole)
    assert one.contents() == other.contents()
    assert one.days[day(1)].transactions == (RENT,)


def test_a_part_seen_again_is_proven_anew() -> None:
    books = Books()
    books.take(statement([SALE], as_of=noon(10), complete=False))
    books.take(statement([SALE], as_of=noon(12), complete=False))
    changes = books.take(statement([RENT], as_of=noon(11)))
    assert changes.removed == ()


@pytest.mark.parametrize(
    ("first", "third", "fourth"),
    [("AB", "A", "B"), ("BA", "A", "A"), ("AB", "C", "B")],
)
def test_rows_that_only_older_parts_prove_are_removed_in_every_order(
    first: str, third: str, fourth: str
) -> None:
    def part(names: str, minute: int) -> Statement:
        rows = [row(1, 100, name * 9) for name in names]
        return statement(rows, as_of=noon(10, minute), complete=False)

    empty = statement([], as_of=noon(10, 2))
    sightings = [part(first, 1), empty, part(third, 3), part(fourth, 4)]
    for order in permutations(sightings):
        books = Books()
        for sighting in order:
            books.take(sighting)
        assert books.amounts() == {day(1): Counter({100: 1})}


def test_rows_stand_in_the_order_of_the_newest_statement_whichever_comes_first() -> None:
    for order in ((10, 11), (11, 10)):
        books = Books()
        for number in order:
            rows = [RENT, SALE] if number == 10 else [SALE, row(1, 1), RENT]
            books.take(statement(rows, as_of=noon(number), complete=number == 10))
        assert books.days[day(1)].transactions == (SALE, row(1, 1), RENT)


def test_the_same_row_written_by_page_csv_and_zengin_stays_one_with_the_newest_texts() -> None:
    page = msgspec.structs.replace(SALE, description="振込 ヤマダショウテン", balance=90_000)
    csv = msgspec.structs.replace(SALE, description="ヤマダシヨウテン")
    zengin = msgspec.structs.replace(SALE, description="フリコミ", counterparty="ヤマダ シヨウテン")
    books = Books()
    books.take(statement([page], as_of=noon(10)))
    kept = books.rows()[0].id
    books.take(statement([csv], as_of=noon(11)))
    changes = books.take(statement([zengin], as_of=noon(12), complete=False))
    assert changes.counts == Counts(known=1)
    assert [(stored.id, stored.transaction) for stored in books.rows()] == [(kept, zengin)]


def test_the_day_of_the_statement_itself_is_not_covered_yet() -> None:
    books = Books()
    books.take(statement([row(9, 100)], as_of=noon(9)))
    assert max(books.coverage()) == day(8)
    assert books.days[day(9)].as_of is None


def test_the_day_is_japans_day() -> None:
    late_evening_in_london = noon(8) + timedelta(hours=13)
    assert covered_period(statement([], as_of=late_evening_in_london)) == Period(day(0), day(8))


def test_a_statement_without_a_period_covers_its_first_to_its_last_booked_day() -> None:
    new = statement([row(2, 1), row(4, 1)], as_of=noon(10), days=None)
    assert covered_period(new) == Period(day(2), day(4))
    assert covered_period(replace(new, complete=False)) is None
    assert covered_period(statement([], as_of=noon(10), days=None)) is None


def test_a_complete_statement_covers_days_without_rows() -> None:
    books = Books()
    books.take(statement([], as_of=noon(10), days=(0, 3)))
    assert sorted(books.coverage()) == [day(number) for number in range(4)]


def test_days_between_covered_ones_are_holes_until_they_are_filled() -> None:
    books = Books()
    books.take(statement([RENT], as_of=noon(20), days=(0, 3)))
    gap = books.take(statement([], as_of=noon(20), days=(7, 9)))
    assert gap.holes == (Period(day(4), day(6)),)
    filled = books.take(statement([row(5, 1)], as_of=noon(20), days=(4, 6)))
    assert filled.holes == ()


def test_an_incomplete_statement_fills_no_hole() -> None:
    books = Books()
    books.take(statement([], as_of=noon(20), days=(0, 3)))
    books.take(statement([], as_of=noon(20), days=(7, 9)))
    still = books.take(statement([row(5, 1)], as_of=noon(20), days=(4, 6), complete=False))
    assert still.holes == (Period(day(4), day(6)),)


def test_a_crowd_of_equal_amounts_keeps_its_size_and_order() -> None:
    crowd = [row(1, 100, f"A{number}") for number in range(300)]
    other = [row(1, 100, f"B{number + 1_000}") for number in range(301)]
    books = Books()
    books.take(statement(crowd, as_of=noon(10)))
    changes = books.take(statement(other, as_of=noon(11)))
    assert changes.counts == Counts(added=1, known=300)
    assert books.days[day(1)].transactions == tuple(other)


def test_in_a_crowd_the_same_texts_keep_their_identity_whatever_their_order() -> None:
    crowd = [row(1, 100, f"A{number}") for number in range(300)]
    books = Books()
    books.take(statement(crowd, as_of=noon(10)))
    before = {stored.transaction: stored.id for stored in books.rows()}
    spaced = [
        msgspec.structs.replace(each, description=f" {each.description} ") for each in crowd[::-1]
    ]
    books.take(statement([*spaced, row(1, 100, "Z")], as_of=noon(11)))
    after = {stored.transaction: stored.id for stored in books.rows()}
    for plain, written in zip(crowd[::-1], spaced, strict=True):
        assert after[written] == before[plain]
