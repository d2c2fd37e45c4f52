"""Gate: every relative link and anchor in the Markdown of the tree leads somewhere.

Addresses of other sites are left alone: a gate must not depend on them.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from scripts.tree import files


def main() -> int:
    """Print every link of the tree that leads nowhere."""
    root = Path.cwd()
    pages = [path for path in files(root) if path.suffix == ".md"]
    complaints = [complaint for page in pages for complaint in broken_links(page, root)]
    print(*complaints, sep="\n") if complaints else print(f"the links of {len(pages)} pages lead")
    return 1 if complaints else 0


def broken_links(page: Path, root: Path) -> Iterator[str]:
    """Yield one sentence for each link of a page that leads nowhere, or out of the tree."""
    for line, link in links(page):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page.resolve()
        fragment = unquote(parts.fragment)
        where = f"{page.relative_to(root)}:{line}: {link}"
        if not target.is_relative_to(root.resolve()):
            yield f"{where} leads out of the tree"
        elif not target.exists():
            yield f"{where} leads nowhere"
        elif target.suffix == ".md" and parts.fragment and fragment not in anchors(target):
            yield f"{where} has no such heading"


def links(page: Path) -> Iterator[tuple[int, str]]:
    """Yield the line of the paragraph and the target of each link and picture of a page."""
    for block in _blocks(page):
        line = block.map[0] + 1 if block.map else 0
        for token in block.children or ():
            target = token.attrGet("href") if token.type == "link_open" else token.attrGet("src")
            if isinstance(target, str):
                yield line, target


def anchors(page: Path) -> frozenset[str]:
    """Return the anchors of a page's headings, as code hosting sites make them."""
    found: set[str] = set()
    heading = False
    for token in _blocks(page):
        if heading and token.type == "inline":
            words = re.sub(r"[^\w\- ]", "", _words(token).lower()).replace(" ", "-")
            same = sum(1 for one in found if re.fullmatch(rf"{re.escape(words)}(-\d+)?", one))
            found.add(f"{words}-{same}" if same else words)
        heading = token.type == "heading_open"
    return frozenset(found)


def _blocks(page: Path) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(page.read_text("utf-8"))


def _words(token: Token) -> str:
    return "".join(child.content for child in token.children or ())


if __name__ == "__main__":
    sys.exit(main())
