"""Everything that the main job needs on one machine: banks, cloud, agent, each its own process."""

import json
import urllib.request
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any, Self
from uuid import UUID

from demo.ports import lasting_ports
from demo.programs import Program, ProgramError, run
from hikae.agent import settings
from hikae.agent.engine import Engine
from hikae.agent.profile import Profile
from hikae.agent.remote import RemoteEngine
from hikae.agent.settings import Settings
from hikae.agent.timetable import NEVER
from hikae.catalogue.catalogue import load_catalogue
from hikae.model.clock import japan_day, system_clock
from hikae.model.secret import Secret
from hikae.simbank.institution import INSTITUTIONS

OWNER = "owner@example.jp"
OWNER_PASSWORD = "hikae-demo-2026"  # noqa: S105 - of a made-up person
ORGANISATION = "株式会社みほん商店"


_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))

Row = tuple[str, int, int]
"""Day, amount, balance after it."""

Books = Mapping[str, Sequence[Row]]
"""Rows in their order, by account number."""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer of a simulated bank: all of it is made up."""

    institution: str
    login_id: str
    password: str
    p12: Path
    p12_password: str


class Bank:
    """The simulated banks in a process of their own."""

    def __init__(
        self, folder: Path, *, transactions: int | None = None, lockout: float | None = None
    ) -> None:
        """Start them; their catalogue and certificates go below `folder`.

        lockout: seconds for which they keep out who left without signing out, at most.
        """
        size = [] if transactions is None else ["--transactions", str(transactions)]
        kept_out = [] if lockout is None else ["--lockout", str(lockout)]
        control, *ports = map(str, lasting_ports(1 + len(INSTITUTIONS)))
        where = ["--ports", ",".join(ports), "--control-port", control]
        self._words = ["simbank", "--directory", str(folder / "banks"), *where, *size, *kept_out]
        self._log = folder / "banks.log"
        self.start()

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start them, again after a stop where they were before."""
        self.program = Program(self._words, self._log, environment)
        ready = self.program.ready()
        self.catalogue = Path(ready["catalogue"])
        self._control: str = ready["control"]

    def stop(self) -> None:
        """Stop them, however often they were started."""
        self.program.stop()

    def customer(self, institution: str, scenario: str) -> Customer:
        """The customer of an institution for whom a scenario plays from the first day on."""
        found = self._found(institution, scenario)
        return Customer(
            institution,
            found["login_id"],
            found["password"],
            Path(found["p12"]),
            found["p12_password"],
        )

    def one_time_password(self, customer: Customer) -> str:
        """What this customer's token shows now."""
        customers = self.ask("/customers")
        found = next(each for each in customers if each["login_id"] == customer.login_id)
        return str(found["one_time_password"])

    def books(self, customer: Customer) -> Books:
        """What the bank's own books say, as far back as it shows them."""
        institution = load_catalogue(self.catalogue).find(customer.institution)
        if institution is None:
            raise LookupError(customer.institution)
        oldest = japan_day(system_clock()) - timedelta(days=institution.window_days - 1)
        return {
            account["number"]: [
                (row["booked_on"], row["amount"], row["balance"])
                for row in account["transactions"]
                if row["booked_on"] >= oldest.isoformat()
            ]
            for account in self.ask(f"/books?login={customer.login_id}")
        }

    def log(self, customer: Customer) -> Sequence[Mapping[str, Any]]:
        """All requests of a customer."""
        return list(self.ask(f"/log?login={customer.login_id}"))

    def ask(self, path: str, change: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """Read from the banks' control listener, or change something by it."""
        body = None if change is None else json.dumps(change).encode()
        address = self._control + path  # http on loopback, as the bank itself printed it
        with _DIRECT.open(address, body, timeout=30) as answer:
            return json.load(answer)

    def _found(self, institution: str, scenario: str) -> dict[str, Any]:
        customers = {each["login_id"]: dict(each) for each in self.ask("/customers")}
        return customers[f"{scenario}_{institution}"]


class Cloud:
    """A cloud, on SQLite unless its environment names a PostgreSQL."""

    def __init__(
        self,
        folder: Path,
        catalogue: Path,
        *,
        port: int = 0,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Start it; its data goes below `folder`."""
        self.data = folder / "cloud"
        self._words = ["cloud", "--data", str(self.data), "--catalogue", str(catalogue)]
        self._log = folder / "cloud.log"
        self._environment = dict(environment or {})
        self.start(port or lasting_ports(1)[0])

    def add_owner(self, email: str, organisation: str) -> UUID:
        """An organisation with its owner, whose password is OWNER_PASSWORD; its id."""
        words = [*self._words, "create-owner", "--email", email, "--organisation", organisation]
        done = run(words, given=f"{OWNER_PASSWORD}\n", environment=self._environment)
        if done.returncode != 0:
            raise ProgramError(f"hikae cloud create-owner: {done.stderr}")
        return UUID(json.loads(done.stdout)["organisation"])

    def start(self, port: int = 0, environment: Mapping[str, str] | None = None) -> None:
        """Start it, again after a stop on the same port."""
        words = [*self._words, "serve", "--port", str(port)]
        self.program = Program(words, self._log, {**self._environment, **(environment or {})})
        ready = self.program.ready()
        self.origin: str = ready["origin"]
        self.port: int = ready["port"]

    def stop(self) -> None:
        """Stop it, however often it was started."""
        self.program.stop()


class Agent:
    """The agent of one PC: its running engine, and its command line."""

    def __init__(self, folder: Path, catalogue: Path, name: str = "agent") -> None:
        """Nothing runs yet; its data goes below `folder`."""
        self.data = folder / name
        self.certificates = self.data / "certificates"
        self.certificates.mkdir(parents=True)
        # What happens by itself would happen in the middle of what is shown.
        profile = Profile.at(self.data)
        settings.save(profile.settings, Settings(plan=NEVER))
        self.environment = {"HIKAE_KEYRING": f"file:{self.data / 'keyring.json'}"}
        self._log = folder / f"{name}.log"
        self._words = [
            *("agent", "--json", "--data", str(self.data), "--catalogue", str(catalogue)),
            *("--certificates", str(self.certificates)),
        ]
        self.program: Program | None = None

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start the engine; returns when it is at work."""
        self.program = Program(
            [*self._words, "run"], self._log, {**self.environment, **(environment or {})}
        )
        self.program.ready()

    def stop(self) -> None:
        """Stop the engine."""
        if self.program is not None:
            self.program.stop()

    def run(self, *words: str, given: str = "") -> CompletedProcess[str]:
        """Run one of its commands."""
        return run([*self._words, *words], given=given, environment=self.environment)

    @asynccontextmanager
    async def engine(self) -> AsyncIterator[RemoteEngine]:
        """The running engine, called as desktop and command line call it."""
        engine = await RemoteEngine.connect(Profile.at(self.data))
        try:
            yield engine
        finally:
            await engine.close()

    async def receive(self, engine: Engine, customer: Customer) -> None:
        """Put a customer's certificate onto this PC, as the bank did."""
        (self.certificates / customer.p12.name).write_bytes(customer.p12.read_bytes())
        await engine.unlock(customer.p12.name, Secret(customer.p12_password))


class Household:
    """Bank, cloud with one owner, and agent together."""

    def __init__(self, folder: Path, *, transactions: int | None = None, port: int = 0) -> None:
        """Start bank and cloud; the agent's engine starts when it is asked to."""
        with ExitStack() as undo:
            self.bank = Bank(folder, transactions=transactions)
            undo.callback(self.bank.program.stop)
            self.cloud = Cloud(folder, self.bank.catalogue, port=port)
            undo.callback(self.cloud.program.stop)
            self.cloud.add_owner(OWNER, ORGANISATION)
            self.agent = Agent(folder, self.bank.catalogue)
            undo.callback(self.agent.stop)
            self._stop = undo.pop_all()

    def __enter__(self) -> Self:
        """The household at work."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop everything, the agent first: it signs out of the banks."""
        self._stop.close()
