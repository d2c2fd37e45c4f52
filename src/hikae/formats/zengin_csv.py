"""Records of 全銀協規定形式 that are written as CSV: the same fields, quoted, in cp932.

Each row is laid out as the record that it stands for, so that whatever reads records reads it.
Fields that say nothing (ダミー) may be left out of the rows.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import BinaryIO

from hikae.formats.csvfile import CsvFile, Place
from hikae.formats.recordfile import Batch
from hikae.formats.records import LENGTH, Form, Layout
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.zengin_layouts import (
    DATA_01_A,
    DATA_01_B,
    DATA_03_CURRENT,
    DATA_03_TIME,
    END_01,
    END_03,
    HEADER_01,
    HEADER_03,
    TRAILER_01,
    TRAILER_03,
)

_TABLES = {
    ("01", "1"): (HEADER_01,),
    ("01", "2"): (DATA_01_A, DATA_01_B),
    ("01", "8"): (TRAILER_01,),
    ("01", "9"): (END_01,),
    ("03", "1"): (HEADER_03,),
    ("03", "2"): (DATA_03_CURRENT, DATA_03_TIME),
    ("03", "8"): (TRAILER_03,),
    ("03", "9"): (END_03,),
}
"""種別コード and データ区分 → the tables, which their numbers of fields tell apart."""


def is_header(fields: Sequence[str]) -> bool:
    """Whether a row is a header of 01 or 03."""
    first = [field.strip() for field in fields[:2]]
    return len(fields) > 2 and first[0] == "1" and first[1] in {"01", "03", "1", "3"}


class RecordCsv:
    """A seekable CSV file of records. What other sources call an offset counts rows here."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """Tell the 種別 by the first row; `name` is for messages. Raises UnreadableFile."""
        self.name = name
        self._file = CsvFile(file, name)
        _, first = next(self._file.rows(), (1, ["", ""]))
        self._species = "".join(first[1:2]).strip().zfill(2)
        self._blocks = [(0, Place())]  # rows before each block that was reached

    def batches(self, start: int = 0, end: int | None = None, number: int = 1) -> Iterator[Batch]:
        """The records of the rows between two of them; number: of the first.

        Raises UnreadableFile for a row that is no record, after what stands before it.
        """
        index = bisect_right(self._blocks, start, key=itemgetter(0)) - 1
        before, place = self._blocks[index]
        while (block := self._file.block(place)).end != place:
            wanted = slice(start - before, None if end is None else end - before)
            yield from self._laid_out_together(number, start, block.rows[wanted])
            number += len(block.rows[wanted])
            before, place = before + len(block.rows), block.end
            start = before
            if before > self._blocks[-1][0]:
                self._blocks.append((before, place))
            if end is not None and before >= end:
                return

    def _laid_out_together(
        self, number: int, start: int, rows: Sequence[Sequence[str]]
    ) -> Iterator[Batch]:
        records: list[bytes] = []
        damage: UnreadableFile | None = None
        for each, row in enumerate(rows, number):
            try:
                records.append(self._record(each, row))
            except UnreadableFile as found:
                damage = found
                break
        if records:
            yield Batch(number, b"".join(records), range(start + 1, start + len(records) + 1))
        if damage:
            raise damage

    def _record(self, number: int, fields: Sequence[str]) -> bytes:
        """A row laid out in 200 bytes."""
        kind = fields[0].strip()
        tables = _TABLES.get((self._species, kind), ())
        for table in tables:
            for names in (tuple(table.fields), tuple(table.fields)[:-1], table.names):
                if len(names) == len(fields):
                    return self._laid_out(number, table, dict(zip(names, fields, strict=True)))
        if not tables:
            raise self._error(number, "データ区分 1/2/8/9", kind)
        expected = "/".join(str(len(table.names)) for table in tables)
        raise self._error(number, f"{expected} columns", f"{len(fields)} columns")

    def _laid_out(self, number: int, table: Layout, fields: Mapping[str, str]) -> bytes:
        record = bytearray(b" " * LENGTH)
        for name, field in fields.items():
            columns, form = table.fields[name]
            width = columns.stop - columns.start
            try:
                written = field.strip().encode("cp932")
            except UnicodeEncodeError:
                raise self._error(number, f"{name} (JIS X 0201)", field) from None
            if len(written) > width:
                raise self._error(number, f"{name} ({width} bytes)", field)
            right = form is Form.N and written
            record[columns] = written.rjust(width, b"0") if right else written.ljust(width)
        return bytes(record)

    def _error(self, number: int, expected: str, found: str) -> UnreadableFile:
        return UnreadableFile(self.name, record=number, expected=expected, found=found)
