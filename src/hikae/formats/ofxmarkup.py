"""The markup of OFX as a stream of steps, from SGML (1.x) and XML (2.x) alike.

No document type, entity or file is ever followed: XML that declares any is refused.
"""

import codecs
import html
import re
from collections.abc import Generator, Iterator
from enum import Enum
from typing import BinaryIO, NamedTuple
from xml.parsers import expat

from hikae.formats.unreadable import UnreadableFile

_BLOCK = 1 << 16
_LONGEST_TEXT = 1 << 16
_DEEPEST = 64
_END_MARKS = "\x1a\x00 \t\r\n"
_CP932 = {"932", "CP932", "MS932", "WINDOWS-31J", "SHIFT_JIS", "SHIFT-JIS", "SJIS"}
_TAG = re.compile(r"<(/?)([A-Za-z0-9._:-]{1,64})>([^<]*)")


class Kind(Enum):
    """What a step is."""

    OPEN = "open"
    VALUE = "value"
    CLOSE = "close"


class Step(NamedTuple):
    """An aggregate opens or closes, or an element has a value; line: of the file, from 1."""

    kind: Kind
    name: str
    line: int
    value: str = ""


def steps(file: BinaryIO, name: str) -> Iterator[Step]:
    """All steps of a seekable file, properly nested. Raises UnreadableFile."""
    file.seek(0)
    start = file.read(_BLOCK)
    found = start.upper().find(b"<OFX>")
    if found < 0:
        raise UnreadableFile(name, expected="<OFX>", found=start[:40].decode("ascii", "replace"))
    header = start[:found].decode("ascii", "replace")
    is_xml = "<?" in header
    text = _text(file, 0 if is_xml else found, _encoding(header), name)
    if is_xml:
        return _xml(text, name)
    return _sgml(text, header.count("\n") + 1, name)


def _encoding(header: str) -> str:
    """The encoding that a header of either form declares; without one, UTF-8."""
    declared = dict(re.findall(r"(ENCODING|CHARSET)\s*[:=]\s*[\"']?([A-Z0-9_-]+)", header.upper()))
    words = {declared.get("ENCODING", ""), declared.get("CHARSET", "")}
    if words & _CP932:
        return "cp932"
    if declared.get("ENCODING") == "USASCII" and "1252" in words:
        return "cp1252"
    return "utf-8"


def _text(file: BinaryIO, offset: int, encoding: str, name: str) -> Iterator[str]:
    """The text of a file from an offset, block by block; others may read in between."""
    decoder = codecs.getincrementaldecoder(encoding)()
    last = False
    while not last:
        file.seek(offset)
        block = file.read(_BLOCK)
        last = len(block) < _BLOCK
        offset += len(block)
        try:
            yield decoder.decode(block, final=last)
        except UnicodeDecodeError as damage:
            found = damage.object[damage.start : damage.start + 16].hex(" ")
            raise UnreadableFile(name, expected=encoding, found=found) from None


def _sgml(blocks: Iterator[str], line: int, name: str) -> Iterator[Step]:
    """Elements with a value need no end tag; whatever has none is an aggregate."""
    nesting = _Nesting(name)
    rest = ""
    for block in blocks:
        rest += block
        whole = rest.rfind("<")
        line = yield from _tags(rest[:whole], line, nesting)
        rest = rest[max(whole, 0) :]
        if len(rest) > _LONGEST_TEXT:
            raise UnreadableFile(name, row=line, expected="<", found=rest)
    yield from _tags(rest.rstrip(_END_MARKS), line, nesting)
    nesting.end(line)


def _tags(text: str, line: int, nesting: "_Nesting") -> Generator[Step, None, int]:
    """The steps of whole tags and what follows each; returns the line behind them."""
    place = 0
    while place < len(text):
        tag = _TAG.match(text, place)
        if tag is None:
            raise UnreadableFile(nesting.file, row=line, expected="<TAG>", found=text[place:])
        slash, element, written = tag.groups()
        value = html.unescape(written).strip()
        if slash:
            yield from nesting.close(element.upper(), line)
        elif value:
            yield from nesting.value(element.upper(), line, value)
        else:
            yield from nesting.open(element.upper(), line)
        line += written.count("\n")
        place = tag.end()
    return line


class _Nesting:
    """Which aggregates are open. What opens and closes at once is an element without a value."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._open: list[str] = []
        self._undecided: str | None = None
        self._ended: str | None = None

    def open(self, name: str, line: int) -> Iterator[Step]:
        yield from self._decide(line)
        self._undecided = name

    def value(self, name: str, line: int, value: str) -> Iterator[Step]:
        yield from self._decide(line)
        self._ended = name
        yield Step(Kind.VALUE, name, line, value)

    def close(self, name: str, line: int) -> Iterator[Step]:
        if self._undecided == name:
            self._undecided = None
            yield Step(Kind.VALUE, name, line)
            return
        yield from self._decide(line)
        if self._ended == name:
            self._ended = None
            return
        if name not in self._open:
            expected = f"</{self._open[-1]}>" if self._open else "<OFX>"
            raise UnreadableFile(self.file, row=line, expected=expected, found=f"</{name}>")
        closed = ""
        while closed != name:  # elements without a value and an end tag looked like aggregates
            closed = self._open.pop()
            yield Step(Kind.CLOSE, closed, line)

    def end(self, line: int) -> None:
        for name in self._open or filter(None, [self._undecided]):
            raise UnreadableFile(self.file, row=line, expected=f"</{name}>", found="")

    def _decide(self, line: int) -> Iterator[Step]:
        self._ended = None
        if self._undecided is None:
            return
        self._open.append(self._undecided)
        if len(self._open) > _DEEPEST:
            raise UnreadableFile(self.file, row=line, expected="</>", found=self._undecided)
        yield Step(Kind.OPEN, self._undecided, line)
        self._undecided = None


def _xml(blocks: Iterator[str], name: str) -> Iterator[Step]:
    reader = _XmlReader(name)
    for block in blocks:
        yield from reader.read(block.encode("utf-8", "replace"))
    yield from reader.read(b"", last=True)


class _XmlReader:
    """Feeds expat and takes its steps; no document type is accepted, so there are no entities."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._steps: list[Step] = []
        self._nesting = _Nesting(file)
        self._value: list[str] = []
        self._parser = expat.ParserCreate("utf-8")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._value.append

    def read(self, data: bytes, *, last: bool = False) -> list[Step]:
        """The steps that these bytes complete."""
        self._steps = []
        try:
            self._parser.Parse(data, last)
        except expat.ExpatError as damage:
            found = expat.ErrorString(damage.code)
            raise UnreadableFile(
                self._file, row=damage.lineno, expected="XML", found=str(found)
            ) from None
        return self._steps

    def _refuse(self, name: str, *_: object) -> None:
        row = self._parser.CurrentLineNumber
        raise UnreadableFile(self._file, row=row, expected="<OFX>", found=f"<!DOCTYPE {name}")

    def _start(self, name: str, _: object) -> None:
        self._value.clear()
        self._steps += self._nesting.open(name.upper(), self._parser.CurrentLineNumber)

    def _end(self, name: str) -> None:
        line, value = self._parser.CurrentLineNumber, "".join(self._value).strip()
        self._value.clear()
        for step in self._nesting.close(name.upper(), line):
            self._steps.append(step._replace(value=value) if step.kind is Kind.VALUE else step)
