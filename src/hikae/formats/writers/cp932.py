"""Texts for programs that read cp932 (Shift_JIS as Windows writes it).

What has the same sign under another code is written under that code; for what has none stands
〓, as printers set it for a missing type.
"""

from functools import lru_cache
from unicodedata import normalize

_RESPELLED = str.maketrans(
    {
        "〜": "～",
        "−": "－",
        "—": "―",
        "‖": "∥",
        "¢": "￠",
        "£": "￡",
        "¬": "￢",
        "¥": "￥",
        "\u00a0": " ",
        "·": "・",
    }
)
_MISSING = "〓"


def respelled(text: str) -> str:
    """The same signs under the codes that cp932 has for them; accents joined to their letters."""
    return normalize("NFC", text).translate(_RESPELLED)


@lru_cache(maxsize=4096)  # rows repeat each other's texts
def in_cp932(text: str, longest: int | None = None) -> str:
    """A text that cp932 can encode, cut between characters to at most `longest` bytes."""
    held = "".join(each if _encodes(each) else _MISSING for each in respelled(text))
    if longest is None:
        return held
    return held.encode("cp932")[:longest].decode("cp932", "ignore")


def _encodes(character: str) -> bool:
    try:
        character.encode("cp932")
    except UnicodeEncodeError:
        return False
    return True
