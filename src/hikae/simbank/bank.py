"""The simulated banks as one object: what tests and the command line start, use and stop."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from hikae.simbank import catalogue, wallet
from hikae.simbank.authority import Authority, KeyKind
from hikae.simbank.business import Size
from hikae.simbank.clock import BankClock
from hikae.simbank.customer import Customer
from hikae.simbank.exchange import Site
from hikae.simbank.families.bizsol import BizsolSite
from hikae.simbank.institution import INSTITUTIONS, Institution
from hikae.simbank.journal import Journal
from hikae.simbank.ledger import Account, Extract, Posting
from hikae.simbank.scenarios import DISGUISES, SCENARIOS
from hikae.simbank.server import BankServer, tls_context


@dataclass(frozen=True, slots=True)
class House:
    """One institution at work: its site, server, authority and customers by login ID."""

    institution: Institution
    site: Site
    server: BankServer
    authority: Authority
    customers: Mapping[str, Customer]


def _wall() -> datetime:
    return datetime.now(UTC)


class SimBank:
    """Several simulated institutions that share a clock and a log.

    Use as a context manager: `with SimBank.start(directory) as bank: …`. `directory` receives
    `catalogue/` and `certificates/<code>/`. With a port of 0 the system chooses one.
    """

    def __init__(self, directory: Path, clock: BankClock, houses: Sequence[House]) -> None:
        self.clock = clock
        self.catalogue = directory / "catalogue"
        self.certificates = directory / "certificates"
        self.ca_file = self.catalogue / catalogue.CA_FILE
        self.houses = {house.institution.code: house for house in houses}
        self.log = houses[0].server.journal

    @classmethod
    def start(
        cls,
        directory: Path,
        *,
        clock: Callable[[], datetime] = _wall,
        seed: str = "simbank",
        institutions: Sequence[Institution] = INSTITUTIONS,
        ports: Sequence[int] = (),
        size: Size = Size(),  # noqa: B008 - frozen
        keys: KeyKind = "ec",
    ) -> Self:
        """Issue certificates, write the catalogue, and open every bank on its port.

        In a directory that was used before, the banks are the same again, but for what they
        remembered: their authorities still stand for the certificates that customers have.
        """
        bank_clock = BankClock(clock)
        for name in ("catalogue", "certificates"):
            (directory / name).mkdir(parents=True, exist_ok=True)
        root = Authority.kept(directory / "root.pem", "simbank Root CA", "simbank", keys)
        (directory / "catalogue" / catalogue.CA_FILE).write_text(root.pem, encoding="ascii")
        server_pem = root.issue_server(["localhost", "127.0.0.1"]).write_pem(
            directory / "server.pem"
        )
        opening = _Opening(directory, bank_clock, seed, size, keys, server_pem, Journal())
        wanted = [*ports, *[0] * (len(institutions) - len(ports))]
        with ExitStack() as undo:
            houses = []
            for institution, port in zip(institutions, wanted, strict=True):
                house = opening.open(institution, port)
                undo.callback(house.server.stop)
                houses.append(house)
            undo.pop_all()
        return cls(directory, bank_clock, houses)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Close every bank."""
        for house in self.houses.values():
            house.server.stop()

    @property
    def origin(self) -> str:
        """The first institution's origin."""
        return next(iter(self.origins.values()))

    @property
    def origins(self) -> dict[str, str]:
        """Origin by institution code."""
        return {code: house.server.origin for code, house in self.houses.items()}

    def sign_in_url(self, code: str = "") -> str:
        """The page on which signing in begins, of one institution or the first."""
        house = self._house(code)
        return house.server.origin + house.site.sign_in_path

    def customer(self, scenario: str, code: str = "") -> Customer:
        """The customer of a scenario, at one institution or the first."""
        house = self._house(code)
        return house.customers[f"{scenario}_{house.institution.code}"]

    def customers(self) -> list[Customer]:
        """All customers of all institutions."""
        return [one for house in self.houses.values() for one in house.customers.values()]

    def find(self, login_id: str) -> Customer:
        """The customer of a login ID; KeyError when there is none."""
        return self.houses[login_id.rpartition("_")[2]].customers[login_id]

    def post(self, customer: Customer, number: str, posting: Posting) -> int:
        """Book a transaction by hand; return its key. LookupError for an unknown account."""
        with self.houses[customer.institution.code].site.lock:
            return customer.account(number).ledger.post(posting)

    def books(self, customer: Customer) -> list[tuple[Account, Extract]]:
        """What a customer's books really say up to now."""
        with self.houses[customer.institution.code].site.lock:
            return customer.truth()

    def play(self, customer: Customer, scenario: str) -> None:
        """Let a customer meet another scenario from now on; LookupError for an unknown one."""
        found = SCENARIOS.get(scenario) or DISGUISES[scenario]
        with self.houses[customer.institution.code].site.lock:
            customer.play(found)

    def forget(self, customer: Customer) -> None:
        """Let one customer begin anew: visits ended, books as on the first day."""
        with self.houses[customer.institution.code].site.lock:
            self.houses[customer.institution.code].site.forget(customer.login_id)
            customer.forget()
        self.log.clear(customer.login_id)

    def reset(self) -> None:
        """Begin anew: clock put back, log empty, visits ended, books as on the first day."""
        self.clock.put_back()
        for house in self.houses.values():
            with house.site.lock:
                house.site.forget()
                for customer in house.customers.values():
                    customer.forget()
        self.log.clear()

    def _house(self, code: str) -> House:
        return self.houses[code or next(iter(self.houses))]


@dataclass(frozen=True, slots=True)
class _Opening:
    """What all institutions are opened with."""

    directory: Path
    clock: BankClock
    seed: str
    size: Size
    keys: KeyKind
    server_pem: Path
    journal: Journal

    def open(self, bank: Institution, port: int) -> House:
        own = self.directory / f"authority-{bank.code}.pem"
        authority = Authority.kept(own, bank.issuer_name, bank.latin, self.keys)
        stranger = Authority.make("Somebody Else CA", "Somebody Else", self.keys)
        customers = {
            customer.login_id: customer
            for customer in (
                Customer(bank, scenario, self.seed, self.clock, self.size)
                for scenario in SCENARIOS.values()
            )
        }
        folder = self.directory / "certificates" / bank.code
        wallet.issue(list(customers.values()), authority, stranger, folder)
        site = BizsolSite(bank, customers, authority, self.clock, self.seed)
        context = tls_context(bank, self.server_pem, authority.pem)
        server = BankServer(bank, site, context, self.clock, self.journal, port)
        catalogue.write(
            self.directory / "catalogue", bank, server.origin, site.sign_in_path, authority.name
        )
        server.start()
        return House(bank, site, server, authority, customers)
