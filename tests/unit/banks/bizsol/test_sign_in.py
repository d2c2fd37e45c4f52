"""Between password and top page: pass what offers to be passed, ask, or stop."""

import asyncio
from datetime import UTC, datetime

import pytest

from hikae.banks.bizsol.connector import BizsolConnector
from hikae.banks.rehearsal import Scripted, page
from hikae.banks.session import BankSession, open_session
from hikae.catalogue.institution import Institution, LoginField
from hikae.model.challenge import Answer, Challenge, ChallengeKind
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret
from hikae.transport.exchange import Request, Response, Sink

SIGN_IN = "https://localhost:1/9901c/rblgi01/I1RBLGI01-S01.do"
BANK = Institution(
    "9901",
    "北町銀行",
    "キタマチ",
    "bizsol",
    SIGN_IN,
    ("localhost:1",),
    (LoginField("password", "p"),),
)


def screen(heading: str, inside: str, *buttons: str) -> Response:
    pressed = "".join(f"<input type=submit name=b value={label}>" for label in buttons)
    form = f"<form method=post action=BLGI002-BLGI002Next.do>{inside}{pressed}</form>"
    return page(f"<h1>{heading}</h1>{form}")


FIRST = screen("[BLGI001]ログイン", "", "電子証明書ログイン")
PASSWORD = screen("ログイン", "ログインパスワード<input type=password name=p>", "ログイン")
TOP = screen("[BTOP001]トップページ", "", "明細照会", "振込振替", "ログアウト")


class NobodyAnsweredError(ProblemError):
    """Nobody has answered in time."""

    def __init__(self) -> None:
        super().__init__(Problem(ProblemCode.CHALLENGE_TIMEOUT))


class Visit:
    def __init__(
        self,
        *answers: Response,
        replies: tuple[str, ...] = (),
        then: type[BaseException] = AssertionError,
    ) -> None:
        """`then`: what comes of a question when there are no more replies."""
        self.transport = Scripted(*answers)
        self.challenges: list[Challenge] = []
        self.counts: list[bool] = []
        self._replies = list(replies)
        self._then = then

    async def ask(self, challenge: Challenge) -> Answer:
        self.challenges.append(challenge)
        if not self._replies:
            raise self._then
        return Answer(Secret(self._replies.pop(0)))

    async def sign_in(self) -> BankSession:
        connector = BizsolConnector()
        session = open_session(
            connector,
            BANK,
            {"password": Secret("Pass+1")},
            self.transport,
            clock=lambda: datetime(2026, 11, 24, tzinfo=UTC),
            ask=self.ask,
            on_step=lambda _words, _count: None,
            on_count=self.counts.append,
        )
        await connector.sign_in(session)
        return session

    @property
    def sent(self) -> list[bytes | None]:
        return [request.body for request in self.transport.sent]


async def test_only_the_login_password_is_given() -> None:
    visit = Visit(FIRST, PASSWORD, TOP)
    session = await visit.sign_in()
    assert visit.counts == [True, False]
    assert session.page.heading == "[BTOP001]トップページ"
    assert visit.sent[2] == b"p=Pass%2B1&b=%E3%83%AD%E3%82%B0%E3%82%A4%E3%83%B3"


async def test_the_certificate_side_is_chosen_where_both_sides_say_the_same() -> None:
    first = page(
        "<table><tr><td>ID・パスワード方式<form method=post action=BLGI001-BLGI001Id.do>"
        "ログインID<input name=i><input type=submit value=ログイン></form></td>"
        "<td>電子証明書方式<form method=post action=BLGI001-BLGI001Cert.do>"
        "<input type=submit value=ログイン></form></td></tr></table>"
    )
    visit = Visit(first, PASSWORD, TOP)
    await visit.sign_in()
    assert visit.transport.sent[1].url.endswith("/BLGI001-BLGI001Cert.do")


@pytest.mark.parametrize(
    "proposal",
    [
        screen("お知らせ", "<p>年末年始のお知らせです。</p>", "次へ"),
        screen("パスワード期限切れ", "新しいパスワード<input name=n>", "変更する", "変更しない"),
        screen(
            "パスワード期限切れ",
            "<input type=radio name=c value=1>変更する<input type=radio name=c value=0>変更しない",
            "次へ",
        ),
        screen("電子証明書更新のお知らせ", "", "更新", "後で"),
    ],
)
async def test_what_offers_to_be_passed_is_passed_unchanged(proposal: Response) -> None:
    visit = Visit(FIRST, PASSWORD, proposal, TOP)
    session = await visit.sign_in()
    assert session.page.heading == "[BTOP001]トップページ"
    assert b"c=1" not in (visit.sent[3] or b"")


@pytest.mark.parametrize(
    ("obstacle", "code"),
    [
        (
            screen("重要なお知らせ", "<input type=checkbox name=ok>確認しました", "次へ"),
            ProblemCode.NOTICE_PENDING,
        ),
        (screen("重要なお知らせ", "", "同意する"), ProblemCode.NOTICE_PENDING),
        (
            screen("パスワード変更", "新しいログインパスワード<input name=n>", "次へ"),
            ProblemCode.PASSWORD_CHANGE_REQUIRED,
        ),
        (
            screen(
                "パスワード変更", "ログインパスワード<input name=o> 新<input name=n>", "変更する"
            ),
            ProblemCode.PASSWORD_CHANGE_REQUIRED,
        ),
        (
            screen("[BLGI021]トランザクション認証利用開始登録選択", "", "次へ"),
            ProblemCode.REGISTRATION_REQUIRED,
        ),
        (
            screen(
                "ワンタイムパスワード利用登録", "ワンタイムパスワード<input name=o>", "認証確認"
            ),
            ProblemCode.REGISTRATION_REQUIRED,
        ),
        (screen("メールアドレス訂正", "<input name=m>", "次へ"), ProblemCode.REGISTRATION_REQUIRED),
        (
            screen("アンケート", "<p>ご意見をお聞かせください。</p>", "回答する"),
            ProblemCode.SITE_CHANGED,
        ),
        (page(""), ProblemCode.CERTIFICATE_REJECTED),
    ],
)
async def test_what_only_a_person_can_deal_with_ends_the_visit(
    obstacle: Response, code: ProblemCode
) -> None:
    visit = Visit(FIRST, PASSWORD, obstacle)
    with pytest.raises(ProblemError) as caught:
        await visit.sign_in()
    assert caught.value.problem.code is code
    assert len(visit.sent) == 3


