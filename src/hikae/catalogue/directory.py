"""Every bank of the country with its branches, whether or not the agent can fetch from it.

Its data is made by `scripts.directory`: a line for each bank, followed by those of its branches,
which begin with a tab.
"""

import gzip
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "directory.tsv.gz"


class Branch(NamedTuple):
    """A branch of a bank; code: three digits; kana: without small ones."""

    code: str
    name: str
    kana: str


class Bank(NamedTuple):
    """A bank; code: four digits; kana: without small ones."""

    code: str
    name: str
    kana: str
    branches: tuple[Branch, ...]


Directory = tuple[Bank, ...]
"""Banks in the order of their codes."""


def load_directory() -> Directory:
    """Read the directory that is shipped."""
    found: list[tuple[list[str], list[Branch]]] = []
    for line in gzip.decompress(DATA.read_bytes()).decode().split("\n"):
        if line.startswith("\t"):
            found[-1][1].append(Branch(*line[1:].split("\t")))
        else:
            found.append((line.split("\t"), []))
    return tuple(Bank(code, name, kana, tuple(rest)) for (code, name, kana), rest in found)
