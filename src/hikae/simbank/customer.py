"""A customer of a simulated bank: credentials, accounts, and what the bank remembers of them.

Everything about a customer follows from the seed and the login ID. Knows scenarios and books,
nothing of pages and connections.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509

from hikae.simbank.business import Size, schedule
from hikae.simbank.clock import BankClock
from hikae.simbank.institution import Institution
from hikae.simbank.ledger import Account, AccountKind, Extract, Ledger
from hikae.simbank.scenarios import Interstitial, Scenario

_KINDS = (AccountKind.ORDINARY, AccountKind.CURRENT, AccountKind.SAVINGS)
_HOLDER = "ｶ)ﾋｶｴｼﾖｳｶｲ"
_FOREVER = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """A client certificate on disk: PKCS#12 (modern, and as old Windows wrote it) and PEM."""

    kind: str
    certificate: x509.Certificate
    p12: Path
    old_p12: Path
    pem: Path
    password: str


class Customer:
    """One user of one bank.

    `password` is what the person believes, `accepted_password` what the bank accepts; they differ
    where the scenario says that it was changed. Call only with the site's lock held or, from
    tests, while no request is under way.
    """

    def __init__(
        self, institution: Institution, scenario: Scenario, seed: str, clock: BankClock, size: Size
    ) -> None:
        self.institution = institution
        self.login_id = f"{scenario.name}_{institution.code}"
        self.scenario = scenario
        self.certificates: dict[str, CertificateFiles] = {}
        self._seed, self._clock, self._size = seed, clock, scenario.size or size
        self.password = "Pw" + self._secret("password")[:8]
        self._original = scenario
        self.opened_at = clock.now()
        self._since = clock.today()
        self.forget()

    def forget(self) -> None:
        """Return to the first day: what the bank remembers and the books begin anew."""
        self._accounts: tuple[Account, ...] = ()
        self.play(self._original)
        self.wrong_passwords = 0
        self.locked = False
        self.codes_used = 0
        self.sign_ins: list[datetime] = []
        self.confirmed: set[Interstitial] = set()
        self.transfers: list[str] = []

    def play(self, scenario: Scenario) -> None:
        """Change to another scenario, from now on."""
        self.scenario = scenario
        self.accepted_password = self.password + ("x" if scenario.password_changed else "")
        self._changed_later = False
        if self._accounts:
            self._prepare()

    @property
    def is_locked(self) -> bool:
        """Whether the bank refuses this user until the branch lifts it."""
        return self.locked or self.scenario.locked

    def one_time_password(self) -> str:
        """The code that the bank accepts next; each is good for one use."""
        digest = self._secret(f"code {self.codes_used}")
        return f"{int(digest, 16) % 1_000_000:06}"

    @property
    def certificate(self) -> CertificateFiles:
        """The certificate this customer uses."""
        return self.certificates["valid" if "valid" in self.certificates else "expired"]

    @property
    def p12(self) -> Path:
        """The PKCS#12 file of the customer's certificate."""
        return self.certificate.p12

    @property
    def p12_password(self) -> str:
        """The password of the PKCS#12 file."""
        return self.certificate.password

    @property
    def accounts(self) -> tuple[Account, ...]:
        """The accounts, opened when somebody first looks; `grow` brings their books up to now."""
        if not self._accounts:
            self._accounts = tuple(self._open_account(n) for n in range(self._size.accounts))
            for account in self._accounts:
                account.ledger.grow(self._clock.now())
            self._prepare()
        return self._accounts

    def account(self, number: str) -> Account:
        """The account of that number; LookupError when there is none."""
        for account in self.accounts:
            if account.number == number:
                return account
        raise LookupError(number)

    def grow(self) -> None:
        """Bring the books up to the bank's clock, with what the scenario changes later."""
        for account in self.accounts:
            account.ledger.grow(self._clock.now())
        is_later = len(self.sign_ins) > 1 or self._clock.today() > self._since
        if self.scenario.later and is_later and not self._changed_later:
            self._changed_later = True
            self.scenario.later(self.accounts[0].ledger)

    def truth(self, first: date = date.min, last: date = _FOREVER) -> list[tuple[Account, Extract]]:
        """What the books really say of a period, account by account."""
        self.grow()
        return [(account, account.ledger.extract(first, last)) for account in self.accounts]

    def _prepare(self) -> None:
        if self.scenario.prepare:
            self.scenario.prepare(self._accounts[0].ledger)

    def _open_account(self, index: int) -> Account:
        kind = _KINDS[index % len(_KINDS)]
        branch = self.institution.branches[index % len(self.institution.branches)]
        secret = self._secret(f"account {index}")
        number = f"{int(secret[:16], 16) % 9_000_000 + 1_000_000}"
        opening = 2_000_000 + int(secret[16:32], 16) % 6_000_000
        start = self._since - timedelta(days=self._size.days)
        seed = f"{self._seed} {self.login_id} {number}"
        book = Ledger(opening, schedule(seed, kind, opening, start, self._size))
        return Account(branch, kind, number, _HOLDER, book)

    def _secret(self, purpose: str) -> str:
        return sha256(f"{self._seed} {self.login_id} {purpose}".encode()).hexdigest()
