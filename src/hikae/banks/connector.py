"""What a family of banks implements, and what its dialog is given.

A dialog only reads: `presses` and `reaches` are all that it may ever touch.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from hikae.banks.page import Page
from hikae.catalogue.institution import Institution
from hikae.model.account import Account
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import Clock
from hikae.model.secret import Secret
from hikae.model.statement import Statement


@dataclass(frozen=True, slots=True)
class Reach:
    """A place a dialog may send a request to.

    host: `host:port`, or `*` for every host of the institution. path: a regular expression for
    the whole path, without the query. words: what is pressed on the way there, redirects
    included; empty: whatever is pressed, and the first page of all.
    """

    method: str
    host: str
    path: str
    words: frozenset[str] = frozenset()


Login = Mapping[str, Secret]
"""Login information by the name of the institution's login field."""

Reading = Callable[[], Sequence[Statement]]
"""Reads the statements that one inquiry brought, and proves them; raises ProblemError.

It has no part in the dialog, so that another thread can read while the dialog goes on.
"""


class Session(Protocol):
    """One sign-in at one bank, as the dialog sees it."""

    @property
    def login(self) -> Login:
        """What the person gave for this connection."""

    @property
    def institution(self) -> Institution:
        """Whose bank it is."""

    @property
    def clock(self) -> Clock:
        """The present."""

    @property
    def page(self) -> Page:
        """The page that is open now."""

    async def open(self) -> Page:
        """The institution's sign-in page."""

    async def ask(self, challenge: Challenge) -> Answer:
        """Wait for a person's answer; raises ProblemError when there will be none."""

    def counted(self) -> AbstractContextManager[None]:
        """Around sending what a bank counts when it is wrong, so that no lost answer hides it."""

    def step(self, words: str, count: int = 0) -> None:
        """Say what happens now and how many rows were read."""


class Connector(Protocol):
    """The dialog of a family of banks."""

    @property
    def presses(self) -> frozenset[str]:
        """The labels that it may press."""

    @property
    def reaches(self) -> frozenset[Reach]:
        """The places that it may send a request to."""

    async def sign_in(self, session: Session) -> None:
        """Go from the sign-in page to the top page."""

    async def accounts(self, session: Session) -> Sequence[Account]:
        """All accounts that this bank user may see."""

    def statements(
        self, session: Session, accounts: Sequence[Account], since: date
    ) -> AsyncGenerator[Reading, None]:
        """What the bank gives of the days from `since` to today, month by month, still unread."""

    async def sign_out(self, session: Session) -> None:
        """Leave as the bank wants it; called after every sign-in that began, whatever happened."""
