"""The BizSOL connector: sign in, accounts, statements, sign out."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from datetime import date

from hikae.banks.bizsol.inquiry import Inquiry
from hikae.banks.bizsol.sign_in import SignIn
from hikae.banks.bizsol.words import PRESSES, REACHES, words_of
from hikae.banks.connector import Reach, Reading, Session
from hikae.model.account import Account


@dataclass(frozen=True, slots=True)
class BizsolConnector:
    """The dialog of the family; it keeps nothing between visits."""

    presses: frozenset[str] = PRESSES
    reaches: frozenset[Reach] = REACHES

    async def sign_in(self, session: Session) -> None:
        """Go to the top page; see `SignIn`."""
        await SignIn(session, *words_of(session.institution)).run()

    async def accounts(self, session: Session) -> Sequence[Account]:
        """The accounts that the inquiry offers to this bank user."""
        return await Inquiry(session, *words_of(session.institution)).accounts()

    def statements(
        self, session: Session, accounts: Sequence[Account], since: date
    ) -> AsyncGenerator[Reading, None]:
        """Statements by month; see `Inquiry`."""
        inquiry = Inquiry(session, *words_of(session.institution))
        return inquiry.statements(accounts, since)

    async def sign_out(self, session: Session) -> None:
        """Press ログアウト, and once more where the bank asks whether it is meant."""
        buttons, _ = words_of(session.institution)
        session.step("ログアウト")
        page = session.page
        for _ in range(2):
            if page.offers(buttons.log_out):
                page = await page.press(buttons.log_out)
