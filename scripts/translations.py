"""Gate: every Japanese text of the cloud has its English, and Django reads the newest.

It only looks; `python -m scripts.messages` is what renews the catalogue.
"""

import io
import re
import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from scripts import messages


def main() -> int:
    """Print every text whose English is missing, stale or unusable."""
    kept = messages.kept()
    compiled = messages.CATALOGUE.with_suffix(".mo").read_bytes()
    complaints = list(complain(messages.renewed(), kept, compiled))
    print(*complaints, sep="\n") if complaints else print(f"{len(kept)} texts speak English")
    return 1 if complaints else 0


def complain(current: Catalog, kept: Catalog, compiled: bytes) -> Iterator[str]:
    """Yield one sentence for each text of the code that `kept` does not serve, or in vain."""
    asked = {str(entry.id): entry for entry in current if entry.id}
    known = {str(entry.id): entry for entry in kept if entry.id}
    for text in sorted(asked.keys() - known.keys()):
        yield f"not in django.po: {text}"
    for text in sorted(known.keys() - asked.keys()):
        yield f"no longer used: {text}"
    for text in sorted(asked.keys() & known.keys()):
        entry = known[text]
        if entry.fuzzy or not all(_forms(entry.string)):
            yield f"no English: {text}"
        elif any(_places(form) - _places(*_forms(entry.id)) for form in _forms(entry.string)):
            yield f"names a value that the text does not have: {text}"
    if compiled != _compile(kept):
        yield "django.mo is older than django.po"


def _forms(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    """Return singular and plural of what may be a single text, or none."""
    return tuple(texts) if isinstance(texts, list | tuple) else (texts or "",)


def _places(*texts: str) -> set[str]:
    """Return the values that texts name: %(count)s, {name}."""
    return {place for text in texts for place in re.findall(r"%\(\w+\)\w|\{\w+\}", text)}


def _compile(catalogue: Catalog) -> bytes:
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


if __name__ == "__main__":
    sys.exit(main())
