"""Banks and clouds of many combinations: shared where nobody is killed, by turns where somebody is.

All are real processes. A cloud whose process or database suffers is another one than that of
everybody else, and suffers for one combination at a time.
"""

import asyncio
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from demo.household import Bank, Cloud, Customer
from tests.faults.plan import Database, Plan, Trouble
from tests.fixtures_cloud import make_two_roles
from tests.fixtures_postgres import FAST, Cluster, restart, running_cluster
from tests.system.survival.offices import ReadBooks, close_the_day, postgresql_books, sqlite_books

TRANSACTIONS = 60
LOCKOUT = 3.0
"""Seconds for which a bank keeps out who left without signing out."""

_UNFIT = {"100000_rows", "blank_page_for_expired"}
"""Customers who cannot play just any scenario."""

_LOCKED = 3.0
"""Seconds for which somebody else holds the database."""


@dataclass(slots=True)
class House:
    """A cloud with its database, and a way to read its books past it."""

    cloud: Cloud
    books: ReadBooks
    cluster: Cluster | None = None
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def troubled(self) -> AsyncIterator[None]:
        """Its database is restarted, or locked for a while by somebody else."""
        if self.cluster is not None:
            restarting = asyncio.create_task(asyncio.to_thread(restart, self.cluster))
        else:
            restarting = asyncio.create_task(self._hold())
        try:
            yield
        finally:
            await restarting

    async def _hold(self) -> None:
        with closing(sqlite3.connect(self.cloud.data / "hikae.sqlite3", timeout=60)) as other:
            other.execute("BEGIN IMMEDIATE")
            await asyncio.sleep(_LOCKED)
            other.rollback()


class Town:
    """What all combinations of one run share; its processes end with its `with`."""

    def __init__(self, folder: Path) -> None:
        """Everything goes below `folder`."""
        self.folder = folder
        self._undo = ExitStack()
        self._houses: dict[tuple[Database, bool], House] = {}
        self._customers: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._opening = asyncio.Lock()
        self.bank = self._open_bank(folder / "town")

    def __enter__(self) -> Self:
        """The town with its bank."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything."""
        self._undo.close()

    @asynccontextmanager
    async def house(self, plan: Plan) -> AsyncIterator[House]:
        """The cloud for a plan: for itself while it or its database is to suffer."""
        suffers = plan.dies == "cloud" or plan.trouble is Trouble.DATABASE
        key = plan.database, suffers
        async with self._opening:
            if key not in self._houses:
                folder = self.folder / f"{plan.database}{'-suffering' * suffers}"
                self._houses[key] = await asyncio.to_thread(self._open_house, folder, key)
        house = self._houses[key]
        if not suffers:
            yield house
            return
        async with house.turn:
            yield house

    @asynccontextmanager
    async def customer(self, plan: Plan, folder: Path) -> AsyncIterator[tuple[Bank, Customer]]:
        """Somebody whom the bank takes as the plan says, as on the first day; for itself.

        A bank that is to die is this combination's own.
        """
        bank = self.bank
        with ExitStack() as undo:
            if plan.dies == "bank":
                bank = await asyncio.to_thread(
                    Bank, folder, transactions=TRANSACTIONS, lockout=LOCKOUT
                )
                undo.callback(bank.stop)
                close_the_day(bank)
            logins = {each["login_id"] for each in bank.ask("/customers")}
            fit = sorted({login.rpartition("_")[0] for login in logins} - _UNFIT)
            customer = bank.customer(plan.institution, fit[plan.seed % len(fit)])
            async with self._customers[f"{id(bank)}/{customer.login_id}"]:
                bank.ask("/reset", {"login": customer.login_id})
                bank.ask("/scenario", {"login": customer.login_id, "scenario": plan.scenario})
                yield bank, customer

    def _open_bank(self, folder: Path) -> Bank:
        folder.mkdir(parents=True)
        bank = Bank(folder, transactions=TRANSACTIONS, lockout=LOCKOUT)
        self._undo.callback(bank.stop)
        close_the_day(bank)
        return bank

    def _open_house(self, folder: Path, key: tuple[Database, bool]) -> House:
        folder.mkdir(parents=True)
        if key[0] is Database.SQLITE:
            cloud = Cloud(folder, self.bank.catalogue)
            house = House(cloud, sqlite_books(cloud))
        else:
            cluster = self._undo.enter_context(running_cluster(() if key[1] else FAST))
            server = cluster.make(f"faults_{folder.name.replace('-', '_')}")
            two = make_two_roles(server)
            roles = {"HIKAE_DATABASE_URL": two.url, "HIKAE_DATABASE_OWNER_URL": two.owner_url}
            cloud = Cloud(folder, self.bank.catalogue, environment=roles)
            path = urlsplit(two.url).path
            books = postgresql_books(urlunsplit(urlsplit(server.url)._replace(path=path)))
            house = House(cloud, books, cluster)
        self._undo.callback(cloud.stop)
        return house
