"""How a balance is drawn: what is known, and nothing in between."""

from datetime import date, timedelta

from hikae.cloud.statements.curve import HEIGHT, WIDTH, MonthEnd, Point, drawn

FIRST = date(2026, 9, 29)


def points(*balances: int | None) -> list[Point]:
    """Days in a row."""
    return [(FIRST + timedelta(days=n), balance) for n, balance in enumerate(balances)]


def test_less_than_two_balances_make_no_line() -> None:
    assert drawn([]) is None
    assert drawn(points(500, None)) is None


def test_a_line_goes_from_the_first_day_at_the_left_to_the_last_at_the_right() -> None:
    curve = drawn(points(0, 1_000, 500))
    assert curve is not None
    (path,) = curve.paths
    ends = [tuple(map(float, point.split())) for point in path.removeprefix("M").split(" L")]
    assert [x for x, _ in ends] == sorted(x for x, _ in ends)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in ends)
    (_, nothing), (_, most), (_, half) = ends
    assert nothing == curve.zero
    assert most < half < nothing
    assert (curve.highest, curve.lowest) == (1_000, 0)


def test_what_is_not_known_is_not_drawn_through() -> None:
    missing = [*points(100, 200), (FIRST + timedelta(days=9), 300), (FIRST + timedelta(days=10), 1)]
    for some in (points(100, 200, None, 300, 400), missing):
        curve = drawn(some)
        assert curve is not None
        assert len(curve.paths) == 2


def test_a_balance_below_nothing_lies_below_its_line() -> None:
    curve = drawn(points(100, -100))
    assert curve is not None
    assert 0 < curve.zero < HEIGHT
    assert curve.lowest == -100


def test_a_balance_that_never_moves_is_drawn_as_well() -> None:
    curve = drawn(points(0, 0))
    assert curve is not None
    assert len(curve.paths) == 1


def test_months_tell_their_last_known_balance_newest_first() -> None:
    curve = drawn(points(100, 200, 300, None))
    assert curve is not None
    assert curve.months == (
        MonthEnd(date(2026, 10, 1), 300),
        MonthEnd(date(2026, 9, 30), 200),
    )
    assert [tick.day for tick in curve.ticks] == [date(2026, 10, 1)]