async def test_a_question_is_asked_as_the_bank_words_it() -> None:
    question = screen(
        "追加認証", "<p>母の旧姓は何ですか?</p>回答<input name=a maxlength=10>", "認証"
    )
    visit = Visit(FIRST, PASSWORD, question, TOP, replies=("たなか",))
    await visit.sign_in()
    [challenge] = visit.challenges
    assert challenge.kind is ChallengeKind.QUESTION
    assert challenge.prompt == "母の旧姓は何ですか?"
    assert challenge.length == 10


CODE = screen(
    "認証確認", "<p>数字を入力してください。</p>ワンタイムパスワード<input name=o>", "認証確認"
)
AGAIN = screen(
    "認証確認",
    "<p>ワンタイムパスワードに誤りがあります。</p><p>数字を入力してください。</p>"
    "ワンタイムパスワード<input name=o>",
    "認証確認",
)


@pytest.mark.parametrize("way", [NobodyAnsweredError, asyncio.CancelledError])
async def test_a_wrong_answer_that_no_right_one_follows_is_what_the_visit_came_to(
    way: type[BaseException],
) -> None:
    visit = Visit(FIRST, PASSWORD, CODE, AGAIN, replies=("111111",), then=way)
    with pytest.raises(ProblemError) as caught:
        await visit.sign_in()
    assert caught.value.problem.code is ProblemCode.CHALLENGE_WRONG
    assert "誤りがあります" in caught.value.problem.bank_words
    assert [bool(each.again) for each in visit.challenges] == [False, True]


@pytest.mark.parametrize("way", [NobodyAnsweredError, asyncio.CancelledError])
async def test_a_question_that_nobody_answers_is_not_blamed(way: type[BaseException]) -> None:
    visit = Visit(FIRST, PASSWORD, CODE, then=way)
    with pytest.raises(way):
        await visit.sign_in()


async def test_a_bank_that_asks_no_more_has_taken_too_many_wrong_answers() -> None:
    over = screen("ワンタイムパスワード認証エラー", "<p>認証に規定回数失敗しました。</p>")
    visit = Visit(FIRST, PASSWORD, CODE, over, replies=("111111",))
    with pytest.raises(ProblemError) as caught:
        await visit.sign_in()
    assert caught.value.problem.code is ProblemCode.CHALLENGE_WRONG


class Lost(Scripted):
    """A way on which the answer to the password is lost."""

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        response = await super().send(request, sink)
        if b"Pass" in (request.body or b""):
            raise ProblemError(Problem(ProblemCode.BANK_UNREACHABLE))
        return response


async def test_a_password_to_which_no_answer_comes_may_have_been_counted() -> None:
    visit = Visit()
    visit.transport = Lost(FIRST, PASSWORD, TOP)
    with pytest.raises(ProblemError):
        await visit.sign_in()
    assert visit.counts == [True]


class CancelledWhileSending(Scripted):
    """Has the visit cancelled while its password is on the way."""

    visit: asyncio.Task[object]

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        if len(self.sent) == 2:
            self.visit.cancel()
            await asyncio.sleep(0)
        return await super().send(request, sink)


@pytest.mark.parametrize(
    ("answer", "error"), [(PASSWORD, ProblemError), (TOP, asyncio.CancelledError)]
)
async def test_a_rejection_that_comes_while_the_visit_is_cancelled_is_not_lost(
    answer: Response, error: type[BaseException]
) -> None:
    visit = Visit()
    visit.transport = transport = CancelledWhileSending(FIRST, PASSWORD, answer)
    transport.visit = asyncio.create_task(visit.sign_in())
    with pytest.raises(error) as caught:
        await transport.visit
    assert len(visit.sent) == 3
    if isinstance(caught.value, ProblemError):
        assert caught.value.problem.code is ProblemCode.WRONG_PASSWORD


async def test_a_transaction_authentication_is_never_answered() -> None:
    code = screen(
        "[BLGI023]トランザクション認証", "トランザクション認証番号<input name=c>", "認証確認"
    )
    visit = Visit(FIRST, PASSWORD, code)
    with pytest.raises(ProblemError) as caught:
        await visit.sign_in()
    assert caught.value.problem.code is ProblemCode.SITE_CHANGED
    assert visit.challenges == []


async def test_the_password_page_coming_back_is_a_wrong_password_whatever_it_says() -> None:
    visit = Visit(FIRST, PASSWORD, PASSWORD)
    with pytest.raises(ProblemError) as caught:
        await visit.sign_in()
    assert caught.value.problem.code is ProblemCode.WRONG_PASSWORD
    assert len(visit.sent) == 3


async def test_a_page_that_never_ends_ends_the_visit() -> None:
    visit = Visit(FIRST, PASSWORD, screen("お知らせ", "", "次へ"))
    with pytest.raises(ProblemError):
        await visit.sign_in()
