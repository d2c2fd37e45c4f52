"""What the command line prints."""

import io
import json
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from hikae.agent.console import Console
from hikae.agent.engine import (
    CertificateList,
    ChallengeAsked,
    ConnectionState,
    Event,
    FetchChanged,
    LinkChanged,
    Status,
    UnreadableStore,
    Warned,
)
from hikae.agent.events import Events
from hikae.model.challenge import ChallengeKind
from hikae.model.fetch import Counts, FetchState
from hikae.model.language import Language
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CERTIFICATE, CONNECTION, NOW, fetch

TITLE = "北町銀行(電子証明書)"
LOCKED = Problem(ProblemCode.ACCOUNT_LOCKED, bank_words="ご利用停止中です。")
ASKED = ChallengeAsked(
    id=UUID(int=5),
    fetch=UUID(int=1),
    connection=CONNECTION,
    kind=ChallengeKind.ONE_TIME_PASSWORD,
    prompt="6桁の数字を入力してください。",
    code="A7KX",
    expires_at=NOW,
    length=6,
    choices=(),
    again="誤りがあります。",
)
STATE = ConnectionState(
    id=CONNECTION,
    institution="9901",
    title=TITLE,
    sign_in="https://localhost/",
    trial=True,
    enabled=True,
    stopped=False,
    certificate=CERTIFICATE,
    proposed=None,
    candidates=(),
    problem=None,
    last_fetch=None,
    last_success_at=None,
)


class Paper:
    """A console whose two streams can be read."""

    def __init__(self, language: Language = Language.JAPANESE, *, as_json: bool = False) -> None:
        self.out, self.errors = io.StringIO(), io.StringIO()
        self.console = Console(self.out, self.errors, language, as_json=as_json)

    @property
    def lines(self) -> list[str]:
        return self.out.getvalue().splitlines()


def test_a_finished_fetch_says_how_many_rows_are_new() -> None:
    done = replace(fetch(1), counts=Counts(added=12, known=3), rows=15)
    japanese, english = Paper(), Paper(Language.ENGLISH)
    for paper in (japanese, english):
        paper.console.progress(TITLE, done)
    assert japanese.lines == [f"{TITLE}  ✓ 取得完了  新しい明細12件"]
    assert english.lines == [f"{TITLE}  ✓ done  12 new transactions"]


def test_a_problem_is_told_with_its_code_and_the_banks_own_words() -> None:
    paper = Paper()
    failed = replace(fetch(1, state=FetchState.FAILED), problem=LOCKED)
    paper.console.progress(TITLE, failed)
    assert paper.lines == [f"{TITLE}  × 失敗"]
    said = paper.errors.getvalue()
    assert "(account_locked)" in said
    assert "「ご利用停止中です。」" in said


def test_a_question_of_the_bank_shows_the_code_and_what_was_wrong_before() -> None:
    paper = Paper()
    paper.console.challenge(TITLE, ASKED)
    assert paper.lines == [
        f"{TITLE}  銀行が追加認証を求めています [A7KX]",
        "「誤りがあります。」",
        "6桁の数字を入力してください。",
    ]


def test_certificates_and_files_that_cannot_be_opened_are_listed() -> None:
    paper = Paper(Language.ENGLISH)
    unreadable = UnreadableStore("old.p12", Problem(ProblemCode.PIN_WRONG))
    paper.console.certificates(CertificateList((CERTIFICATE,), (unreadable,)))
    first, second = paper.lines
    assert first.startswith(f"{CERTIFICATE.thumbprint}  ok_9901  until ")
    assert second.startswith("old.p12: ")
    assert second.endswith("(pin_wrong)")


def test_a_connection_that_cannot_be_used_says_why() -> None:
    paper = Paper()
    missing = replace(STATE, enabled=False, problem=Problem(ProblemCode.CERTIFICATE_MISSING))
    paper.console.connections([STATE, missing])
    good, bad, reason = paper.lines
    assert good == f"✓ 00000000  {TITLE}  ok_9901"
    assert bad.startswith("– ")
    assert "(certificate_missing)" in reason


def test_lists_that_are_empty_say_so() -> None:
    paper = Paper()
    paper.console.connections([])
    paper.console.certificates(CertificateList((), ()))
    paper.console.nothing_to_fetch()
    paper.console.status(Status(None, False, "", False, 0, 0.0, "1"))
    assert len(paper.lines) == 4
    assert paper.lines[-1] == "登録されていません。"


def test_for_programs_everything_is_a_line_of_json_on_standard_output() -> None:
    paper = Paper(as_json=True)
    paper.console.problem(LOCKED)
    paper.console.progress(TITLE, fetch(1))
    paper.console.challenge(TITLE, ASKED)
    paper.console.connections([STATE])
    kinds = [json.loads(line)["kind"] for line in paper.lines]
    assert kinds == ["problem", "fetch", "challenge", "connections"]
    assert paper.errors.getvalue() == ""


@pytest.mark.parametrize("as_json", [False, True])
async def test_following_ends_with_the_engine(*, as_json: bool) -> None:
    events = Events()
    listener = events.listen()
    told: list[Event] = [
        LinkChanged(True),
        FetchChanged(fetch(1, ago=timedelta(minutes=1))),
        Warned(Problem(ProblemCode.CLOCK_WRONG, {"seconds": 7200})),
    ]
    for event in told:
        events.tell(event)
    events.end()
    paper = Paper(as_json=as_json)
    await paper.console.follow(listener)
    said = paper.lines + paper.errors.getvalue().splitlines()
    assert len(said) >= len(told)
    assert [event async for event in events.listen()] == []
