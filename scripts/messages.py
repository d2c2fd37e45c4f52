"""The English of the cloud's pages: finds every Japanese text, keeps the catalogue, compiles it.

`python -m scripts.messages` adds texts that are new to django.po, drops those that are gone, and
writes django.mo. It needs no gettext tools, so a fresh clone has all it needs.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CLOUD = ROOT / "src" / "hikae" / "cloud"
CATALOGUE = CLOUD / "locale" / "en" / "LC_MESSAGES" / "django.po"

Text = str | tuple[str, str]
"""A text, or its singular and plural."""

_HEADER = """# The English of the cloud's pages.
msgid ""
msgstr ""
"Language: en\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)

_SINGULAR = {"_", "gettext", "gettext_lazy"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CALL = re.compile(r"\b(?:_|n?gettext)\((?=u?['\"])")


def main() -> int:
    """Renew the catalogue and say what still waits for its English."""
    catalogue = renewed()
    CATALOGUE.write_bytes(_po(catalogue))
    with CATALOGUE.with_suffix(".mo").open("wb") as file:
        write_mo(file, kept())
    waiting = untranslated(catalogue)
    print(*(f"no English yet: {text}" for text in waiting), sep="\n")
    return 1 if waiting else 0


def renewed() -> Catalog:
    """Return the catalogue of the texts that the code has now, with the English known so far."""
    known = kept()
    catalogue = Catalog(locale="en", fuzzy=False)
    for message in sorted(texts(), key=str):
        singular = message if isinstance(message, str) else message[0]
        old = known.get(singular)
        catalogue.add(message, old.string if old else None)
    return catalogue


def kept() -> Catalog:
    """Return the catalogue as it stands in the tree."""
    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en", charset="utf-8")
    # Compiled, a catalogue carries dates: fixed ones, so that equal texts are equal files.
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the texts that have no English, or no English plural."""
    return [str(entry.id) for entry in catalogue if entry.id and not _complete(entry)]


def _complete(entry: Message) -> bool:
    match entry.string:
        case str(text):
            return bool(text)
        case [one, many]:
            return bool(one and many)
        case _:
            return False


def _po(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalogue, width=100, omit_header=True)
    return _HEADER.encode() + file.getvalue()


def texts() -> set[Text]:
    """Return every text that pages or their code hand to gettext."""
    found: set[Text] = set()
    for template in (CLOUD / "templates").rglob("*.html"):
        found.update(_in_template(template.read_text("utf-8")))
    for module in CLOUD.rglob("*.py"):
        found.update(_in_calls(ast.parse(module.read_text("utf-8"))))
    return found


def _in_template(source: str) -> Iterator[Text]:
    if not settings.configured:
        settings.configure()
    code = templatize(source)
    for call in _CALL.finditer(code):
        expression = code[call.start() : _end_of_call(code, call.end())]
        yield from _in_calls(ast.parse(expression))


def _end_of_call(code: str, start: int) -> int:
    """Return where the call ends whose first argument begins at `start`."""
    depth, quote, index = 1, "", start
    while depth:
        letter = code[index]
        if quote:
            if letter == "\\":
                index += 1
            elif letter == quote:
                quote = ""
        elif letter in "'\"":
            quote = letter
        else:
            depth += {"(": 1, ")": -1}.get(letter, 0)
        index += 1
    return index


def _in_calls(tree: ast.AST) -> Iterator[Text]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text)), *_]) if (
                name in _SINGULAR
            ):
                yield text
            case ast.Call(
                func=ast.Name(id=name),
                args=[ast.Constant(value=str(one)), ast.Constant(value=str(many)), *_],
            ) if name in _PLURAL:
                yield (one, many)


if __name__ == "__main__":
    sys.exit(main())
