"""Records of fixed length: layouts that read like a specification's table, and their fields."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from struct import Struct
from typing import TypeVar

from hikae.formats.cells import Damage, read_column
from hikae.formats.cleaning import clean
from hikae.formats.unreadable import UnreadableFile

T = TypeVar("T")

LENGTH = 200
"""Bytes of a record (全銀協規定形式)."""


class Form(Enum):
    """N: digits, right-justified, zero-filled; C: half-width characters, left-justified."""

    N = "N"
    C = "C"


@dataclass(frozen=True)
class Layout:
    """Name → columns and form of each field of one kind of record."""

    fields: Mapping[str, tuple[slice, Form]]

    def cell(self, record: bytes, name: str) -> bytes:
        """One field of one record."""
        return record[self.fields[name][0]]

    def cutter(self, *names: str) -> Callable[[bytes], "Columns"]:
        """What cuts these fields out of records that follow each other, all in one step."""
        wanted = [name for name in self.fields if name in names]
        form, end = "", 0
        for cut in (self.fields[name][0] for name in wanted):
            form += f"{cut.start - end}x{cut.stop - cut.start}s"
            end = cut.stop
        cells = Struct(f"{form}{LENGTH - end}x").iter_unpack

        def cut_out(records: bytes) -> Columns:
            return Columns(dict(zip(wanted, zip(*cells(records), strict=True), strict=True)))

        return cut_out

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The fields that say something."""
        return tuple(name for name in self.fields if not name.startswith("ダミー"))

    @cached_property
    def blank(self) -> bytes:
        """A record that says nothing: zeros for digits, spaces for characters."""
        fills = ((b"0" if form is Form.N else b" ", cut) for cut, form in self.fields.values())
        return b"".join(fill * (cut.stop - cut.start) for fill, cut in fills)


def layout(*fields: tuple[str, Form, int]) -> Layout:
    """Lay out (name, form, length) one after another; together they fill a record."""
    columns: dict[str, tuple[slice, Form]] = {}
    start = 0
    for name, form, length in fields:
        columns[name] = (slice(start, start + length), form)
        start += length
    if start != LENGTH:
        raise ValueError(f"a layout of {start} bytes")
    return Layout(columns)


def digits(cell: bytes, name: str) -> bytes:
    """The digits of a field, empty where it is blank. Raises Damage for anything else."""
    if not cell.isdigit():
        cell = cell.strip()
        if cell and not cell.isdigit():
            raise Damage(f"{name} (数字)", cell.decode("ascii", "replace"))
    return cell


def integer(cell: bytes, name: str) -> int:
    """A field of digits as a number, 0 where it is blank. Raises Damage."""
    return int(cell if cell.isdigit() else digits(cell, name) or b"0")


def text(cell: bytes, name: str) -> str | None:
    """A field of characters as clean text, None where it is blank. Raises Damage."""
    if not cell.strip():
        return None
    try:
        return clean(cell.decode("cp932"))
    except UnicodeDecodeError:
        raise Damage(f"{name} (JIS X 0201)", cell.hex(" ")) from None


@dataclass(frozen=True, slots=True)
class Columns:
    """Fields of records that follow each other: name → its cell in each record."""

    cells: Mapping[str, Sequence[bytes]]

    def read(self, name: str, read: Callable[[bytes, str], T]) -> list[T]:
        """A field of all records. Raises Damage with the index of the first that is damaged."""
        return read_column(self.cells[name], lambda cell: read(cell, name))

    def integers(self, name: str) -> list[int]:
        """The same of figures, which seldom repeat."""
        cells = self.cells[name]
        if b"".join(cells).isdigit():
            return list(map(int, cells))
        return self.read(name, integer)


@dataclass(frozen=True, slots=True)
class Record:
    """One record by the name of its fields; where it stands, for messages."""

    file: str
    number: int
    content: bytes
    table: Layout

    def cell(self, name: str) -> bytes:
        """A field's bytes."""
        return self.table.cell(self.content, name)

    def text(self, name: str) -> str | None:
        """A field of characters as clean text, None where it is blank."""
        try:
            return text(self.cell(name), name)
        except Damage as damage:
            raise self.error(damage.expected, damage.found) from None

    def digits(self, name: str) -> str:
        """A field of digits as they stand, empty where it is blank."""
        try:
            return digits(self.cell(name), name).decode("ascii")
        except Damage as damage:
            raise self.error(damage.expected, damage.found) from None

    def integer(self, name: str) -> int:
        """A field of digits as a number, 0 where it is blank."""
        return int(self.digits(name) or "0")

    def error(self, expected: str, found: str) -> UnreadableFile:
        """What to raise about this record."""
        return UnreadableFile(self.file, record=self.number, expected=expected, found=found)
