"""A visit: one browser's way through the site, and the doors that let one visit of a user in.

Knows the page shown, the token it carried and who has signed in; nothing of HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509

from hikae.simbank.clock import BankClock
from hikae.simbank.customer import Customer
from hikae.simbank.families.bizsol.addresses import Addresses
from hikae.simbank.families.bizsol.page import Page
from hikae.simbank.institution import Institution
from hikae.simbank.scenarios import Interstitial


class Doors:
    """Who is inside: at most one visit of each user."""

    def __init__(self) -> None:
        self._inside: dict[str, Visit] = {}

    def barred_for(self, visit: Visit) -> timedelta:
        """How long this user is still kept out for having left without ログアウト."""
        other = self._inside.get(visit.user.login_id)
        if other is None:
            return timedelta(0)
        return other.last_seen + visit.bank.lockout - visit.clock.now()

    def enter(self, visit: Visit) -> None:
        """Let a visit in; one of the same user that is still inside is thrown out."""
        other = self._inside.get(visit.user.login_id)
        if other is not None:
            other.thrown_out = True
        self._inside[visit.user.login_id] = visit

    def forget(self, login_id: str) -> None:
        """Nobody of this name is inside."""
        self._inside.pop(login_id, None)

    def leave(self, visit: Visit) -> None:
        """Let a visit out in good order."""
        if self._inside.get(visit.user.login_id) is visit:
            del self._inside[visit.user.login_id]


@dataclass(slots=True, eq=False)
class Visit:
    """What the site remembers of one visit, kept under the session cookie.

    `awaits` is the path of a redirect that the browser has yet to follow, "" when there is none.
    """

    key: str
    bank: Institution
    clock: BankClock
    addresses: Addresses
    doors: Doors
    top_page: Callable[[Visit], Page]
    last_seen: datetime
    host: str = ""
    shown: Page = field(default_factory=lambda: Page("", ""))
    token: str = ""
    awaits: str = ""
    customer: Customer | None = None
    certificate: x509.Certificate | None = None
    revoked: bool = False
    signed_in: bool = False
    thrown_out: bool = False
    wrong_codes: int = 0
    passed: set[Interstitial] = field(default_factory=set)

    @property
    def user(self) -> Customer:
        """The customer; only pages behind the certificate ask."""
        if self.customer is None:
            raise LookupError("nobody has shown a certificate in this visit")
        return self.customer

    def sign_in(self) -> None:
        """Enter, and bring the user's books up to date."""
        self.doors.enter(self)
        self.signed_in = True
        self.user.sign_ins.append(self.clock.now())
        self.user.grow()

    def sign_out(self) -> None:
        """Leave in good order."""
        self.doors.leave(self)
        self.signed_in = False

    def is_idle(self) -> bool:
        """Whether nothing was pressed for longer than the bank allows."""
        return self.clock.now() - self.last_seen > self.bank.idle
