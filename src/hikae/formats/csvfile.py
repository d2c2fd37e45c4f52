"""The rows of a CSV file, whatever wrote it down: bytes → text → rows, each with its number."""

import csv
import io
from collections.abc import Iterator

from hikae.formats.unreadable import UnreadableFile

Row = tuple[int, list[str]]
"""Number of the row, from 1, and its fields as they stand."""


def decoded(data: bytes, name: str) -> str:
    """UTF-8 (with or without a mark) or cp932; the half-width kana of one are no other's text."""
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile(name, expected="cp932/UTF-8", found=data[:16].hex(" "))


def rows(data: bytes, name: str) -> Iterator[Row]:
    """All rows that are not blank. Raises UnreadableFile for broken quotes and other damage."""
    reader = csv.reader(io.StringIO(decoded(data, name), newline=""), strict=True)
    number = 0
    try:
        for number, fields in enumerate(reader, start=1):
            if any(fields):
                yield number, fields
    except csv.Error as damage:
        raise UnreadableFile(name, row=number + 1, expected="CSV", found=str(damage)) from None
