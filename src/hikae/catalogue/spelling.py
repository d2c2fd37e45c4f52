"""How names and readings are compared, whichever way somebody writes them.

The directory of banks writes every small kana large, people write romaji after Hepburn, after
Kunrei or as they type, and long vowels with or without their second half. `folded` makes names
alike; `reading` brings kana and romaji to one plain spelling that all of these share. Both keep
line ends, so that a whole list is brought there at once.
"""

import re
import unicodedata

_LARGE = dict(zip("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ", strict=True))
_KATAKANA = {chr(code): chr(code + 0x60) for code in range(ord("ぁ"), ord("ゖ") + 1)}
_ALIKE = str.maketrans(
    _LARGE
    | {hiragana: _LARGE.get(katakana, katakana) for hiragana, katakana in _KATAKANA.items()}
    | dict(zip("縣國澤廣濱髙﨑龍檜斎齋齊邊邉", "県国沢広浜高崎竜桧斉斉斉辺辺", strict=True))
    | dict.fromkeys("・.,'’‐‑–—−-ーｰ()「」", "")
)
_BLANKS = re.compile(r"[^\S\n]+")

_ROWS = {
    "": "アイウエオ",
    "k": "カキクケコ",
    "g": "ガギグゲゴ",
    "s": "サシスセソ",
    "z": "ザジズゼゾ",
    "t": "タチツテト",
    "d": "ダ__デド",
    "n": "ナニヌネノ",
    "h": "ハヒフヘホ",
    "b": "バビブベボ",
    "p": "パピプペポ",
    "m": "マミムメモ",
    "y": "ヤ_ユ_ヨ",
    "r": "ラリルレロ",
    "w": "ワ____",
}
_ROMAJI = str.maketrans(
    {
        kana: consonant + vowel
        for consonant, row in _ROWS.items()
        for kana, vowel in zip(row, "aiueo", strict=True)
        if kana != "_"
    }
    | {"ン": "n", "ヲ": "o", "ヰ": "i", "ヱ": "e", "ヂ": "zi", "ヅ": "zu", "ヴ": "bu"}
    | {"â": "a", "î": "i", "û": "u", "ê": "e", "ô": "o"}
    | {"ā": "a", "ī": "i", "ū": "u", "ē": "e", "ō": "o"}
)
_PLAIN = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"oh(?![aiueoy])", "o"),  # Ohsaki
        (r"tch", "cch"),  # matcha
        # a small ッ, which the directory writes large
        (r"(?<=[aiueo])([bcdfghjklpqrstvwxyz])\1", r"tu\1"),
        (r"shi", "si"),
        (r"sh", "sy"),
        (r"chi", "ti"),
        (r"ch|cy", "ty"),
        (r"tsu?", "tu"),
        (r"ji|di", "zi"),
        (r"j", "zy"),
        (r"d[zu]u?", "zu"),
        (r"f(?=[aieo])", "hu"),
        (r"fu?", "hu"),
        (r"v", "b"),
        (r"l", "r"),
        (r"(?<=[bdghkmnprstz])iy", "y"),  # キヨ and キョ are written alike
        (r"yy", "y"),
        (r"m(?=[bp])", "n"),  # Shimbashi
        (r"nn+", "n"),
        (r"o[ou]+", "o"),
        (r"uu+", "u"),
    )
)
_UNFINISHED = re.compile(r"(?<=[aiueon])[bcdfghjklmpqrstvwxyz]{1,2}$")
_BEFORE_Y = re.compile(r"(?<=[bdghkmnprstz])i$")


def folded(text: str) -> str:
    """Text with the differences gone that do not matter: width, case, kind of kana, old forms."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _BLANKS.sub("", text.translate(_ALIKE))


def reading(text: str) -> str:
    """Kana and romaji in one spelling; other characters stay, folded."""
    text = folded(text).translate(_ROMAJI)
    for pattern, plain in _PLAIN:
        text = pattern.sub(plain, text)
    return text


def readings(text: str) -> tuple[str, ...]:
    """The reading of text, and how it begins one that goes on with ヤ, ユ or ヨ."""
    whole = reading(text)
    going_on = _BEFORE_Y.sub("y", whole)
    return (whole,) if going_on == whole else (whole, going_on)


def finished(text: str) -> str:
    """Text without the consonants at its end: somebody may be in the middle of a syllable."""
    return _UNFINISHED.sub("", folded(text))
