"""Rows and the holes between them."""

from datetime import date
from uuid import uuid4

from hikae.cloud.statements.lines import Gap, Line, lines, within
from hikae.cloud.statements.models import Transaction
from hikae.model.statement import Period


def row(day: int) -> Transaction:
    return Transaction(booked_on=date(2026, 10, day), amount=1, account_id=uuid4())


def hole(first: int, last: int) -> Period:
    return Period(date(2026, 10, first), date(2026, 10, last))


def shown(rows: list[Transaction], holes: list[Period], *, last_page: bool = True) -> list[str]:
    return [_said(line) for line in lines(rows, {}, holes, last_page=last_page)]


def _said(line: Line | Gap) -> str:
    if isinstance(line, Gap):
        return f"{line.hole.first.day}-{line.hole.last.day}"
    return str(line.row.booked_on.day)


def test_a_hole_stands_between_the_days_around_it() -> None:
    assert shown([row(20), row(20), row(9)], [hole(10, 12)]) == ["20", "20", "10-12", "9"]


def test_a_hole_newer_than_all_rows_comes_first_and_an_older_one_last() -> None:
    rows, holes = [row(15)], [hole(3, 4), hole(20, 21)]
    assert shown(rows, holes) == ["20-21", "15", "3-4"]


def test_a_page_that_is_not_the_last_leaves_older_holes_to_the_next_one() -> None:
    assert shown([row(15)], [hole(3, 4)], last_page=False) == ["15"]
    begun = date(2026, 10, 15)
    assert within([hole(3, 4), hole(20, 21)], None, None, begun) == [hole(3, 4)]


def test_holes_outside_the_days_asked_for_are_not_shown() -> None:
    holes = [hole(3, 4), hole(10, 12), hole(20, 21)]
    since, until = date(2026, 10, 12), date(2026, 10, 19)
    assert within(holes, since, until, None) == [hole(10, 12)]
