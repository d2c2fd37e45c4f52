"""What every format has in common: how it is asked to write, and how it tells what it lost."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from unicodedata import normalize

from hikae.formats.stream import StatementStream
from hikae.formats.writers.cp932 import respelled
from hikae.formats.writers.plain import one_line

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Loss:
    """A text that the format could not hold as it is.

    row: of the transaction among all that are written, from 1; None for what is said of an
    account. field: as the format calls it. text: what was meant. written: what stands there.
    """

    row: int | None
    field: str
    text: str
    written: str

    def __str__(self) -> str:
        """One line: place, field, both texts."""
        place = "account" if self.row is None else f"row {self.row}"
        text, written = (each[:_LONGEST_SHOWN] for each in (self.text, self.written))
        return f"{place}: {self.field}: {text!r} is written as {written!r}"


Tell = Callable[[Loss], None]
"""Takes each Loss the moment it happens; `list.append` is one."""

Writer = Callable[[Iterable[StatementStream], Tell], Iterator[bytes]]
"""Statements → the bytes of one file, in pieces.

Raises Unwritable for what the format cannot say at all, and whatever reading the statements
raises; what was written until then must be thrown away.
"""


class Unwritable(Exception):  # noqa: N818 - named like UnreadableFile, its mirror
    """A format has no way to say something, and leaving it out would make the file wrong.

    row: as in Loss. expected, found: names and figures as the format writes them.
    """

    def __init__(self, expected: str, found: str, row: int | None = None) -> None:
        """Carry the place and what did not fit there."""
        self.expected, self.found, self.row = expected, one_line(found)[:_LONGEST_SHOWN], row
        place = "" if row is None else f"row {row}: "
        super().__init__(f"{place}expected {expected}, found {self.found or '(空白)'}")


def kept(tell: Tell, row: int | None, field: str, text: str, written: str) -> str:
    """Return `written`, told as a Loss unless it is another spelling of the same text."""
    if written != text and _spelled(written) != _spelled(text):
        tell(Loss(row, field, text, written))
    return written


def _spelled(text: str) -> str:
    return normalize("NFKC", respelled(text)).strip()
