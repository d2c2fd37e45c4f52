"""Texts for fields of JIS X 0201: Latin letters, digits, signs and half-width katakana.

Full-width katakana become half-width ones with their marks (ガ: ｶﾞ), hiragana become katakana.
For any other character stands a space.
"""

from functools import lru_cache
from unicodedata import normalize

_BYTES = bytes([*range(0x20, 0x7F), *range(0xA1, 0xE0)]).decode("cp932")
_HELD = {normalize("NFKC", each): each for each in _BYTES}
_SIMILAR = {"ヮ": "ﾜ", "ヵ": "ｶ", "ヶ": "ｹ", "¥": "\\"}  # 0x5C is the sign of the yen here
_MARKS = ("ﾞ", "ﾟ")
_HIRAGANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@lru_cache(maxsize=4096)  # rows repeat each other's texts
def in_half_width(text: str, width: int) -> str:
    """A text in at most `width` half-width characters, never cut between a kana and its mark."""
    folded = normalize("NFKC", text).translate(_HIRAGANA)
    held = "".join(map(_narrowed, folded))
    if held[width : width + 1] in _MARKS:
        width -= 1
    return held[:width].rstrip()


def _narrowed(character: str) -> str:
    parts = normalize("NFD", character)
    if all(part in _HELD for part in parts):
        return "".join(_HELD[part] for part in parts)
    return _SIMILAR.get(character, " ")
