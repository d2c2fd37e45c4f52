"""Tables as a person reads them: cells at their row and column, spans filled in.

It knows HTML tables and nothing of forms or banks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from hikae.banks.document import Document, attribute, text_of
from hikae.banks.labels import fold

_WIDEST_SPAN = 100
_SECTIONS = frozenset({"thead", "tbody", "tfoot"})


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and the rows below them, as plain texts; every row is as wide as the headings."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Grid:
    """The cells of one table element at their row and column."""

    def __init__(self, table: LexborNode) -> None:
        """Lay the cells out; a cell with spans stands at every place that it covers."""
        self.rows: list[list[LexborNode]] = []
        self._place: dict[int, tuple[int, int]] = {}
        hanging: dict[int, tuple[int, LexborNode]] = {}
        for number, row in enumerate(_rows(table)):
            self.rows.append(self._laid_out(number, row, hanging))

    def _laid_out(
        self, number: int, row: LexborNode, hanging: dict[int, tuple[int, LexborNode]]
    ) -> list[LexborNode]:
        """One row; `hanging` holds, by column, how many more rows a cell from above covers."""
        cells: list[LexborNode] = []

        def fill_from_above() -> None:
            while (above := hanging.pop(len(cells), None)) is not None:
                left, cell = above
                if left > 1:
                    hanging[len(cells)] = (left - 1, cell)
                cells.append(cell)

        for cell in _cells(row):
            fill_from_above()
            self._place[cell.mem_id] = (number, len(cells))
            down = _span(cell, "rowspan")
            for _ in range(_span(cell, "colspan")):
                if down > 1:
                    hanging[len(cells)] = (down - 1, cell)
                cells.append(cell)
        fill_from_above()
        return cells

    def place(self, cell: LexborNode) -> tuple[int, int] | None:
        """Row and column of a cell."""
        return self._place.get(cell.mem_id)

    def left_of(self, row: int, column: int) -> str:
        """Text of the nearest cell to the left that says something."""
        here = self.rows[row][column].mem_id
        before = (c for c in reversed(self.rows[row][:column]) if c.mem_id != here)
        return next((text for cell in before if (text := text_of(cell))), "")

    def above(self, row: int, column: int) -> str:
        """Text of the nearest cell above that says something and holds nothing to fill in."""
        over = (line[column] for line in reversed(self.rows[:row]) if column < len(line))
        plain_cells = (c for c in over if c.css_first("input, select, textarea") is None)
        return next((text for cell in plain_cells if (text := text_of(cell))), "")

    def row_text(self, row: int) -> str:
        """All texts of a row, separated by spaces."""
        return " ".join(filter(None, map(text_of, _once(self.rows[row]))))

    def table(self) -> Table:
        """The first row that looks like headings, and the rows below it that are as wide."""
        first = next((n for n, line in enumerate(self.rows) if _is_heading(line)), 0)
        headings = tuple(map(text_of, self.rows[first])) if self.rows else ()
        below = self.rows[first + 1 :]
        rows = (tuple(map(text_of, line)) for line in below if len(_once(line)) == len(headings))
        return Table(headings, tuple(rows))


def named_tables(document: Document, name: str) -> list[Grid]:
    """The innermost tables with that caption, heading cell, or title just above."""
    wanted = fold(name)
    inner = [t for t in document.tree.css("table") if len(t.css("table")) == 1]
    return [Grid(table) for table in inner if wanted in _names(table)]


def all_tables(document: Document) -> list[str]:
    """What the tables of a page are called, for messages."""
    return [name for table in document.tree.css("table") for name in _names(table) if name]


def _names(table: LexborNode) -> set[str]:
    caption = table.css_first("caption")
    names = {fold(caption.text())} if caption is not None else set()
    names.add(fold(_title_above(table)))
    first = next(_rows(table), None)
    if first is not None:
        names.update(fold(cell.text()) for cell in _cells(first))
    return names


def _title_above(table: LexborNode) -> str:
    """The text that stands directly before a table, perhaps outside of what wraps it."""
    node: LexborNode | None = table
    while node is not None and node.tag not in {"body", "td", "th", "html"}:
        before = node.prev
        while before is not None:
            text = before.text_content if before.is_text_node else text_of(before)
            if text and text.strip():
                return text
            before = before.prev
        node = node.parent
    return ""


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag == "tr":
            yield child
        elif child.tag in _SECTIONS:
            yield from (row for row in child.iter() if row.tag == "tr")


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in {"td", "th"})


def _span(cell: LexborNode, direction: str) -> int:
    said = attribute(cell, direction)
    return min(max(int(said), 1), _WIDEST_SPAN) if said.isascii() and said.isdigit() else 1


def _once(line: Sequence[LexborNode]) -> list[LexborNode]:
    """The cells of a row, one that spans several columns only once."""
    return list({cell.mem_id: cell for cell in line}.values())


def _is_heading(line: Sequence[LexborNode]) -> bool:
    return len(_once(line)) > 1 and all(cell.tag == "th" for cell in line)
