"""SECURITY.md promises nothing that no test holds."""

import ast
import re
from pathlib import Path

import pytest

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_PROMISES = "## What is promised"


def promises(tree: Path) -> list[str]:
    """Every point of the sections that promise something."""
    text = (tree / "SECURITY.md").read_text(encoding="utf-8")
    sections = re.split(r"\n(?=## )", text)
    promising = [each for each in sections if each.startswith(_PROMISES)]
    points = [re.split(r"\n(?=- )", each)[1:] for each in promising]
    assert all(points)
    return [point for section in points for point in section]


def names_in(file: Path) -> set[str]:
    """The names of a file's tests."""
    found = ast.parse(file.read_text(encoding="utf-8")).body
    functions = (each for each in found if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef))
    return {each.name for each in functions}


def test_every_promise_names_the_test_that_holds_it(tree: Path) -> None:
    found = promises(tree)
    assert len(found) > 30
    assert [point for point in found if not _TEST.search(point)] == []


def test_every_test_that_is_named_exists(tree: Path) -> None:
    text = (tree / "SECURITY.md").read_text(encoding="utf-8")
    for path, name in _TEST.findall(text):
        assert (tree / path).is_file(), path
        assert name in names_in(tree / path), f"{path}::{name}"


def test_nothing_in_the_shape_of_a_test_escapes(tree: Path) -> None:
    text = (tree / "SECURITY.md").read_text(encoding="utf-8")
    assert text.count("::") == len(_TEST.findall(text))


@pytest.mark.parametrize("kept", ["README.md", "CONTRIBUTING.md"])
def test_people_find_the_page(tree: Path, kept: str) -> None:
    assert "SECURITY.md" in (tree / kept).read_text(encoding="utf-8")
