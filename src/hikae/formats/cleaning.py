"""Texts of a file as data: one way of writing them, and nothing that could steer a screen."""

from unicodedata import category, normalize

_DROPPED = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Control, format (bidirectional, zero width), surrogate, line and paragraph separators."""


def clean(text: str) -> str | None:
    """NFKC (so half-width kana become full-width), without control characters, trimmed.

    None where nothing is left, because an empty field says nothing.
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    kept = (character for character in spaced if category(character) not in _DROPPED)
    return normalize("NFKC", "".join(kept)).strip() or None
