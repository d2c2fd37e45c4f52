"""One dialog held by three: Hikae's fetch, libcurl alone, and a browser.

A fetch is what the agent does from the unsealed login on: it takes the identity out of the
certificate folder, opens its transport, signs in, inquires month by month, reads and proves the
files, puts every statement into the outbox on the disk, and signs out. Its certificate was chosen
before, the code has run and there is one event loop for all, as in an agent that stays on; both
unlock the PKCS#12 file each time.
Delivery to a cloud is not in it.

Against it stands the same dialog by libcurl alone (`libcurl`) and in Chromium (`chromium`). They
take turns, so that whatever else the machine does is shared; the bank's own log proves that all
three asked for the same pages and files.
"""

import asyncio
import gc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from demo.household import Bank, Customer
from tests.benchmarks import chromium, libcurl
from tests.benchmarks.dialog import Step, record
from tests.benchmarks.figures import Figure
from tests.benchmarks.pc import pc

_WARM_UP = 2
_TURNS = 21
_BROWSERS = 3
_LEAST_ROWS = 3_000
_ICON = "/favicon.ico"  # browsers ask for it by themselves


@dataclass(slots=True)
class Contest:
    """Who takes part, and how many profiles were made."""

    folder: Path
    bank: Bank
    customer: Customer
    runner: asyncio.Runner
    steps: Sequence[Step] = ()
    profiles: int = 0
    rows: int = 0
    asked: list[Sequence[object]] = field(default_factory=list)

    def fetch(self) -> float:
        """One first fetch; its seconds."""
        return self.runner.run(self._fetch())

    def by_libcurl(self) -> float:
        """The floor; its seconds."""
        return libcurl.replay(self.steps, self.bank, self.customer)

    def by_chromium(self) -> float:
        """A browser; its seconds."""
        return chromium.visit(self.steps, self.customer)

    def timed(self, side: Callable[[], float]) -> float:
        """One turn of a side; what it asked the bank for is kept."""
        before = len(self.bank.log(self.customer))
        gc.collect()
        took = side()
        asked = self.bank.log(self.customer)[before:]
        self.asked.append([_asked(entry) for entry in asked if entry["path"] != _ICON])
        return took

    async def record(self) -> None:
        """Hold the dialog once to learn what is sent."""
        self.profiles += 1
        async with pc(self.folder / f"pc{self.profiles}", self.bank, self.customer) as own:
            self.steps = await record(own, self.customer.password)

    async def _fetch(self) -> float:
        self.profiles += 1
        async with pc(self.folder / f"pc{self.profiles}", self.bank, self.customer) as own:
            began = perf_counter()
            await own.fetch()
            took = perf_counter() - began
            self.rows = own.rows()
        return took


def measure(
    folder: Path, bank: Bank, customer: Customer, say: Callable[[str], None]
) -> list[Figure]:
    """`fetch_vs_libcurl` and `chromium_vs_fetch`."""
    with asyncio.Runner() as runner:
        return _measured(Contest(folder, bank, customer, runner), say)


def _measured(contest: Contest, say: Callable[[str], None]) -> list[Figure]:
    contest.runner.run(contest.record())
    for _ in range(_WARM_UP):
        contest.fetch()
        contest.by_libcurl()
    fetches, floors, browsers = [], [], []
    for turn in range(_TURNS):
        fetches.append(contest.timed(contest.fetch))
        floors.append(contest.timed(contest.by_libcurl))
        if turn % (_TURNS // _BROWSERS) == 0:
            browsers.append(contest.timed(contest.by_chromium))
    if any(asked != contest.asked[0] for asked in contest.asked):
        raise AssertionError("the sides held different dialogs")
    if contest.rows < _LEAST_ROWS:
        raise AssertionError(f"only {contest.rows} rows were fetched")
    fetch, floor, browser = median(fetches), median(floors), median(browsers)
    say(f"{len(contest.steps)} requests, {contest.rows} rows, {_TURNS} turns, medians:")
    say(f"fetch {fetch * 1000:.0f} ms, libcurl {floor * 1000:.0f} ms, Chromium {browser:.2f} s")
    return [
        Figure("fetch_vs_libcurl", fetch / floor, "times", 1.5),
        Figure("chromium_vs_fetch", browser / fetch, "times", 50, "at least"),
    ]


def _asked(entry: Mapping[str, Any]) -> Sequence[object]:
    return [entry[key] for key in ("method", "path", "button", "page", "status")]
