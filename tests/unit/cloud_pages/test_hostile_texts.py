"""Whatever somebody writes is text on every page: no element, attribute or address comes of it."""

import pytest
from django.test import Client
from selectolax.lexbor import LexborHTMLParser

from hikae.model.clock import system_clock
from tests.addresses import crawled, starts
from tests.hostile_texts import HOSTILE, furnish_to_be_told, say_everywhere
from tests.office import open_office

PAGES = 80
KINDS = ("markup", "attribute", "template", "query", "right to left")


@pytest.fixture
def database() -> str:
    """Pages are the same on both."""
    return "sqlite"


def test_no_text_becomes_anything_but_text_on_any_page(books: str) -> None:
    office = open_office(system_clock())
    furnish_to_be_told(office)
    owner = Client()
    owner.force_login(office.owner)
    first = starts(office)
    say_everywhere(office, "フリコミ")
    harmless = {path: made_of(page) for path, page in crawled(owner, first, PAGES).items()}
    assert len(harmless) > 20
    for kind in KINDS:
        say_everywhere(office, HOSTILE[kind])
        pages = crawled(owner, list(harmless), len(harmless))
        assert pages.keys() == harmless.keys(), kind
        for path, page in pages.items():
            assert made_of(page) <= harmless[path], (kind, path)
        shown = [path for path, page in pages.items() if spaced(HOSTILE[kind]) in text_of(page)]
        assert len(shown) > 10, kind


def made_of(page: str) -> set[tuple[str, ...]]:
    """What is more than text: elements, their attributes, scripts, and where addresses lead."""
    found: set[tuple[str, ...]] = set()
    for node in LexborHTMLParser(page).css("*"):
        tag = node.tag or ""
        found |= {(tag, name) for name in node.attributes} | {(tag,)}
        if tag in {"script", "style"}:
            found.add((tag, "content", node.text()))
        for name in ("href", "src", "action", "style"):
            value = node.attributes.get(name) or ""
            found.add((tag, name, "" if value.startswith(("/", "?", "#")) else value))
    return found


def text_of(page: str) -> str:
    """What is read on a page, also in its fields."""
    tree = LexborHTMLParser(page)
    fields = [node.attributes.get("value") or "" for node in tree.css("[value]")]
    return spaced(" ".join([tree.text(), *fields]))


def spaced(text: str) -> str:
    return " ".join(text.split())
