"""What is said of a registration beside its state, and the one thing to do now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from hikae.cloud.connections.registered import Registered
from hikae.cloud.pages.language import language
from hikae.cloud.pages.wording import whole_minutes
from hikae.cloud.plans.holding import plan_required
from hikae.model import problem_texts
from hikae.model.fetch import FetchState
from hikae.model.language import Language
from hikae.model.problems import Needs, Problem, ProblemCode

_LOGIN = {
    ProblemCode.WRONG_PASSWORD,
    ProblemCode.ACCOUNT_LOCKED,
    ProblemCode.PASSWORD_CHANGE_REQUIRED,
}
_CHALLENGE = {
    ProblemCode.CHALLENGE_WAITING,
    ProblemCode.CHALLENGE_WRONG,
    ProblemCode.CHALLENGE_TIMEOUT,
}


@dataclass(frozen=True, slots=True)
class Next:
    """What to do now. posts: a button that does it, else a link. urgent: it waits for a person."""

    words: str
    address: str
    posts: bool = False
    urgent: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """What happened and what to do about it; code: to quote; bank_words: what the bank said."""

    message: str
    remedy: str = ""
    code: str = ""
    bank_words: str = ""
    tone: str = ""

    @property
    def text(self) -> str:
        """Message and remedy as one text; Japanese sentences follow each other without a space."""
        between = "" if language() is Language.JAPANESE else " "
        return between.join(part for part in (self.message, self.remedy) if part)


def remark_on(row: Registered, now: datetime) -> tuple[Remark | None, Next | None]:
    """What is said below the card and what to do now; the first that applies."""
    if row.challenge_ends is not None:
        minutes = whole_minutes((row.challenge_ends - now).total_seconds())
        waiting = Problem(ProblemCode.CHALLENGE_WAITING, {"minutes": minutes})
        return told(waiting, "wait"), Next(_("追加認証を入力"), _page("challenge", row))
    if row.fetch is not None and not row.fetch.state.final:
        return _told_while_waiting(row), None
    if row.by_file:
        remark = Remark(_("自動では取得しません。銀行から取ったファイルを取り込みます。"))
        address = f"{reverse('imports:files')}?institution={row.institution}"
        return remark, Next(_("ファイル取込"), address, urgent=False)
    if row.stopped:
        remark = Remark(_("取得を止めています。"))
        return remark, Next(_("再開"), _page("resume", row), posts=True, urgent=False)
    if not row.plan_allows:
        return told(plan_required(), "wait"), Next(_("プランを見る"), reverse("plans:plans"))
    if row.device is None:
        remark = Remark(_("取得するパソコンがまだありません。"), tone="wait")
        return remark, Next(_("連携ソフトで設定する"), reverse("devices:device"))
    if not row.has_login:
        remark = Remark(_("このパソコンのためのログイン情報がありません。"), tone="wait")
        return remark, Next(_("ログイン情報を入力"), _page("edit", row))
    return _told_of_trouble(row)


def _told_while_waiting(row: Registered) -> Remark | None:
    """A fetch that waits for a PC that is off says which one to switch on."""
    queued = row.fetch is not None and row.fetch.state is FetchState.QUEUED
    if not queued or row.device is None or row.device.on:
        return None
    return told(Problem(ProblemCode.DEVICE_OFFLINE, {"device": row.device.name}), "wait")


def _told_of_trouble(row: Registered) -> tuple[Remark | None, Next | None]:
    failed = row.fetch is not None and row.fetch.state is not FetchState.DONE
    problem = row.problem or (row.fetch.problem if row.fetch and failed else None)
    if problem is not None:
        needs_person = problem_texts.needs_of(problem.code) is Needs.PERSON
        return told(problem, "fail" if failed else "wait"), _next_after(problem, row, needs_person)
    if not row.enabled and row.device is not None:
        words = _(
            "パソコン %(name)s のHikaeで電子証明書を選び、[取得を有効にする]を選んでください。"
        )
        return Remark(words % {"name": row.device.name}, tone="wait"), None
    return None, None


def _next_after(problem: Problem, row: Registered, urgent: bool) -> Next | None:
    if problem.code in _LOGIN:
        return Next(_("ログイン情報を直す"), _page("edit", row))
    if not row.ready:
        return None
    if problem.code in _CHALLENGE:
        return start_again(row.id)
    if urgent:
        return Next(_("再取得"), _page("fetch", row), posts=True)
    return None


def told(problem: Problem, tone: str = "") -> Remark:
    """A problem in the reader's language."""
    texts = problem_texts.render(problem, language())
    return Remark(texts.message, texts.remedy, problem.code, problem.bank_words, tone)


def _page(name: str, row: Registered) -> str:
    return reverse(f"connections:{name}", args=[row.id])


def start_again(connection_id: UUID) -> Next:
    """A new fetch of which the page 追加認証 shows what the bank asks."""
    address = reverse("connections:start_again", args=[connection_id])
    return Next(_("もう一度始める"), address, posts=True)
