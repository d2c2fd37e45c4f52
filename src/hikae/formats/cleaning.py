"""Texts of a file as data: one way of writing them, and nothing that could steer a screen."""

from functools import lru_cache
from unicodedata import category, normalize

_DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Control, format (bidirectional, zero width), surrogate, line and paragraph separators."""


@lru_cache(maxsize=4096)  # accounts, days, banks and kinds come again in row after row
def clean(text: str) -> str | None:
    """NFKC (so half-width kana become full-width), without control characters, trimmed.

    None where nothing is left, because an empty field says nothing.
    """
    return normalize("NFKC", visible(text)).strip() or None


def visible(text: str) -> str:
    """A text as it is, without what is not seen of it; white space is one space each."""
    return text if text.isprintable() else "".join(map(_spoken, text))


def heading(cell: str) -> str:
    """The heading of a column, however wide its characters and brackets are written."""
    return (clean(cell) or "").replace(" ", "")


def _spoken(character: str) -> str:
    if character.isspace():
        return " "
    return "" if category(character) in _DROPPED else character
