"""The command `hikae convert FILE… --to FORMAT [-o OUT]`.

Reads files of any known format and writes them in another one. What cannot be read or written
ends with exit code 2 and one line, and then nothing is written. Texts that the other format
could not hold as they are get a line each, and the file is written.
"""

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from hikae.formats import detect
from hikae.formats.cleaning import clean
from hikae.formats.stream import FileStatement
from hikae.formats.unreadable import UnreadableFile
from hikae.formats.writers import (
    beancount,
    hledger,
    ofx,
    statement_csv,
    statement_json,
    zengin,
)
from hikae.formats.writers.writer import Loss, Unwritable, Writer
from hikae.model.clock import system_clock

WRITERS: Mapping[str, Writer] = {
    "json": statement_json.write,
    "csv": statement_csv.for_excel,
    "ofx": ofx.write,
    "zengin": zengin.write,
    "hledger": hledger.write,
    "beancount": beancount.write,
}

_FAILED = 2
_LOSSES_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command understands."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a bank's file")
    parser.add_argument("--to", required=True, choices=sorted(WRITERS), help="format to write")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="file instead of stdout")


def run(args: argparse.Namespace) -> int:
    """Convert all files into one; exit code 0, or 2 after one line on stderr."""
    files: list[Path] = args.files
    output: Path | None = args.output
    losses = _Losses()
    try:
        _write(WRITERS[args.to](_read(files, system_clock()), losses.tell), output)
    except UnreadableFile as unreadable:
        print(unreadable, file=sys.stderr)
    except Unwritable as refused:
        print(f"{args.to}: {refused}", file=sys.stderr)
    except OSError as failure:
        print(_line(failure), file=sys.stderr)
    else:
        losses.show()
        return 0
    return _FAILED


class _Losses:
    """The first losses, and how many there are: a million rows may each have one."""

    def __init__(self) -> None:
        self.first: list[Loss] = []
        self.count = 0

    def tell(self, loss: Loss) -> None:
        self.count += 1
        if self.count <= _LOSSES_SHOWN:
            self.first.append(loss)

    def show(self) -> None:
        print(*self.first, sep="\n", end="\n" if self.first else "", file=sys.stderr)
        if self.count > _LOSSES_SHOWN:
            print(f"{self.count:,} texts are written otherwise", file=sys.stderr)


def _read(files: Sequence[Path], as_of: datetime) -> Iterator[FileStatement]:
    """Each statement must be used up before the next one is asked for: its file is closed then."""
    for path in files:
        with path.open("rb") as given, _seekable(given) as file:
            yield from detect.open_statements(file, path.name, as_of)


@contextmanager
def _seekable(file: BinaryIO) -> Iterator[BinaryIO]:
    """The file itself, or a copy of what comes through a pipe."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        yield copy


def _write(pieces: Iterable[bytes], output: Path | None) -> None:
    """Write all or nothing: nothing appears anywhere before the last piece is there."""
    if output is None:
        with tempfile.TemporaryFile() as whole:
            whole.writelines(pieces)
            whole.seek(0)
            shutil.copyfileobj(whole, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    handle, unfinished = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(output)
    finally:
        Path(unfinished).unlink(missing_ok=True)


def _line(failure: OSError) -> str:
    name = clean(os.fsdecode(failure.filename)) if failure.filename else None
    return f"{name}: {failure.strerror}" if name else str(failure.strerror)
