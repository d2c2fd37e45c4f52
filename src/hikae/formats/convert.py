"""The command `hikae convert FILE… --to FORMAT [-o OUT]`.

Reads files of any known format and writes them in another one. What cannot be read ends with
exit code 2 and one line, and then nothing is written.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from hikae.formats import detect, statement_json
from hikae.formats.cleaning import clean
from hikae.formats.unreadable import UnreadableFile
from hikae.model.clock import system_clock
from hikae.model.statement import Statement

WRITERS: Mapping[str, Callable[[Sequence[Statement]], str]] = {"json": statement_json.write}

_FAILED = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command understands."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="a bank's file")
    parser.add_argument("--to", required=True, choices=sorted(WRITERS), help="format to write")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="file instead of stdout")


def run(args: argparse.Namespace) -> int:
    """Convert all files into one; exit code 0, or 2 after one line on stderr."""
    files: list[Path] = args.files
    output: Path | None = args.output
    try:
        text = WRITERS[args.to](_read(files, system_clock()))
        _write(text.encode(), output)
    except UnreadableFile as unreadable:
        print(unreadable, file=sys.stderr)
    except OSError as failure:
        print(_line(failure), file=sys.stderr)
    else:
        return 0
    return _FAILED


def _read(files: Sequence[Path], as_of: datetime) -> list[Statement]:
    return [
        statement
        for file in files
        for statement in detect.read(file.read_bytes(), file.name, as_of)
    ]


def _write(content: bytes, output: Path | None) -> None:
    """Write all or nothing: a file appears under its name only when it is whole."""
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    handle, unfinished = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(output)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _line(failure: OSError) -> str:
    name = clean(os.fsdecode(failure.filename)) if failure.filename else None
    return f"{name}: {failure.strerror}" if name else str(failure.strerror)
