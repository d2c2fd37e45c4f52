"""A file is told by its content."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hikae.formats.detect import read
from hikae.formats.unreadable import UnreadableFile
from hikae.model.problems import ProblemCode
from hikae.model.statement import Channel
from tests.unit.formats.bankfiles import (
    Movement,
    ZenginAccount,
    anser_file,
    anser_row,
    zengin_file,
)

AS_OF = datetime(2026, 5, 12, 3, tzinfo=UTC)
ZENGIN = zengin_file(ZenginAccount([Movement(5_000), Movement(330, credit=False)]))
ANSER = anser_file(anser_row(1, into="100", balance="100"), anser_row(2, out="1", balance="99"))


@pytest.mark.parametrize(
    ("data", "channel"), [(ZENGIN, Channel.ZENGIN), (ANSER, Channel.ANSER_CSV)]
)
def test_the_name_of_a_file_does_not_matter(data: bytes, channel: Channel) -> None:
    [statement] = read(data, "picture.png", AS_OF)
    assert statement.source.channel is channel


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "(空白)"),
        (b"hello,world", "hello world"),
        ("取引日,出金,入金\r\n".encode("cp932"), "取引日 出金 入金"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
    ],
)
def test_an_unknown_file_is_refused_with_what_it_shows(data: bytes, found: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(data, "x.csv", AS_OF)
    assert caught.value.found == found
    problem = caught.value.problem
    assert problem.code is ProblemCode.UNREADABLE_FILE
    assert problem.details["file"] == "x.csv"


def test_what_is_told_stays_one_short_line() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(b'"' + b"x\n" * 5_000 + b'"', "evil\nname\x1b[2J.csv", AS_OF)
    said = str(caught.value)
    assert said.startswith("evil name[2J.csv: expected ")
    assert "\n" not in said
    assert len(said) < 200


@given(
    st.sampled_from((ZENGIN, ANSER)),
    st.lists(st.tuples(st.floats(0, 0.999), st.binary(max_size=3)), min_size=1, max_size=4),
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(
    data: bytes, damages: list[tuple[float, bytes]]
) -> None:
    damaged = bytearray(data)
    for place, content in damages:
        start = int(place * len(damaged))
        damaged[start : start + 1] = content
    try:
        statements = read(bytes(damaged), "x", AS_OF)
    except UnreadableFile:
        return
    assert all(statement.check() is None for statement in statements)


@given(
    st.lists(
        st.builds(
            Movement,
            st.integers(0, 10**12 - 1),
            booked=st.sampled_from(("080501", "080502", "080510")),
            credit=st.booleans(),
            kind=st.sampled_from((10, 11, 12, 13, 14, 15, 18, 19)),
            description=st.text("ｱｶﾞﾊﾟA1 ", max_size=12),
        ),
        max_size=8,
    ),
    st.integers(-(10**12), 10**12),
)
def test_every_figure_of_a_fixed_length_file_is_read_back(
    movements: list[Movement], opening: int
) -> None:
    account = ZenginAccount(movements, opening=opening)
    [statement] = read(zengin_file(account), "x", AS_OF)
    assert [t.amount for t in statement.transactions] == [
        m.yen if m.credit else -m.yen for m in movements
    ]
    assert [t.booked_on.day for t in statement.transactions] == [
        int(m.booked[4:]) for m in movements
    ]
    assert (statement.opening, statement.closing) == (opening, account.closing())


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8), st.booleans())
def test_every_figure_of_a_csv_is_read_back(amounts: list[int], commas: bool) -> None:
    written = "{:,}" if commas else "{}"
    balance, rows = 1_000, []
    for number, amount in enumerate(amounts, start=1):
        balance += amount
        side = {"into" if amount >= 0 else "out": written.format(abs(amount))}
        rows.append(anser_row(number, balance=written.format(balance), **side))
    [statement] = read(anser_file(*rows), "x", AS_OF)
    assert [transaction.amount for transaction in statement.transactions] == amounts
    assert (statement.opening, statement.closing) == (1_000, balance)
