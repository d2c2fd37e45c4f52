"""A page of 50 rows of two million, asked of a cloud over HTTP: how long its server takes.

Unfiltered the first page and one deep among the rows; filtered by words, of which one stands in
every other row, one in a handful, and one in none, in a year of one account and in all of them,
and by way and amount. Medians; beside the server's own figures (Server-Timing) those of the client,
which reads the page as well.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import UUID

from tests.benchmarks.clouds import Running, at_work, on_postgresql
from tests.benchmarks.figures import Figure
from tests.benchmarks.ledger import (
    ABSENT,
    ACCOUNT,
    COLUMNS,
    COMMON,
    DAY_COLUMNS,
    RARE,
    SHORT,
    WORDING_COLUMNS,
    Ledger,
)

_LEDGER = Ledger(days=1_250, daily=400)
_ACCOUNTS = [UUID(int=number << 64) for number in range(1, 5)]
_YEAR = {"since": "2022-01-01", "until": "2022-12-31"}
_MIDDLE = "2022-07-01"
_TURNS = 15
_ACCOUNT_COLUMNS = (
    *("organisation_id", "id", "institution", "bank_name", "branch_code", "branch_name"),
    *("kind", "number", "currency", "holder"),
)
_PATH = "/statements/transactions"
_DURATIONS = re.compile(r"dur=([0-9.]+)")


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: at the server, of these its CPU, and at the client."""

    app: float
    cpu: float
    client: float


def measure(folder: Path, say: Callable[[str], None]) -> list[Figure]:
    """`page_2m_ms` and `page_2m_filtered_ms`: the slowest page of each kind, on each database."""
    figures = asyncio.run(_measure(folder / "sqlite", {}, "sqlite", say))
    with on_postgresql() as environment:
        figures += asyncio.run(_measure(folder / "postgresql", environment, "postgresql", say))
    return figures


async def _measure(
    folder: Path, environment: dict[str, str], database: str, say: Callable[[str], None]
) -> list[Figure]:
    async with at_work(folder, environment) as running:
        _fill(running)
        pages: dict[str, dict[str, str]] = {"first": {}, "deep": {"begin": await _deep(running)}}
        found = {name: await _took(running, asked) for name, asked in pages.items()}
        narrowed = {name: await _took(running, asked) for name, asked in _filters().items()}
    say(f"pages of 50 of 2,000,000 rows on {database}, ms at the server (its CPU; the client):")
    for name, took in (found | narrowed).items():
        say(f"  {name:24} {took.app:6.1f} ({took.cpu:5.1f}; {took.client:6.1f})")
    return [
        Figure(f"page_2m_ms_{database}", _slowest(found), "ms", 50),
        Figure(f"page_2m_filtered_ms_{database}", _slowest(narrowed), "ms", 50),
    ]


def _filters() -> dict[str, dict[str, str]]:
    """What is asked for, by name."""
    year = {"account": str(_ACCOUNTS[0]), **_YEAR}
    words = {"common": COMMON, "short": SHORT, "rare": RARE, "absent": ABSENT}
    return {
        **{f"{name} word, a year": {**year, "words": word} for name, word in words.items()},
        **{f"{name} word, all": {"words": word} for name, word in words.items()},
        "paid out": {"way": "out"},
        "amount": {"least": "100000", "most": "100100"},
    }


def _slowest(found: Mapping[str, Took]) -> float:
    return max(took.app for took in found.values())


def _fill(running: Running) -> None:
    """Two million rows of four accounts, straight into the tables."""
    organisation, floor = running.organisation, running.floor
    for number, account in enumerate(_ACCOUNTS, 1):
        row = (
            *(organisation, account, "9901", "北町銀行", ACCOUNT.branch_code, "本店"),
            *(ACCOUNT.kind.value, f"{number:07}", "JPY", "ミホンショウテン"),
        )
        floor.insert("statements_account", _ACCOUNT_COLUMNS, running.plain([row]))
        days = _LEDGER.account_days(organisation, account)
        floor.insert("statements_accountday", DAY_COLUMNS, running.plain(days))
        texts = _LEDGER.wordings(organisation, account)
        floor.insert("statements_wording", WORDING_COLUMNS, running.plain(texts))
        rows = _LEDGER.rows(organisation, account)
        floor.insert("statements_transaction", COLUMNS, running.plain(rows))
    floor.settle()


async def _deep(running: Running) -> str:
    """A place among the rows, as the link to older rows names it."""
    page = await running.person.visit(f"{_PATH}?{urlencode({'until': _MIDDLE})}")
    older = await page.press("さらに古い明細")
    (begin,) = parse_qs(urlsplit(older.url).query)["begin"]
    return begin


async def _took(running: Running, asked: Mapping[str, str]) -> Took:
    """How long a page takes; it shows what was asked for."""
    turns = []
    for _ in range(_TURNS):
        began = perf_counter()
        page = await running.person.visit(f"{_PATH}?{urlencode(asked)}")
        client = (perf_counter() - began) * 1000
        app, cpu = map(float, _DURATIONS.findall(running.person.server_timing))
        turns.append(Took(app, cpu, client))
        if page.has("条件に合う明細がありません") != (asked.get("words") == ABSENT):
            raise AssertionError(f"the page shows something else: {page.url}")
    return Took(*(median(getattr(turn, name) for turn in turns) for name in Took.__slots__))
