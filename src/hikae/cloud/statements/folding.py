"""Texts as they are searched: kana, width and case do not matter."""

import unicodedata

_KATAKANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}


def fold(*texts: str | None) -> str:
    """Texts joined by a space, NFKC, katakana as hiragana, lower case."""
    joined = " ".join(text for text in texts if text)
    return unicodedata.normalize("NFKC", joined).translate(_KATAKANA).lower()
