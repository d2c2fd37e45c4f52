"""Log lines of all programs: words for people, or JSON lines with HIKAE_LOG=json.

A line carries what its work is about: the fetch, whose id is the same on the PC and in the cloud,
a statement, a request. Of an error that was not foreseen it shows the kind and the way to it, not
its words: they may quote what a bank, a person or a database said.
"""

import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from hikae.model.problems import ProblemError

VARIABLE = "HIKAE_LOG"

FETCH_HEADER = "Hikae-Fetch"
"""In which an agent says for which fetch a request is; it serves for the cloud's log alone."""

SUBJECTS = ("fetch", "statement", "request")
"""What a line can be about, in the order in which it is named."""

_about: ContextVar[Mapping[str, str] | None] = ContextVar("about", default=None)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


@contextmanager
def about(**subjects: object) -> Iterator[None]:
    """Name what all lines within are about, by the names of SUBJECTS; None names nothing."""
    named = {name: str(subject) for name, subject in subjects.items() if subject is not None}
    token = _about.set({**(_about.get() or {}), **named})
    try:
        yield
    finally:
        _about.reset(token)


def concerns(**subjects: object) -> None:
    """Name what the lines from here to the end of the `about` around are about as well.

    Without one around nothing is named: nobody would take the name away again.
    """
    around = _about.get()
    if around is not None:
        _about.set({**around, **{name: str(value) for name, value in subjects.items()}})


def subject(name: str) -> str | None:
    """What is worked on here, by a name of SUBJECTS."""
    return (_about.get() or {}).get(name)


def form_of(environment: Mapping[str, str]) -> str:
    """The value of HIKAE_LOG; raises ValueError for one that means nothing."""
    form = environment.get(VARIABLE, "")
    if form not in {"", "json"}:
        raise ValueError(f"{VARIABLE} must be json, or nothing")
    return form


def formatter(form: str) -> logging.Formatter:
    """The formatter that the value of HIKAE_LOG asks for."""
    return JsonLines() if form == "json" else PlainLines()


class PlainLines(logging.Formatter):
    """One line an event: time, level, logger, words, what it is about; then how it came about."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; nothing in it can pass for another one."""
        named = "".join(f" {name}={value}" for name, value in _subjects(record).items())
        place = f"{self.formatTime(record)} {record.levelname} {record.name}"
        return "\n".join([f"{place} {_words(record)}{named}", *_told(record)])


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, what it is about, error."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": _words(record),
            **_subjects(record),
        }
        told = _told(record)
        return json.dumps({**line, "error": told} if told else line, ensure_ascii=False)


def _words(record: logging.LogRecord) -> str:
    return _CONTROL.sub("?", record.getMessage())


def _subjects(record: logging.LogRecord) -> dict[str, str]:
    """What a line is about: what it was given itself counts before what is worked on here."""
    known = {**(_about.get() or {}), **vars(record)}
    return {name: known[name] for name in SUBJECTS if isinstance(known.get(name), str)}


def _told(record: logging.LogRecord) -> list[str]:
    """Kinds of an error and of what led to it, each after the way that it took, line by line."""
    told: list[str] = []
    error = record.exc_info[1] if record.exc_info else None
    while error is not None:
        words = f": {error.problem.code}" if isinstance(error, ProblemError) else ""
        kind = f"{type(error).__module__}.{type(error).__qualname__}{words}"
        way = "".join(traceback.format_tb(error.__traceback__)).splitlines()
        told = [*way, kind, *told]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
