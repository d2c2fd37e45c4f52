"""The rows of a CSV file, whatever wrote it down: bytes → text → blocks of rows.

A file may be larger than memory: it is read block by block, and a block can be read again.
"""

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from hikae.formats.unreadable import UnreadableFile

_BLOCK = 1 << 18
_LONGEST_LINE = 1 << 18
_LARGEST_BLOCK = 1 << 23
_MARK, _END_MARK = "\ufeff", "\x1a"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block begins: offset of its first byte, and how many rows stand before it."""

    offset: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive rows that are not blank: number in the file, from 1, and fields of each."""

    start: Place
    end: Place
    numbers: Sequence[int]
    rows: Sequence[list[str]]


class CsvFile:
    """A seekable file of comma-separated rows, UTF-8 (with or without a mark) or cp932."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Look through `file` once to tell its encoding; `name` is for messages."""
        self.name = name
        self._file = file
        # The half-width kana of one encoding are no text of the other, so one try tells.
        self._encoding = "utf-8" if _is_utf8(file) else "cp932"
        self._latest: Block | None = None  # who looks for the headings is followed by who reads

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Number and fields of each row that is not blank. Raises UnreadableFile."""
        for block in self.blocks():
            yield from zip(block.numbers, block.rows, strict=True)

    def blocks(self) -> Iterator[Block]:
        """All rows, block after block; others may read between two blocks."""
        place = Place()
        while (block := self.block(place)).end != place:
            yield block
            place = block.end

    def block(self, start: Place) -> Block:
        """The block that begins at a place; at the end of the file it has no rows.

        Raises UnreadableFile for broken quotes, bytes that are no text, and rows without end.
        """
        if self._latest is None or self._latest.start != start:
            self._latest = self._read(start)
        return self._latest

    def _read(self, start: Place) -> Block:
        rows: list[list[str]] = []
        data = b""
        try:
            data = self._whole_rows(start.offset)
            text = data.decode(self._encoding).removeprefix(_MARK if start.offset == 0 else "")
            rows += _split(text) or csv.reader(io.StringIO(text, newline=""), strict=True)
        except csv.Error as damage:
            raise self.error(start.rows + len(rows) + 1, "CSV", str(damage)) from None
        except UnicodeDecodeError as damage:
            row = start.rows + data.count(b"\n", 0, damage.start) + 1
            found = data[damage.start : damage.start + 16].hex(" ")
            raise self.error(row, "cp932/UTF-8", found) from None
        numbers: Sequence[int] = range(start.rows + 1, start.rows + len(rows) + 1)
        end = Place(start.offset + len(data), start.rows + len(rows))
        if not all(map(any, rows)) or [_END_MARK] in rows:
            told = {
                n: row
                for n, row in zip(numbers, rows, strict=True)
                if any(row) and row != [_END_MARK]
            }
            numbers, rows = list(told), list(told.values())
        return Block(start, end, numbers, rows)

    def _whole_rows(self, offset: int) -> bytes:
        """Bytes up to the end of a row: quotes come in pairs where none is left open."""
        self._file.seek(offset)
        data = bytearray(self._file.read(_BLOCK))
        quotes = data.count(b'"')
        while line := self._file.readline(_LONGEST_LINE):
            data += line
            quotes += line.count(b'"')
            if line.endswith(b"\n") and quotes % 2 == 0:
                break
            if len(data) > _LARGEST_BLOCK:
                raise csv.Error("row without end")
        return bytes(data)

    def error(self, row: int, expected: str, found: str) -> UnreadableFile:
        """What to raise about a row."""
        return UnreadableFile(self.name, row=row, expected=expected, found=found)


def _split(text: str) -> list[list[str]] | None:
    """The rows of a text that quotes each cell and has no quote in any, else None.

    Banks write so, and this takes a third of csv.reader's time.
    """
    if not (text.startswith('"') and text.endswith('"\r\n')):
        return None
    rows = [row.split('","') for row in text[1:-3].split('"\r\n"')]
    # Two quotes belong to each cell; were there more, one would stand inside of a cell.
    return rows if text.count('"') == 2 * sum(map(len, rows)) else None


def _is_utf8(file: BinaryIO) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    try:
        while chunk := file.read(_BLOCK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
