"""Records of fixed length: layouts that read like a specification's table, and their fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from hikae.formats.cleaning import clean
from hikae.formats.ebcdic import TO_JIS
from hikae.formats.unreadable import UnreadableFile

LENGTH = 200
"""Bytes of a record (全銀協規定形式)."""

_EBCDIC_ONE = 0xF1
_SEPARATORS = b"\r\n\x1a"


class Form(Enum):
    """N: digits, right-justified, zero-filled; C: half-width characters, left-justified."""

    N = "N"
    C = "C"


@dataclass(frozen=True, slots=True)
class Layout:
    """Name → columns and form of each field of one kind of record."""

    fields: Mapping[str, tuple[slice, Form]]


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


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its bytes in JIS X 0201, and where it stands for messages."""

    file: str
    number: int
    content: bytes

    @property
    def kind(self) -> str:
        """データ区分: the first byte."""
        return self.content[:1].decode("ascii", "replace")

    def text(self, table: Layout, name: str) -> str | None:
        """A field of characters or digits as clean text, None where it is blank."""
        columns, _ = table.fields[name]
        raw = self.content[columns]
        try:
            return clean(raw.decode("cp932"))
        except UnicodeDecodeError:
            raise self.error(f"{name} (JIS X 0201)", raw.hex(" ")) from None

    def digits(self, table: Layout, name: str) -> str:
        """A field of digits as they stand, empty where it is blank."""
        columns, form = table.fields[name]
        found = self.content[columns].decode("ascii", "replace").strip()
        if form is not Form.N or (found and not found.isdigit()):
            raise self.error(f"{name} (数字)", found)
        return found

    def integer(self, table: Layout, name: str) -> int:
        """A field of digits as a number, 0 where it is blank."""
        return int(self.digits(table, name) or "0")

    def error(self, expected: str, found: str) -> UnreadableFile:
        """What to raise about this record."""
        return UnreadableFile(self.file, record=self.number, expected=expected, found=found)


def split(data: bytes, file: str) -> Sequence[Record]:
    """Cut a file into its records.

    They follow each other with CR LF, LF or nothing between; some files end with 0x1A, and some
    fill each record with spaces beyond its length. EBCDIC becomes JIS X 0201.
    """
    if data[:1] == bytes([_EBCDIC_ONE]):
        data = data.translate(TO_JIS)
    data = data.rstrip(_SEPARATORS)
    lines = data.splitlines() if b"\n" in data or b"\r" in data else _unseparated(data)
    records = [Record(file, number, line) for number, line in enumerate(lines, start=1)]
    for record in records:
        if len(record.content) < LENGTH:
            raise record.error(f"{LENGTH} bytes", f"{len(record.content)} bytes")
        if record.content[LENGTH:].strip(b" "):
            raise record.error(f"{LENGTH} bytes", f"{len(record.content)} bytes")
    return records


def _unseparated(data: bytes) -> list[bytes]:
    for length in range(LENGTH, 2 * LENGTH + 1):
        if len(data) % length == 0 and _fits(data, length):
            return _cut(data, length)
    return _cut(data, LENGTH)


def _fits(data: bytes, length: int) -> bool:
    return all(
        record[:1] in b"1289" and not record[LENGTH:].strip(b" ") for record in _cut(data, length)
    )


def _cut(data: bytes, length: int) -> list[bytes]:
    return [data[start : start + length] for start in range(0, len(data), length)]
