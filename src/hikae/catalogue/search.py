"""Finding a bank by what a person types: name, kana of any kind, romaji, code, or a branch.

Banks of the whole country are found, with what the catalogue says of those that are in it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from typing import NamedTuple

from hikae.catalogue.catalogue import Catalogue
from hikae.catalogue.directory import Branch, Directory
from hikae.catalogue.institution import Institution
from hikae.catalogue.kinds import names
from hikae.catalogue.spelling import finished, folded, reading, readings

_BRANCHES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Listed:
    """A bank as pages show it. institution: what the catalogue says of it, if it is there."""

    code: str
    name: str
    kana: str
    institution: Institution | None = None
    branches: tuple[Branch, ...] = ()

    @property
    def title(self) -> str:
        """The name with 「(電子証明書)」 where the agent fetches it with a certificate."""
        return self.institution.title if self.institution else self.name

    @property
    def fetched(self) -> bool:
        """Whether the agent fetches it; the others are filled by files only."""
        return self.institution is not None and self.institution.certificate

    @property
    def unverified(self) -> bool:
        """動作未確認: fetched, but nobody has tried that at the real bank."""
        institution = self.institution
        return self.fetched and institution is not None and not institution.verified


@dataclass(frozen=True, slots=True)
class Found:
    """A bank that fits. branches: names of some that fit, where only these have the words."""

    listed: Listed
    branches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """The closest banks, and how many fit in all."""

    found: tuple[Found, ...] = ()
    total: int = 0

    @property
    def more(self) -> int:
        """How many fit beside those found."""
        return self.total - len(self.found)


class Closeness(IntEnum):
    """How a word fits a bank, the closest first."""

    CODE = 0
    WHOLE = 1
    NAME_BEGINS = 2
    NAME_HAS = 3
    READING_BEGINS = 4
    READING_HAS = 5
    BRANCH_BEGINS = 6
    BRANCH_HAS = 7


def list_banks(catalogue: Catalogue, directory: Directory) -> tuple[Listed, ...]:
    """Every bank of catalogue and directory, in the order of their codes."""
    listed = {bank.code: Listed(*bank[:3], branches=bank.branches) for bank in directory}
    for each in catalogue.institutions:
        known = listed.get(each.code)
        branches = known.branches if known else ()
        listed[each.code] = Listed(each.code, each.name, each.kana, each, branches)
    return tuple(listed[code] for code in sorted(listed))


class Search:
    """What is looked through, brought to one spelling once."""

    def __init__(self, listed: Sequence[Listed]) -> None:
        """listed: in the order in which banks that fit equally well are shown."""
        self._listed = tuple(listed)
        self._names = [_Names.of(each) for each in listed]
        branches = [each.branches for each in listed]
        starts = list(accumulate((len(each) for each in branches[:-1]), initial=0))
        self._by_name = _Lines(folded(_joined(branches, "name")), starts)
        self._by_reading = _Lines(reading(_joined(branches, "kana")), starts)

    def search(self, words: str, most: int) -> Findings:
        """The closest `most` of the banks that every word fits; nothing typed finds nothing."""
        typed = [text for text in words.split() if folded(text)]
        wanted = [_Word.of(text) for text in typed]
        found = self._fitting(wanted)
        if not found:
            wanted = [_Word.of(finished(text)) for text in typed]
            found = self._fitting(wanted)
        closest = sorted(found, key=lambda place: (*found[place], self._rank(place)))[:most]
        return Findings(tuple(self._found(place, wanted) for place in closest), len(found))

    def _rank(self, place: int) -> tuple[bool, int]:
        return not self._listed[place].fetched, place

    def _fitting(self, wanted: Sequence["_Word"]) -> dict[int, list[Closeness]]:
        """By the place of a bank: how each word fits, the worst first."""
        if not wanted:
            return {}
        fits = [self._closeness(word) for word in wanted]
        places = set(fits[0]).intersection(*fits[1:])
        return {place: sorted((fit[place] for fit in fits), reverse=True) for place in places}

    def _closeness(self, word: "_Word") -> Mapping[int, Closeness]:
        """By the place of a bank: how the word fits its branches, or better its names."""
        found: dict[int, Closeness] = {}
        for closeness in (Closeness.BRANCH_HAS, Closeness.BRANCH_BEGINS):
            for lines, text in self._of_branches(word):
                sought = f"\n{text}" if closeness is Closeness.BRANCH_BEGINS else text
                found |= dict.fromkeys(lines.blocks_with(sought), closeness)
        for place, names_ in enumerate(self._names):
            closest = names_.closeness(word)
            if closest is not None:
                found[place] = closest
        return found

    def _of_branches(self, word: "_Word") -> Iterator[tuple["_Lines", str]]:
        """Where to look for the word among branches, and in which spelling."""
        if not word.folded.isdigit():
            yield self._by_name, word.folded.removesuffix("支店") or word.folded
            for text in word.readings:
                yield self._by_reading, text.removesuffix("siten") or text

    def _found(self, place: int, wanted: Sequence["_Word"]) -> Found:
        listed = self._listed[place]
        lines = {
            line
            for word in wanted
            if self._names[place].closeness(word) is None
            for lines, text in self._of_branches(word)
            for line in lines.lines_with(text, place)
        }
        branches = [listed.branches[line].name for line in sorted(lines)]
        return Found(listed, tuple(branches[:_BRANCHES_SHOWN]))


class _Word(NamedTuple):
    """A word in the spellings in which it is compared."""

    folded: str
    readings: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "_Word":
        return cls(folded(text), readings(text))


class _Names(NamedTuple):
    """A bank in the spellings in which it is compared, a line each."""

    code: str
    written: str
    read: str

    @classmethod
    def of(cls, listed: Listed) -> "_Names":
        written, read = names(listed.name, listed.kana)
        romaji = listed.institution.romaji if listed.institution else ""
        return cls(listed.code, _lines(written), _lines({*read, reading(romaji)}))

    def closeness(self, word: _Word) -> Closeness | None:
        """How a word fits the code or one of the names; None: not at all."""
        if self.code.startswith(word.folded):
            return Closeness.CODE if self.code == word.folded else Closeness.NAME_BEGINS
        if word.folded in self.written:
            return _place(word.folded, self.written, Closeness.NAME_BEGINS, Closeness.NAME_HAS)
        for text in word.readings:
            if text in self.read:
                return _place(text, self.read, Closeness.READING_BEGINS, Closeness.READING_HAS)
        return None


def _lines(texts: Iterable[str]) -> str:
    return "\n" + "".join(f"{text}\n" for text in texts if text)


def _place(text: str, lines: str, begins: Closeness, has: Closeness) -> Closeness:
    if f"\n{text}\n" in lines:
        return Closeness.WHOLE
    return begins if f"\n{text}" in lines else has


class _Lines:
    """Lines in blocks as one text, so that looking through all of them is one quick search."""

    def __init__(self, text: str, starts: Sequence[int]) -> None:
        """text: each line ended, a line end before the first; starts: the first line of blocks."""
        self._text = text
        ends = list(accumulate(len(line) + 1 for line in text.split("\n")))
        self._starts = [ends[line] - 1 for line in starts]
        self._stops = [*self._starts[1:], len(text)]

    def blocks_with(self, sought: str) -> Iterator[int]:
        """The blocks that have it in a line, in order."""
        place = self._text.find(sought)
        while place >= 0:
            block = bisect_right(self._starts, place) - 1
            yield block
            place = self._text.find(sought, self._stops[block])

    def lines_with(self, sought: str, block: int) -> Iterator[int]:
        """The first lines of a block that have it, counted from the block's first."""
        start, stop = self._starts[block], self._stops[block]
        place = self._text.find(sought, start, stop)
        for _ in range(_BRANCHES_SHOWN):
            if place < 0:
                return
            yield self._text.count("\n", start, place) - 1
            line_end = self._text.find("\n", place)
            place = self._text.find(sought, line_end, stop)


def _joined(blocks: Iterable[Sequence[Branch]], field: str) -> str:
    return "\n" + "".join(f"{getattr(each, field)}\n" for block in blocks for each in block)
