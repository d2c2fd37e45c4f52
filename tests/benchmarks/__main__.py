"""`make bench`: a simulated bank in a process of its own, and everything measured at it."""

import sys
import tempfile
from pathlib import Path

from demo.household import Bank
from tests.benchmarks import agent, dialogs, figures

_TRANSACTIONS = 1_300
"""Of each account in 120 days, so that the 93 days that the bank shows hold a thousand."""


def main() -> int:
    """Measure, print, write; 0 when every limit is kept."""
    with tempfile.TemporaryDirectory(prefix="hikae-bench-") as name:
        folder = Path(name)
        bank = Bank(folder, transactions=_TRANSACTIONS)
        try:
            customer = bank.customer("9901", "ok")
            found = [
                *dialogs.measure(folder, bank, customer, _say),
                *agent.measure(folder, bank, customer, _say),
            ]
        finally:
            bank.program.stop()
    for figure in found:
        print(figure.line())
    figures.write(found)
    return 0 if all(figure.within for figure in found) else 1


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
