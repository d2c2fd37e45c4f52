"""The records of a file of fixed length, many at a time, from wherever one begins.

They follow each other with CR LF, LF or nothing between; some files end with 0x1A, and some fill
each record with spaces beyond its length. EBCDIC becomes JIS X 0201, byte by byte.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import BinaryIO

from hikae.formats.ebcdic import TO_JIS
from hikae.formats.records import LENGTH
from hikae.formats.unreadable import UnreadableFile

_RECORDS_OF_A_BLOCK = 2048
_BLOCK = LENGTH * _RECORDS_OF_A_BLOCK
_EBCDIC_ONE = b"\xf1"
_SEPARATORS = b"\r\n\x1a"
_LONGEST = 2 * LENGTH


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that follow each other.

    number: of the first. data: 200 bytes of each. ends: the offset behind each in its source.
    """

    number: int
    data: bytes
    ends: Sequence[int]


class RecordFile:
    """A seekable file of records."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Look at the beginning and the end; `name` is for messages."""
        self.name = name
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._ebcdic = file.read(1) == _EBCDIC_ONE
        tail = self._bytes(max(0, self._size - _LONGEST), self._size)
        self._size -= len(tail) - len(tail.rstrip(_SEPARATORS))
        start = self._bytes(0, _BLOCK)
        separated = b"\n" in start or b"\r" in start
        self._stride = None if separated else self._length_of_records(start)

    def batches(self, start: int = 0, end: int | None = None, number: int = 1) -> Iterator[Batch]:
        """The records between two offsets; number: of the first.

        Raises UnreadableFile for other lengths, after what stands before them.
        """
        end = self._size if end is None else end
        for pieces in self._lines(start, end) if self._stride is None else self._slices(start, end):
            ends = tuple(accumulate(map(len, pieces), initial=start))[1:]
            records = (
                [piece.rstrip(b"\r\n") for piece in pieces] if self._stride is None else pieces
            )
            wrong = _first_wrong(records)
            if whole := [record[:LENGTH] for record in records[:wrong]]:
                yield Batch(number, b"".join(whole), ends[:wrong])
            if wrong is not None:
                found = f"{len(records[wrong])} bytes"
                raise UnreadableFile(
                    self.name, record=number + wrong, expected=f"{LENGTH} bytes", found=found
                )
            start, number = ends[-1], number + len(pieces)

    def _lines(self, start: int, end: int) -> Iterator[list[bytes]]:
        """Lines with their ends; the last may have none."""
        rest = b""
        while block := self._bytes(start, min(start + _BLOCK, end)):
            start += len(block)
            rest += block
            # A CR that ends the block may be half of a CR LF.
            whole = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
            if lines := rest[:whole].splitlines(keepends=True):
                yield lines
            rest = rest[whole:]
            if len(rest) > _BLOCK:
                break
        if rest:
            yield [rest]

    def _slices(self, start: int, end: int) -> Iterator[list[bytes]]:
        stride = self._stride or LENGTH
        while block := self._bytes(start, min(start + stride * _RECORDS_OF_A_BLOCK, end)):
            start += len(block)
            yield [block[at : at + stride] for at in range(0, len(block), stride)]

    def _length_of_records(self, start: bytes) -> int:
        """The length at which all records of the beginning look like records."""
        for length in range(LENGTH, _LONGEST + 1):
            if self._size % length == 0 and _fits(start, length):
                return length
        return LENGTH

    def _bytes(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        data = self._file.read(max(0, min(end, self._size) - start))
        return data.translate(TO_JIS) if self._ebcdic else data


def _first_wrong(records: Sequence[bytes]) -> int | None:
    """The index of the first that is too short, or too long by more than spaces."""
    if set(map(len, records)) == {LENGTH}:
        return None
    for index, record in enumerate(records):
        if len(record) < LENGTH or record[LENGTH:].strip(b" "):
            return index
    return None


def _fits(data: bytes, length: int) -> bool:
    cut = (data[start : start + length] for start in range(0, len(data), length))
    return all(
        record[:1] in {b"1", b"2", b"8", b"9"} and not record[LENGTH:].strip(b" ") for record in cut
    )
