"""新規登録: how long the server takes to find a bank among all while somebody types.

Names, readings, romaji and codes, single letters that fit nearly every bank, branches, several
words, and what nobody has. Of each the median; the figure is that of the slowest. On SQLite, since
a search reads no table but those that say who asks.
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.benchmarks.clouds import Running, at_work
from tests.benchmarks.figures import Figure

_TURNS = 15
_WORDS = {
    "nothing yet": "",
    "one letter": "n",
    "one kana": "ん",
    "a name": "横浜",
    "half-width kana": "ﾖｺﾊﾏｷﾞﾝｺｳ",
    "romaji, unfinished": "kyot",
    "three words": "kyoto chuo shinkin",
    "a code's beginning": "01",
    "a branch": "しんじゅく",
    "a bank and a branch": "みずほ 丸の内",
    "nobody's": "どこにもない",
}
_DURATIONS = re.compile(r"dur=([0-9.]+)")


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """`search_ms`: the slowest of the searches at the server."""
    return asyncio.run(_measure(folder, say))


async def _measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    async with at_work(folder, {}) as running:
        found = {name: await _took(running, words) for name, words in _WORDS.items()}
    say("finding a bank, ms at the server (its CPU):")
    for name, (app, cpu) in found.items():
        say(f"  {name:24} {app:6.1f} ({cpu:5.1f})")
    return [Figure("search_ms", max(app for app, _ in found.values()), "ms", 20)]


async def _took(running: Running, words: str) -> tuple[float, float]:
    """Milliseconds that passed and that were worked; the whole page, which is more than a list."""
    turns = []
    for _ in range(_TURNS):
        await running.person.visit(f"/institutions/?{urlencode({'words': words})}")
        app, cpu = map(float, _DURATIONS.findall(running.person.server_timing))
        turns.append((app, cpu))
    return median(app for app, _ in turns), median(cpu for _, cpu in turns)
