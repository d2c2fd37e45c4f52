"""Columns of cells: each way of writing is read once, and damage is found where it stands."""

import pytest

from hikae.formats.cells import Damage, read_column


def test_what_cells_repeat_is_read_once() -> None:
    seen: list[str] = []

    def read(cell: str) -> int:
        seen.append(cell)
        return int(cell)

    assert read_column(["7", "5", "7", "7"], read) == [7, 5, 7, 7]
    assert seen == ["7", "5"]


def test_the_first_damaged_cell_is_named() -> None:
    def read(cell: bytes) -> int:
        if not cell.isdigit():
            raise Damage("digits", cell.decode())
        return int(cell)

    with pytest.raises(Damage) as caught:
        read_column([b"1", b"1", b"x", b"y"], read)
    assert (caught.value.index, caught.value.expected, caught.value.found) == (2, "digits", "x")
