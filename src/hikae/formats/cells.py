"""Cells of one column, many at a time: what rows repeat is read once.

Knows neither files nor what a column means.
"""

from collections.abc import Callable, Sequence
from typing import TypeVar

Cell = TypeVar("Cell", str, bytes)
T = TypeVar("T")


class Damage(ValueError):  # noqa: N818 - a cell's damage, which becomes UnreadableFile
    """A cell is not what it must be: what was expected, what was found.

    index: which one of the cells that were read together.
    """

    def __init__(self, expected: str, found: str, index: int = 0) -> None:
        """Carry both in words."""
        super().__init__(expected, found, index)
        self.expected, self.found, self.index = expected, found, index


def read_column(cells: Sequence[Cell], read: Callable[[Cell], T]) -> list[T]:
    """All cells, each way of writing one read once. Raises Damage with the index of the first."""
    values: dict[Cell, T] = {}
    for cell in dict.fromkeys(cells):
        try:
            values[cell] = read(cell)
        except Damage as damage:
            raise Damage(damage.expected, damage.found, cells.index(cell)) from None
    return list(map(values.__getitem__, cells))
