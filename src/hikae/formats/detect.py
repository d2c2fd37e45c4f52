"""Which format a file is of, told by its content, never by its name; and reading it so."""

import io
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import BinaryIO

from hikae.formats import anser, bankcsv, bizstation, ofx, zengin, zengin_csv
from hikae.formats.bankcsv import BankCsv
from hikae.formats.bankcsvs import BANK_CSVS
from hikae.formats.cleaning import heading
from hikae.formats.csvfile import CsvFile
from hikae.formats.stream import FileStatement, gathered
from hikae.formats.unreadable import UnreadableFile
from hikae.model.statement import Statement

_KNOWN = "全銀協規定形式 (種別 01/03/04), ANSER形式 CSV, OFX, 銀行のCSV"
_START = 1024
_ROWS_ABOVE = 64
"""A heading row stands within so many rows."""

_OTHER_FILES = (
    (b"PK\x03\x04", "Excel (.xlsx), ZIP"),
    (b"\xd0\xcf\x11\xe0", "Excel (.xls)"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"\x1f\x8b", "gzip"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
    (b"{\\rtf", "RTF"),
)
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<script", b"<body", b"<table")


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a file of any known format, one statement per account.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile
    for a damaged file, and for one of no known format with what it shows.
    """
    return list(map(gathered, open_statements(io.BytesIO(data), name, as_of)))


def open_statements(file: BinaryIO, name: str, as_of: datetime) -> Sequence[FileStatement]:
    """The same of a seekable file, whose rows are read when they are wanted.

    The file must stay open until then.
    """
    file.seek(0)
    start = file.read(_START)
    _refuse_other_files(start, name)
    if zengin.looks_like(start):
        return zengin.open_statements(file, name, as_of)
    if ofx.looks_like(start):
        return ofx.open_statements(file, name, as_of)
    return _open_csv(file, name, as_of)


def _refuse_other_files(start: bytes, name: str) -> None:
    for magic, kind in _OTHER_FILES:
        if start.startswith(magic):
            raise UnreadableFile(name, expected=_KNOWN, found=kind)
    if start.removeprefix(b"\xef\xbb\xbf").lstrip().lower().startswith(_PAGES):
        raise UnreadableFile(name, expected=_KNOWN, found="HTML")
    if b"\x00" in start:
        raise UnreadableFile(name, expected=_KNOWN, found=f"NUL: {start[:16].hex(' ')}")


def _open_csv(file: BinaryIO, name: str, as_of: datetime) -> Sequence[FileStatement]:
    """The first row that a format knows says which one it is."""
    rows = CsvFile(file, name)
    seen: list[list[str]] = []
    for number, fields in islice(rows.rows(), _ROWS_ABOVE):
        if not seen and zengin_csv.is_header(fields):
            return zengin.open_csv(file, name, as_of)
        if not seen and bizstation.is_header(fields):
            return bizstation.open_statements(rows, as_of)
        if anser.is_heading(fields):
            return anser.open_rows(rows, as_of)
        if form := _form(rows, number, fields):
            return bankcsv.open_statements(rows, form, number, fields, as_of)
        seen.append(fields)
    raise UnreadableFile(name, expected=_KNOWN, found=_most_telling(seen))


def _form(file: CsvFile, number: int, fields: Sequence[str]) -> BankCsv | None:
    """The one description whose headings all stand in a row, None where there is none."""
    headings = set(map(heading, fields))
    forms = [form for form in BANK_CSVS if headings.issuperset(form.headings)]
    if len(forms) > 1:
        names = " / ".join(form.name for form in forms)
        raise file.error(number, f"1つの形式 ({names})", " ".join(fields))
    return forms[0] if forms else None


def _most_telling(seen: Sequence[Sequence[str]]) -> str:
    """Of the rows seen the one that is most like headings, the first of equals."""
    known = set(anser.HEADINGS).union(*(form.headings for form in BANK_CSVS))
    return " ".join(
        max(seen, key=lambda fields: len(known.intersection(map(heading, fields))), default=())
    )
