"""How a text on a screen is compared: as a person reads it, whatever its width, spaces, brackets.

It knows texts and vocabularies only, no pages.
"""

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Self

from hikae.catalogue.catalogue import CatalogueError
from hikae.catalogue.institution import Institution

Label = str | tuple[str, ...]
"""What to look for: a text, or synonyms of which the first that the page shows is meant."""

_ORNAMENT = re.compile(r"[\s\[\]{}<>«»≪≫《》〈〉【】〔〕「」『』→←▶▷►◀◁◄▼▲■□●○◆◇★☆※*:_]+")


def plain(text: str) -> str:
    """Text of a bank as harmless data: no control or bidirectional characters, single spaces."""
    text = " ".join(text.split())
    if text.isprintable():
        return text
    return "".join(each for each in text if not _is_invisible(each))


def _is_invisible(character: str) -> bool:
    """Controls, formatting characters (bidirectional ones among them), surrogates, private use."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"}


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """The form in which labels are compared: NFKC, lower case, without spaces and ornaments."""
    return _ORNAMENT.sub("", unicodedata.normalize("NFKC", plain(text)).casefold())


def spellings(label: Label) -> tuple[str, ...]:
    """The synonyms of a label, folded, in their order."""
    return tuple(map(fold, (label,) if isinstance(label, str) else label))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A family's words by their meaning; a subclass adds a field of synonyms for each."""

    def narrowed(self, institution: Institution) -> Self:
        """These words with one bank's own ones in place of the family's synonyms.

        A bank's words can only narrow: data must not teach a dialog to press what the family's
        code does not list. Raises CatalogueError for words outside the synonyms.
        """
        meanings = {field.name: getattr(self, field.name) for field in fields(self)}
        own = {key: words for key, words in institution.labels.items() if key in meanings}
        for meaning, words in own.items():
            if not words or not set(map(fold, words)) <= set(map(fold, meanings[meaning])):
                message = "not among the words of the family"
                raise CatalogueError(f"{institution.code}.toml", f"labels.{meaning}", message)
        return replace(self, **own)

    def spoken(self, *meanings: str) -> frozenset[str]:
        """All words of these meanings, or of all, for a list of what may be pressed."""
        chosen = meanings or tuple(field.name for field in fields(self))
        return frozenset(word for meaning in chosen for word in getattr(self, meaning))
