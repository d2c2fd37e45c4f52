"""Reads 全銀協規定形式: 種別 03 入出金取引明細, 01 振込入金通知, 04 残高通知.

A file is a header, data and a trailer for each account (04: for all accounts of a branch), then
one end record. Counts, totals and balances must agree with the data, or nothing of it is used.
What the records of a 種別 mean is in a module of its own, their tables are in `zengin_layouts`.
Source: 一般社団法人全国銀行協会, AP-Ⅰ-12 〔別冊〕, 2019-12.
"""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

from hikae.formats.recordfile import RecordFile
from hikae.formats.records import LENGTH, Record
from hikae.formats.stream import FileStatement, gathered
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.zengin_balances import BalanceNotice
from hikae.formats.zengin_csv import RecordCsv
from hikae.formats.zengin_movements import Movements
from hikae.formats.zengin_parts import Part, RecordSource, Region
from hikae.formats.zengin_transfers import TransferNotice
from hikae.model.statement import Statement

HEADER, DATA, TRAILER, END = b"1", b"2", b"8", b"9"
_PIECE = re.compile(DATA + b"+|.", re.DOTALL)
"""In the kinds (データ区分) of records."""

_SPECIES: dict[bytes, type[Part]] = {
    b"01": TransferNotice,
    b"03": Movements,
    b"04": BalanceNotice,
}


def looks_like(data: bytes) -> bool:
    """Whether a file begins as a header of fixed length does, of whatever 種別."""
    start = data[:4]
    jis, ebcdic = start.isdigit(), all(byte >= 0xF0 for byte in start)
    return len(data) >= LENGTH and start[:1] in {b"1", b"\xf1"} and (jis or ebcdic)


def read(data: bytes, name: str, as_of: datetime) -> list[Statement]:
    """Read a whole file, one statement per account, incomplete, with the header's period.

    name: of the file, for messages. as_of: when the file was got, aware. Raises UnreadableFile.
    """
    return list(map(gathered, open_statements(io.BytesIO(data), name, as_of)))


def open_statements(file: BinaryIO, name: str, as_of: datetime) -> list[FileStatement]:
    """The same of a seekable file, whose rows are read when they are wanted."""
    return _statements(RecordFile(file, name), as_of)


def open_csv(file: BinaryIO, name: str, as_of: datetime) -> list[FileStatement]:
    """The same of records that are written as CSV."""
    return _statements(RecordCsv(file, name), as_of)


def _statements(source: RecordSource, as_of: datetime) -> list[FileStatement]:
    """Go through the file once, prove what is counted and summed, and tell the accounts."""
    made: list[FileStatement] = []
    parts: list[Part] = []
    is_open, kind, number, begin, data = False, b"", 0, 0, 0
    for number, content, end in _pieces(source):
        before, kind = kind, content[:1]
        if is_open and kind == DATA:
            parts[-1].add(number, content)
        elif is_open and kind == TRAILER:
            part = parts[-1]
            region = Region(source, data, begin, part.header.number + 1)
            made += part.close(Record(source.name, number, content, part.trailer), region)
            is_open = False
        elif not is_open and kind == HEADER and before != END:
            parts.append(_part(source, number, content, as_of))
            is_open, data = True, end
        elif is_open or kind != END or before in (b"", END):
            raise _unexpected(source, number, _after(before), kind)
        else:
            parts[-1].end(Record(source.name, number, content, parts[-1].last), len(parts))
        begin = end
    if kind != END:
        raise _unexpected(source, number, TRAILER if is_open else END if kind else HEADER, kind)
    return made


def _pieces(source: RecordSource) -> Iterator[tuple[int, bytes, int]]:
    """Data records that follow each other, or another record: number, bytes, offset behind it."""
    for batch in source.batches():
        for piece in _PIECE.finditer(batch.data[::LENGTH]):
            first, last = piece.span()
            content = batch.data[first * LENGTH : last * LENGTH]
            yield batch.number + first, content, batch.ends[last - 1]


def _part(source: RecordSource, number: int, content: bytes, as_of: datetime) -> Part:
    species = _SPECIES.get(content[1:3])
    if species is None:
        expected = "種別コード " + "/".join(code.decode() for code in _SPECIES)
        found = content[1:3].decode("ascii", "replace")
        raise UnreadableFile(source.name, record=number, expected=expected, found=found)
    return species(source, Record(source.name, number, content, species.first), as_of)


def _after(kind: bytes) -> bytes:
    """What may follow a record."""
    follows = {b"": b"1", HEADER: b"2/8", DATA: b"2/8", TRAILER: b"1/9"}
    return follows.get(kind, b"")


def _unexpected(source: RecordSource, number: int, expected: bytes, kind: bytes) -> UnreadableFile:
    return UnreadableFile(
        source.name,
        record=max(number, 1),
        expected=f"データ区分 {expected.decode()}".strip(),
        found=kind.decode("ascii", "replace"),
    )
