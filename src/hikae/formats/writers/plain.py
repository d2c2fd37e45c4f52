"""Texts of a bank on one line, and unable to steer the program that reads them."""

import re
from datetime import date

_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
"""Controls, separators of lines, and what XML and UTF-8 have no place for."""

_FORMULA = tuple("=+-@＝＋－＠\t\r\n\0")
_WIDE = {"=": "＝", "+": "＋", "-": "－", "@": "＠"}


def one_line(text: str | None) -> str:
    """A text without anything that ends a line; empty for None."""
    if not text or text.isprintable():  # nearly always
        return text or ""
    return _BREAKING.sub(" ", text)


def quoted_for_excel(text: str) -> str:
    """A cell that a spreadsheet shows and never computes: an apostrophe goes before it.

    Source: OWASP ASVS, formula injection; quoting the field alone does not help.
    """
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def widened(text: str) -> str:
    """The same for programs that would take the apostrophe as text: the first sign full-width."""
    return _WIDE.get(text[:1], text[:1]) + text[1:]


def slashed(day: date) -> str:
    """A day as YYYY/MM/DD, which all bookkeeping programs read."""
    return day.isoformat().replace("-", "/")
