"""From the sign-in page of a BizSOL bank to its top page.

Between password and top page a bank may show any number of pages. What offers to be passed is
passed; what asks for an answer is asked of a person; everything else ends the visit with the exact
Problem, because nothing is ever changed or confirmed on a person's behalf.
"""

import asyncio
import re
import unicodedata

from hikae.banks.bizsol.refusals import meaning, quoted, refusal
from hikae.banks.bizsol.words import Buttons, Fields
from hikae.banks.connector import Session
from hikae.banks.errors import BankError, LoginIncompleteError
from hikae.banks.labels import fold, spellings
from hikae.banks.page import Page
from hikae.model.challenge import Answer, Challenge, ChallengeKind
from hikae.model.problems import Problem, ProblemCode, ProblemError

_MOST_INTERSTITIALS = 15
_REGISTRATION = re.compile(
    r"(利用|開始|回答|アドレス|トークン).*(登録|発行|訂正)|開通確認|初期登録"
)
_PASSWORD_CHANGE = re.compile(r"パスワード.*(変更|期限|更新)")
_NOTICE = re.compile(r"お知らせ|ご案内|重要|同意")
_DIGITS = re.compile(r"(\d{1,2})\s*桁")


class SignIn:
    """The way in, with the words of one bank."""

    def __init__(self, session: Session, buttons: Buttons, fields: Fields) -> None:
        """Prepare; nothing is sent yet."""
        self._session = session
        self._buttons = buttons
        self._fields = fields

    async def run(self) -> None:
        """Sign in; the top page is open then. Raises ProblemError."""
        page = await self._give_password(await self._show_certificate())
        self._check_accepted(page)
        for _ in range(_MOST_INTERSTITIALS):
            if self._is_top(page):
                return
            page = await self._pass(page)
        raise refusal(page)

    async def _show_certificate(self) -> Page:
        self._session.step("ログイン画面")
        page = await self._session.open()
        if not page.offers(self._buttons.certificate_login):
            raise refusal(page)
        self._session.step("電子証明書")
        return await page.press(self._buttons.certificate_login, near="電子証明書")

    async def _give_password(self, page: Page) -> Page:
        if not page.asks(self._fields.password):
            raise _obstacle(page)
        self._session.step("ログインパスワード")
        password = self._session.login.get("password")
        if password is None:
            raise LoginIncompleteError("password")
        page.fill(self._fields.password, password)
        try:
            with self._session.counted():
                return await page.press(self._buttons.log_in)
        except asyncio.CancelledError:
            if self._session.page is not page:  # the bank has counted it nevertheless
                self._check_accepted(self._session.page)
            raise

    def _check_accepted(self, page: Page) -> None:
        """Raise BankError where the bank asks for the password again."""
        if page.asks(self._fields.password) and len(page.blanks) == 1:
            raise _rejected(page)

    def _is_top(self, page: Page) -> bool:
        menu = (*self._buttons.inquiries, *self._buttons.statements)
        return page.offers(self._buttons.log_out) and page.offers(menu)

    async def _pass(self, page: Page) -> Page:
        """One page between password and top page."""
        if page.status >= 400:
            raise refusal(page)
        if label := self._challenge(page):
            return await self._answer(page, label)
        if (passed := await self._decline(page)) is not None:
            return passed
        if page.offers(self._buttons.onward) and not _wants_something(page):
            return await page.press(self._buttons.onward)
        raise _obstacle(page)

    def _challenge(self, page: Page) -> tuple[str, ...]:
        """The label of the one thing that the page asks for, if a person can answer it."""
        if len(page.blanks) != 1 or _REGISTRATION.search(page.heading):
            return ()
        labels = (self._fields.one_time_password, self._fields.question)
        return next((label for label in labels if page.asks(label)), ())

    async def _answer(self, page: Page, label: tuple[str, ...]) -> Page:
        """Ask a person, and again with the bank's words as long as the bank asks again."""
        again = ""
        while True:
            self._session.step("追加認証")
            answer = await self._ask(self._asked(page, label, again))
            page.fill(label, answer.text)
            page = await page.press(self._buttons.answer)
            if self._challenge(page) != label:
                return page
            again = _refused_words(page)

    async def _ask(self, challenge: Challenge) -> Answer:
        """A person's answer; where none follows a wrong one, that is what the visit came to."""
        try:
            return await self._session.ask(challenge)
        except (ProblemError, asyncio.CancelledError):
            if challenge.again:  # the bank has counted it
                problem = Problem(ProblemCode.CHALLENGE_WRONG, bank_words=challenge.again)
                raise BankError(problem) from None
            raise

    def _asked(self, page: Page, label: tuple[str, ...], again: str) -> Challenge:
        sentences = quoted(page).splitlines()
        prompt = "\n".join(each for each in sentences if each != again) or page.heading
        said = _DIGITS.search(unicodedata.normalize("NFKC", prompt))
        widest = page.fields(label)[0].maximum
        one_time = label == self._fields.one_time_password
        kind = ChallengeKind.ONE_TIME_PASSWORD if one_time else ChallengeKind.QUESTION
        return Challenge(kind, prompt, length=int(said[1]) if said else widest, again=again)

    async def _decline(self, page: Page) -> Page | None:
        """Leave as it is what the bank only proposes to change."""
        if page.offers(self._buttons.decline):
            return await page.press(self._buttons.decline)
        declining = set(spellings(self._buttons.decline))
        for choice in page.choices:
            for option in choice.options:
                if fold(option) in declining and page.offers(self._buttons.onward):
                    page.choose(choice, option)
                    return await page.press(self._buttons.onward)
        return None


def _wants_something(page: Page) -> bool:
    """Whether a person is to type, choose or confirm something before going on."""
    return bool(page.blanks or page.choices) or bool(_REGISTRATION.search(page.heading))


def _rejected(page: Page) -> BankError:
    """The password page came back: whatever the words, the password is not tried again."""
    error = refusal(page)
    if error.problem.code is ProblemCode.SITE_CHANGED:
        return BankError(Problem(ProblemCode.WRONG_PASSWORD, bank_words=quoted(page)))
    return error


def _refused_words(page: Page) -> str:
    lines = page.text.splitlines()
    return next((line for line in lines if meaning(line) is ProblemCode.CHALLENGE_WRONG), "")


def _obstacle(page: Page) -> BankError:
    """What a page stands for that only a person can deal with, at the bank itself.

    A page that is wholly blank is how some banks answer a certificate that they do not accept.
    """
    if page.status == 200 and not page.text:
        return BankError(Problem(ProblemCode.CERTIFICATE_REJECTED, {"page": "blank"}))
    kinds = (
        (_REGISTRATION, ProblemCode.REGISTRATION_REQUIRED),
        (_PASSWORD_CHANGE, ProblemCode.PASSWORD_CHANGE_REQUIRED),
        (_NOTICE, ProblemCode.NOTICE_PENDING),
    )
    if meaning(page.heading) is None:
        for pattern, code in kinds:
            if pattern.search(page.heading):
                return BankError(Problem(code, {"heading": page.heading}, quoted(page)))
    return refusal(page)
