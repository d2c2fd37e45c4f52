"""Feeds damaged files to every reader: each is read or refused as unreadable, and nothing else.

A program for libFuzzer by way of atheris: python fuzz_readers.py CORPUS -runs=500000. The first
byte of an input chooses the reader, the rest is the file.
"""

import io
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

import atheris

with atheris.instrument_imports(include=["hikae.formats"]):
    from hikae.formats import anser, bankcsv, bizstation, csvstatements, detect, ofx, zengin
    from hikae.formats.bankcsvs import BANK_CSVS
    from hikae.formats.csvfile import CsvFile
    from hikae.formats.stream import FileStatement, gathered
    from hikae.formats.unreadable import UnreadableFile

csvstatements.ROWS_KEPT = 2  # so that small files are read in both ways

AS_OF = datetime(2026, 5, 12, 3, tzinfo=UTC)
Reader = Callable[[BinaryIO, str, datetime], Sequence[FileStatement]]


def _rows_without_headings(file: BinaryIO, name: str, as_of: datetime) -> list[FileStatement]:
    rows = CsvFile(file, name)
    if any(bizstation.is_header(fields) for _, fields in rows.rows()):
        return bizstation.open_statements(rows, as_of)
    return []


def _rows_below_any_headings(file: BinaryIO, name: str, as_of: datetime) -> list[FileStatement]:
    rows = CsvFile(file, name)
    return [
        statement
        for form in BANK_CSVS
        for statement in bankcsv.open_statements(rows, form, 0, form.headings, as_of)
    ]


READERS: tuple[Reader, ...] = (
    detect.open_statements,
    zengin.open_statements,
    zengin.open_csv,
    anser.open_statements,
    ofx.open_statements,
    _rows_without_headings,
    _rows_below_any_headings,
)


def read(data: bytes) -> None:
    """One input. Whatever is read adds up, and reads the same again."""
    if not data:
        return
    reader = READERS[data[0] % len(READERS)]
    try:
        for stream in reader(io.BytesIO(data[1:]), "x", AS_OF):
            statement = gathered(stream)
            if statement.check() or gathered(stream) != statement:
                raise AssertionError(statement)
    except UnreadableFile as refused:
        if "\n" in str(refused):
            raise


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
