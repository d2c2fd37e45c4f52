"""Writers keep a few rows at a time, however many there are."""

import tracemalloc

import pytest

from hikae.formats.convert import WRITERS
from hikae.formats.writers import excel, freee, moneyforward, yayoi
from hikae.formats.writers.writer import Writer
from tests.unit.formats.statements import Repeated

ALL = [*WRITERS.values(), excel.write, yayoi.write, moneyforward.write, freee.journal]
ROWS = 2_000
"""Of which even the barest would take half a megabyte if they were kept."""


def peak(writer: Writer, rows: int) -> int:
    tracemalloc.start()
    for _ in writer([Repeated(rows)], lambda _: None):
        pass
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return highest


@pytest.mark.parametrize("writer", ALL, ids=lambda writer: f"{writer.__module__}")
def test_more_rows_take_no_more_memory(writer: Writer) -> None:
    peak(writer, 1_000)  # what is made once for all files
    assert peak(writer, 2 * ROWS) - peak(writer, ROWS) < 150_000
