"""The records of a file of fixed length, one after another, from wherever one begins.

They follow each other with CR LF, LF or nothing between; some files end with 0x1A, and some fill
each record with spaces beyond its length. EBCDIC becomes JIS X 0201, byte by byte.
"""

import os
from collections.abc import Iterator
from typing import BinaryIO

from hikae.formats.ebcdic import TO_JIS
from hikae.formats.records import LENGTH
from hikae.formats.unreadable import UnreadableFile

_RECORDS_OF_A_BLOCK = 2048
_BLOCK = LENGTH * _RECORDS_OF_A_BLOCK
_EBCDIC_ONE = b"\xf1"
_SEPARATORS = b"\r\n\x1a"
_LONGEST = 2 * LENGTH


class RecordFile:
    """A seekable file of records."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Look at the beginning and the end; `name` is for messages."""
        self.name = name
        self._file = file
        self._size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._ebcdic = file.read(1) == _EBCDIC_ONE
        tail = self._bytes(max(0, self._size - _LONGEST), _LONGEST)
        self._size -= len(tail) - len(tail.rstrip(_SEPARATORS))
        start = self._bytes(0, _BLOCK)
        separated = b"\n" in start or b"\r" in start
        self._stride = None if separated else self._length_of_records(start)

    def records(self, offset: int = 0, number: int = 1) -> Iterator[tuple[int, int, bytes]]:
        """Number of each record, offset of the next one, and the 200 bytes.

        offset, number: of the record to begin with. Raises UnreadableFile for other lengths.
        """
        stride = self._stride
        for line in self._lines(offset) if stride is None else self._slices(offset, stride):
            offset += len(line)
            content = line if len(line) == LENGTH else line.rstrip(b"\r\n")
            if len(content) != LENGTH:
                if len(content) < LENGTH or content[LENGTH:].strip(b" "):
                    found = f"{len(content)} bytes"
                    raise UnreadableFile(
                        self.name, record=number, expected=f"{LENGTH} bytes", found=found
                    )
                content = content[:LENGTH]
            yield number, offset, content
            number += 1

    def _lines(self, offset: int) -> Iterator[bytes]:
        """Lines with their ends; the last may have none."""
        rest = b""
        while block := self._bytes(offset, _BLOCK):
            offset += len(block)
            rest += block
            # A CR that ends the block may be half of a CR LF.
            whole = max(rest.rfind(b"\n"), rest.rfind(b"\r", 0, len(rest) - 1)) + 1
            yield from rest[:whole].splitlines(keepends=True)
            rest = rest[whole:]
            if len(rest) > _BLOCK:
                break
        if rest:
            yield rest

    def _slices(self, offset: int, stride: int) -> Iterator[bytes]:
        while block := self._bytes(offset, stride * _RECORDS_OF_A_BLOCK):
            offset += len(block)
            for start in range(0, len(block), stride):
                yield block[start : start + stride]

    def _length_of_records(self, start: bytes) -> int:
        """The length at which all records of the beginning look like records."""
        for length in range(LENGTH, _LONGEST + 1):
            if self._size % length == 0 and _fits(start, length):
                return length
        return LENGTH

    def _bytes(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        data = self._file.read(max(0, min(length, self._size - offset)))
        return data.translate(TO_JIS) if self._ebcdic else data


def _fits(data: bytes, length: int) -> bool:
    cut = (data[start : start + length] for start in range(0, len(data), length))
    return all(
        record[:1] in {b"1", b"2", b"8", b"9"} and not record[LENGTH:].strip(b" ") for record in cut
    )
