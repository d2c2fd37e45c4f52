"""Which format a file is of, told by its content, never by its name; and reading it so."""

import io
from datetime import datetime

from hikae.formats import anser, zengin
from hikae.formats.csvfile import CsvFile
from hikae.formats.unreadable import UnreadableFile
from hikae.model.statement import Statement

_KNOWN = "全銀協規定形式 (種別 03), ANSER形式 CSV"


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a file of any known format, one statement per account.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile
    for a damaged file, and for one of no known format with the first row that it has.
    """
    if zengin.looks_like(data):
        return zengin.read(data, name, as_of)
    first: list[str] = []
    for _, fields in CsvFile(io.BytesIO(data), name).rows():
        if anser.is_heading(fields):
            return anser.read(data, name, as_of)
        first = first or fields
    raise UnreadableFile(name, expected=_KNOWN, found=" ".join(first))
