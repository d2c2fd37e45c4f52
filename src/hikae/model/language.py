"""The languages that people are spoken to in."""

from enum import StrEnum


class Language(StrEnum):
    """Values are what browsers and gettext call them."""

    JAPANESE = "ja"
    ENGLISH = "en"
