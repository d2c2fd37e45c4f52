"""A page of 50 rows of two million: what a person waits for it, asked of a cloud over HTTP.

Unfiltered the first page and one deep among the rows; filtered by account, period and words, of
which one stands in every other row, one in a handful, and one in none. Medians.
"""

import asyncio
from collections.abc import Callable, Mapping
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
        account = {"account": str(_ACCOUNTS[0]), **_YEAR}
        filtered = {word: {**account, "words": word} for word in (COMMON, RARE, ABSENT)}
        found = {name: await _milliseconds(running, asked) for name, asked in pages.items()}
        narrowed = {name: await _milliseconds(running, asked) for name, asked in filtered.items()}
    said = ", ".join(f"{name} {took:.0f} ms" for name, took in (found | narrowed).items())
    say(f"pages of 50 of 2,000,000 rows on {database}: {said}")
    return [
        Figure(f"page_2m_ms_{database}", max(found.values()), "ms", 50),
        Figure(f"page_2m_filtered_ms_{database}", max(narrowed.values()), "ms", 50),
    ]


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


async def _milliseconds(running: Running, asked: Mapping[str, str]) -> float:
    """How long a page takes; it says what was asked for."""
    took = []
    for _ in range(_TURNS):
        began = perf_counter()
        page = await running.person.visit(f"{_PATH}?{urlencode(asked)}")
        took.append((perf_counter() - began) * 1000)
        if page.has("条件に合う明細がありません") != (asked.get("words") == ABSENT):
            raise AssertionError(f"the page shows something else: {page.url}")
    return median(took)
