"""A page's bytes as a tree: which characters they are, where it lies, what a person can read.

It knows HTML and nothing of banks.
"""

import codecs
import re
from collections.abc import Iterator
from functools import cached_property
from urllib.parse import urljoin

from selectolax.lexbor import LexborHTMLParser, LexborNode

from hikae.banks.labels import fold, plain

_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", re.IGNORECASE)
_REFRESH = re.compile(r"\s*(\d{1,3})\s*[;,]\s*(?:url\s*=\s*)?[\"']?([^\"']+)", re.IGNORECASE)
_META_BYTES = 2048
_REFRESH_SECONDS = 5
_SAID_FOR_CP932 = ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932", "cp932")
_ENCODINGS = {
    **dict.fromkeys(_SAID_FOR_CP932, "cp932"),
    **dict.fromkeys(("utf-8", "utf8"), "utf-8"),
    **dict.fromkeys(("euc-jp", "x-euc-jp"), "euc_jp"),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp"), "iso2022_jp"),
}
_UNREAD = ["script", "style", "noscript", "template"]
_INLINE = ["a", "abbr", "b", "br", "em", "font", "i", "label", "small", "span", "strong", "u"]
_BETWEEN_BLOCKS = "\0"  # never part of a text: parsers of HTML replace it


class Document:
    """One parsed page. url: where it came from in the end; encoding: in which forms answer."""

    def __init__(self, body: bytes, url: str, content_type: str = "") -> None:
        """Parse; every sequence of bytes gives a document, an empty one at worst."""
        self.url = url
        text, self.encoding = decode(body, content_type)
        self.tree = LexborHTMLParser(text)
        self.tree.strip_tags(_UNREAD)

    @cached_property
    def base(self) -> str:
        """The address that relative ones start from."""
        base = self.tree.css_first("base[href]")
        return urljoin(self.url, attribute(base, "href")) if base is not None else self.url

    @cached_property
    def heading(self) -> str:
        """The first heading, else the title; as harmless text, bounded."""
        for node in (*self.tree.css("h1, h2, h3"), *self.tree.css("title")):
            if text := text_of(node):
                return text[:80]
        return ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """What a person reads, one entry for each block or table cell."""
        return tuple(line for part in self._blocks.split(_BETWEEN_BLOCKS) if (line := plain(part)))

    def lines_with(self, marks: str) -> Iterator[str]:
        """Those lines that have one of these characters."""
        text, mark, place = self._blocks, re.compile(f"[{re.escape(marks)}]"), 0
        while found := mark.search(text, place):
            before = text.rfind(_BETWEEN_BLOCKS, place, found.start())
            begin = place if before < 0 else before + 1
            after = text.find(_BETWEEN_BLOCKS, found.end())
            place = len(text) if after < 0 else after
            yield plain(text[begin:place])

    @cached_property
    def _blocks(self) -> str:
        """The texts of blocks and table cells, as they stand."""
        tree = self.tree.clone()
        tree.unwrap_tags(_INLINE, delete_empty=True)
        tree.merge_text_nodes()
        return tree.body.text(separator=_BETWEEN_BLOCKS) if tree.body is not None else ""

    @cached_property
    def folded(self) -> str:
        """The whole text in the form that labels are compared in."""
        body = self.tree.body
        return fold(body.text()) if body is not None else ""

    @cached_property
    def refresh(self) -> str | None:
        """Where the page says that it moves by itself within seconds."""
        for meta in self.tree.css("meta[http-equiv][content]"):
            if attribute(meta, "http-equiv").lower() == "refresh":
                found = _REFRESH.match(attribute(meta, "content"))
                if found and int(found[1]) <= _REFRESH_SECONDS:
                    return str(urljoin(self.base, found[2].strip()))
        return None


def decode(body: bytes, content_type: str) -> tuple[str, str]:
    """A page's text and the Python name of its encoding.

    Asked in the order of the HTML standard: byte order mark, HTTP header, meta element. Banks
    that say Shift_JIS send cp932. Without an answer UTF-8 if it fits, else cp932.
    """
    if body.startswith(codecs.BOM_UTF8):
        return body[len(codecs.BOM_UTF8) :].decode("utf-8", "replace"), "utf-8"
    for said in (content_type, body[:_META_BYTES].decode("latin-1")):
        if (found := _CHARSET.search(said)) and (encoding := _ENCODINGS.get(found[1].lower())):
            return body.decode(encoding, "replace"), encoding
    try:
        return body.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return body.decode("cp932", "replace"), "cp932"


def text_of(node: LexborNode) -> str:
    """What a person reads in a node, on one line."""
    return plain(node.text())


def attribute(node: LexborNode, name: str) -> str:
    """The attribute, empty where there is none."""
    return node.attrs.get(name) or ""
