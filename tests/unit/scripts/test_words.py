"""The gate for words that belong to somebody's machine and not into the tree."""

import pytest

from scripts.words import forbidden_words

SLASH = "/"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("see https:" + SLASH * 2 + "py" + "pi.org/simple", "an address of a package registry"),
        ("-" + "-index-url something", "a choice of a package registry"),
        ("cd " + SLASH + "home/keiri/hikae", "a path of one machine"),
        ("open C:" + "\\Users\\keiri\\hikae", "a path of one machine"),
    ],
)
def test_words_of_a_machine_or_registry_are_found_with_their_line(line: str, reason: str) -> None:
    (complaint,) = forbidden_words(f"fine\n{line}\nfine\n")
    assert complaint.startswith(f"2: {reason}: ")


@pytest.mark.parametrize(
    "line",
    [
        "~/.config/hikae",
        "https://example.com/home/index.html",
        "/usr/lib/postgresql",
        "tests/work/notes.md",
        "%LOCALAPPDATA%\\Hikae",
    ],
)
def test_paths_that_every_machine_has_are_fine(line: str) -> None:
    assert list(forbidden_words(line)) == []
