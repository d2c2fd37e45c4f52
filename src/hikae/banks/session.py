"""One sign-in at one bank: what a connector is given to work with.

It joins a driver, which guards what may be pressed and reached, with the login information, the
clock, and the ways to ask a person and to say what happens.
"""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hikae.banks.connector import Connector, Login
from hikae.banks.driver import HttpDriver
from hikae.banks.errors import StalePageError
from hikae.banks.page import Page
from hikae.catalogue.institution import Institution
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import Clock
from hikae.transport.exchange import Transport

Ask = Callable[[Challenge], Awaitable[Answer]]
"""Brings a challenge to a person; raises ProblemError when there will be no answer."""

OnStep = Callable[[str, int], None]
"""Told what happens now, in words for a person, and how many rows were read so far."""

OnCount = Callable[[bool], None]
"""Told True before something is sent that a bank counts when it is wrong, False when it answered.

Without the second nobody knows whether it was counted.
"""


def _not_counted(_unanswered: bool) -> None:
    """Nobody keeps count."""


@dataclass(slots=True)
class BankSession:
    """The `Session` that every connector sees. left: the bank has been left as it wants it."""

    institution: Institution
    login: Login
    clock: Clock
    driver: HttpDriver
    on_ask: Ask
    on_step: OnStep
    on_count: OnCount = _not_counted
    left: bool = False

    @property
    def began(self) -> bool:
        """Whether the bank has shown a page, so that it wants to be left properly."""
        return self.driver.page is not None

    @property
    def page(self) -> Page:
        """The page that is open now."""
        if self.driver.page is None:
            raise StalePageError("")
        return self.driver.page

    async def open(self) -> Page:
        """The institution's sign-in page."""
        return await self.driver.open(self.institution.sign_in)

    async def ask(self, challenge: Challenge) -> Answer:
        """Wait for a person's answer."""
        return await self.on_ask(challenge)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Around sending what a bank counts when it is wrong."""
        self.on_count(True)
        try:
            yield
        finally:
            if not self.driver.unanswered:
                self.on_count(False)

    def step(self, words: str, count: int = 0) -> None:
        """Say what happens now."""
        self.on_step(words, count)


def open_session(
    connector: Connector,
    institution: Institution,
    login: Login,
    transport: Transport,
    *,
    clock: Clock,
    ask: Ask,
    on_step: OnStep,
    on_count: OnCount = _not_counted,
) -> BankSession:
    """A session in which nothing can be pressed or reached but what the connector lists."""
    driver = HttpDriver(transport, institution.hosts, connector.presses, connector.reaches)
    return BankSession(institution, login, clock, driver, ask, on_step, on_count)
