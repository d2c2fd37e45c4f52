"""Finding an institution by what a person types: name, kana of any width, romaji, code."""

import re
import unicodedata
from collections.abc import Iterable

from hikae.catalogue.institution import Institution

_HIRAGANA_TO_KATAKANA = {ord("ぁ") + i: ord("ァ") + i for i in range(ord("ゖ") - ord("ぁ") + 1)}
_SMALL_TO_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_SHORT_FORMS = (("信用金庫", "信金"), ("信用組合", "信組"))
_LONG_VOWELS = (("oo", "o"), ("ou", "o"), ("uu", "u"), ("ō", "o"), ("ū", "u"))
_NO_FIT = 3
_IGNORED = re.compile(r"[\s・.,'’\-ー()]+")


def search(institutions: Iterable[Institution], words: str) -> list[Institution]:
    """Institutions that every word fits, the closest first, otherwise in the order given."""
    wanted = [folded for word in words.split() if (folded := _fold(word))]
    if not wanted:
        return list(institutions)
    found = [
        (max(distances), place, institution)
        for place, institution in enumerate(institutions)
        if max(distances := [_distance(institution, word) for word in wanted]) < _NO_FIT
    ]
    return [institution for _, _, institution in sorted(found, key=lambda entry: entry[:2])]


def _distance(institution: Institution, word: str) -> int:
    """How far a folded word is: 0 the whole, 1 a beginning, 2 a part, `_NO_FIT` not found."""
    names = (institution.name, institution.kana, institution.romaji)
    folded = [institution.code, *map(_fold, names)]
    if word in folded:
        return 0
    if any(name.startswith(word) for name in folded):
        return 1
    if any(word in name for name in folded[1:]):
        return 2
    return _NO_FIT


def _fold(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = text.translate(_HIRAGANA_TO_KATAKANA).translate(_SMALL_TO_LARGE)
    for long, short in (*_SHORT_FORMS, *_LONG_VOWELS):
        text = text.replace(long, short)
    return _IGNORED.sub("", text)
