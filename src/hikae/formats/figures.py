"""Amounts of money as people and banks write them in CSV files."""

import re

from hikae.formats.cleaning import clean

_YEN = re.compile(r"([+\-]?) ?[¥\\]? ?([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})円?")
_NOTHING = {"-", "--", "*"}
_MINUS = str.maketrans("△▲−‐–", "-----")


def read_yen(cell: str) -> int | None:
    """Whole yen: 1,157,369, -5, △5, ¥5, 5円; None for a blank or a dash. Raises ValueError."""
    if cell.isascii() and cell.isdigit() and len(cell) <= 15:
        return int(cell)
    text = (clean(cell) or "").translate(_MINUS)
    if not text or text in _NOTHING:
        return None
    parts = _YEN.fullmatch(text)
    if not parts:
        raise ValueError(f"no amount: {text[:20]}")
    sign, figures = parts.groups()
    yen = int(figures.replace(",", ""))
    return -yen if sign == "-" else yen
