"""`make bench`: everything measured, or one group of it: fetch, ingest, pages, files, link, search.

The results of the groups that were not measured stay as they are.
"""

import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from demo.household import Bank
from tests.benchmarks import (
    agent,
    dialogs,
    figures,
    files,
    ingest,
    link,
    pages,
    parallel,
    searching,
)
from tests.benchmarks.figures import Figure

_TRANSACTIONS = 1_300
"""Of each account in 120 days, so that the 93 days that the bank shows hold a thousand."""

Say = Callable[[str], None]


def _fetch(folder: Path, say: Say) -> list[Figure]:
    """At a simulated bank in a process of its own."""
    bank = Bank(folder, transactions=_TRANSACTIONS)
    try:
        customer = bank.customer("9901", "ok")
        return [
            *dialogs.measure(folder, bank, customer, say),
            *agent.measure(folder, bank, customer, say),
        ]
    finally:
        bank.program.stop()


def _link(folder: Path, say: Say) -> list[Figure]:
    """Many PCs at one cloud, and many banks at one PC."""
    (pcs := folder / "pcs").mkdir()
    (banks := folder / "banks").mkdir()
    return [*link.measure(pcs, say), *parallel.measure(banks, say)]


GROUPS: Mapping[str, Callable[[Path, Say], list[Figure]]] = {
    "fetch": _fetch,
    "ingest": ingest.measure,
    "pages": pages.measure,
    "files": files.measure,
    "link": _link,
    "search": searching.measure,
}


def main(wanted: list[str]) -> int:
    """Measure, print, write; 0 when every limit is kept."""
    unknown = set(wanted) - GROUPS.keys()
    if unknown:
        print(f"no such group: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    found: list[Figure] = []
    for name in wanted or GROUPS:
        with tempfile.TemporaryDirectory(prefix="hikae-bench-") as folder:
            found += GROUPS[name](Path(folder), _say)
    for figure in found:
        print(figure.line())
    figures.write(found)
    return 0 if all(figure.within for figure in found) else 1


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
