"""Rows as the lines of a CSV file: commas, quotes where needed, CR LF (RFC 4180)."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

Cell = str | int | None
"""None is an empty cell."""

_TOGETHER = 500


def lines(rows: Iterable[Sequence[Cell]], encoding: str) -> Iterator[bytes]:
    """Some rows at a time; the texts must be such that `encoding` can hold them."""
    waiting = iter(rows)
    while some := list(islice(waiting, _TOGETHER)):
        text = io.StringIO(newline="")
        csv.writer(text, lineterminator="\r\n").writerows(some)
        yield text.getvalue().encode(encoding)
