"""Rows of CSV files: the quick way of reading them and the thorough one say the same."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hikae.formats.csvfile import CsvFile
from hikae.formats.unreadable import UnreadableFile

PIECES = st.sampled_from(['"', ",", '","', '"\r\n"', "\r\n", "\n", '""', "a", "ﾔﾏﾀﾞ", " "])


def rows(text: str) -> list[list[str]]:
    file = CsvFile(io.BytesIO(text.encode()), "x")
    return [fields for _, fields in file.rows()]


def by_the_book(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if any(row)]


@given(st.lists(PIECES).map("".join))
@example('a","\r\n","d')
@example('a","b"",""c')
def test_whatever_is_quoted_is_read_as_csv_is_read(inside: str) -> None:
    text = f'"{inside}"\r\n'
    try:
        expected = by_the_book(text)
    except csv.Error:
        with pytest.raises(UnreadableFile):
            rows(text)
    else:
        assert rows(text) == expected


@given(st.lists(st.lists(st.text(alphabet='a",\r\n'), min_size=1), min_size=1))
def test_what_a_program_has_quoted_comes_back(written: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(written)
    assert rows(text.getvalue()) == [row for row in written if any(row)]


def test_rows_that_are_blank_are_counted_and_passed_over() -> None:
    file = CsvFile(io.BytesIO(b'"a","b"\r\n"",""\r\n"c","d"\r\n\x1a'), "x")
    assert list(file.rows()) == [(1, ["a", "b"]), (3, ["c", "d"])]


def test_a_row_that_is_damaged_is_named_by_its_number() -> None:
    with pytest.raises(UnreadableFile, match="row 3"):
        rows('"a"\r\n"b"\r\n"c"d\r\n')
