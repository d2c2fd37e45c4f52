"""What a cloud says, read: hostile until it has passed through here.

Only what the messages of the link list comes out; texts come without what could steer a screen.
What is refused is named by its place, never by what it said.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import TypeVar, cast
from unicodedata import category

import msgspec
from msgspec import Struct
from msgspec.json import Decoder

from hikae.model.problems import Problem

Said = TypeVar("Said", bound=Struct)

_PLACE = re.compile(r"at `(\$[\w.\[\]]*)`$")
_MOST_DETAILS = 10
_LONGEST_DETAIL = 200
_LARGEST_DETAIL = 2**53
_LONGEST_QUOTE = 2000


class UnreadableError(Exception):
    """It is no message of the link; `place` is where, as JSON names it, where that is known."""

    def __init__(self, place: str) -> None:
        """Carry the place and nothing of the content."""
        super().__init__(place)
        self.place = place


def read(raw: bytes | str, kind: Decoder[Said]) -> Said:
    """A message or answer of a kind; raises UnreadableError."""
    try:
        said = kind.decode(raw)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        found = _PLACE.search(str(error))
        raise UnreadableError(found[1] if found else "") from None
    return cast("Said", _plain(said))


def modest(problem: Problem) -> Problem:
    """A cloud's Problem as one of ours would be: few details, short words."""
    details = {
        name[:_LONGEST_DETAIL]: value[:_LONGEST_DETAIL] if isinstance(value, str) else value
        for name, value in list(problem.details.items())[:_MOST_DETAILS]
        if isinstance(value, str) or abs(value) <= _LARGEST_DETAIL
    }
    return replace(problem, details=details, bank_words=problem.bank_words[:_LONGEST_QUOTE])


def _plain(value: object) -> object:
    """The same without controls and formatting characters (bidirectional ones among them)."""
    match value:
        case Enum():
            return value
        case str():
            return value if value.isprintable() else "".join(filter(_harmless, value))
        case Struct():
            fields = {name: getattr(value, name) for name in value.__struct_fields__}
            return msgspec.structs.replace(value, **_changed(fields))
        case Problem():
            words = {"details": value.details, "bank_words": value.bank_words}
            return replace(value, **_changed(words))  # type: ignore[arg-type] # of the same types
        case tuple():
            return tuple(map(_plain, value))
        case Mapping():
            return {_plain(name): _plain(each) for name, each in value.items()}
        case _:
            return value


def _changed(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: plain for name, each in fields.items() if (plain := _plain(each)) is not each}


def _harmless(character: str) -> bool:
    return character.isprintable() or category(character) == "Zs"
