"""登録済一覧: what stands on the card of a registration, and the one thing to do now."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hikae.cloud.connections import states
from hikae.cloud.connections.expiry import ShownCertificate, shown_certificate
from hikae.cloud.connections.registered import Registered, ShownAccount, ShownDevice
from hikae.cloud.connections.states import State
from hikae.cloud.institutions.offer import catalogue, title_of
from hikae.cloud.pages.language import language
from hikae.cloud.pages.live import print_of
from hikae.cloud.pages.wording import whole_minutes
from hikae.model import problem_texts
from hikae.model.fetch import FetchState
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


@dataclass(frozen=True, slots=True)
class Card:
    """A registration as it is drawn."""

    id: UUID
    title: str
    trial: bool
    accounts: tuple[ShownAccount, ...]
    state: State
    outcome: str
    ended_at: datetime | None
    step: str
    rows: int
    running: bool
    succeeded: bool
    last_success: datetime | None
    next_fetch: datetime | None
    certificate: ShownCertificate | None
    device: ShownDevice | None
    stopped: bool
    startable: bool
    may_cancel: bool
    remark: Remark | None
    next: Next | None

    @property
    def shown(self) -> str:
        """The card's id, its state, and a print of all that stands on it."""
        return f"{self.id}.{print_of(self.state)}.{print_of(self)}"

    def has_state_of(self, shown: str) -> bool:
        """Whether a card with this print stands in the same state."""
        return shown.split(".")[1:2] == [print_of(self.state)]

    @property
    def may_fetch(self) -> bool:
        """Whether 再取得 is offered: not where something else must be done first."""
        return self.startable and self.next is None

    @property
    def news(self) -> str:
        """What a screen reader says when the state has changed."""
        said = f"{self.remark.message} {self.remark.remedy}" if self.remark else self.outcome
        return f"{self.title} {self.state.words} {said}"


def card(row: Registered, now: datetime) -> Card:
    """The card of a registration."""
    fetch = row.fetch
    going = fetch is not None and not fetch.state.final
    institution = catalogue().find(row.institution)
    remark, then = _remark(row, now)
    return Card(
        id=row.id,
        title=title_of(row.institution),
        trial=institution is not None and institution.trial is not None,
        accounts=row.accounts,
        state=_state(row),
        outcome=_outcome(row),
        ended_at=_ended_at(row),
        step=fetch.step if fetch else "",
        rows=fetch.rows if fetch else 0,
        running=fetch is not None and fetch.state is FetchState.RUNNING,
        succeeded=fetch is not None and fetch.state is FetchState.DONE,
        last_success=row.last_success,
        next_fetch=None if row.stopped or going else row.next_fetch_at,
        certificate=shown_certificate(row.certificate, now) if row.certificate else None,
        device=row.device,
        stopped=row.stopped,
        startable=_ready(row) and not going,
        may_cancel=going,
        remark=remark,
        next=then,
    )


def start_again(connection_id: UUID) -> Next:
    """A new fetch of which the page 追加認証 shows what the bank asks."""
    address = reverse("connections:start_again", args=[connection_id])
    return Next(_("もう一度始める"), address, posts=True)


def _ready(row: Registered) -> bool:
    return row.device is not None and row.enabled and row.has_login and not row.stopped


def _state(row: Registered) -> State:
    if row.fetch is not None and not row.fetch.state.final:
        return states.of_fetch(row.fetch.state)
    if row.stopped:
        return states.stopped()
    if not _ready(row):
        return states.not_served()
    return states.of_fetch(row.fetch.state) if row.fetch else states.not_yet_fetched()


def _outcome(row: Registered) -> str:
    if row.fetch is None or row.fetch.state is not FetchState.DONE:
        return ""
    added = row.fetch.added
    return ngettext("新しい明細%(n)s件", "新しい明細%(n)s件", added) % {"n": f"{added:,}"}


def _ended_at(row: Registered) -> datetime | None:
    final = row.fetch is not None and row.fetch.state.final
    return row.fetch.at if row.fetch and final and _ready(row) else None


def _remark(row: Registered, now: datetime) -> tuple[Remark | None, Next | None]:
    """What is said below the card and what to do now; the first that applies."""
    if row.challenge_ends is not None:
        minutes = whole_minutes((row.challenge_ends - now).total_seconds())
        waiting = Problem(ProblemCode.CHALLENGE_WAITING, {"minutes": minutes})
        return _told(waiting, "wait"), Next(_("追加認証を入力"), _page("challenge", row))
    if row.fetch is not None and not row.fetch.state.final:
        return _told_while_waiting(row), None
    if row.stopped:
        remark = Remark(_("取得を止めています。"))
        return remark, Next(_("再開"), _page("resume", row), posts=True, urgent=False)
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
    return _told(Problem(ProblemCode.DEVICE_OFFLINE, {"device": row.device.name}), "wait")


def _told_of_trouble(row: Registered) -> tuple[Remark | None, Next | None]:
    failed = row.fetch is not None and row.fetch.state is not FetchState.DONE
    problem = row.problem or (row.fetch.problem if row.fetch and failed else None)
    if problem is not None:
        needs_person = problem_texts.needs_of(problem.code) is Needs.PERSON
        return _told(problem, "fail" if failed else "wait"), _next_after(problem, row, needs_person)
    if not row.enabled and row.device is not None:
        words = _(
            "パソコン %(name)s のHikaeで電子証明書を選び、[取得を有効にする]を選んでください。"
        )
        return Remark(words % {"name": row.device.name}, tone="wait"), None
    return None, None


def _next_after(problem: Problem, row: Registered, urgent: bool) -> Next | None:
    if problem.code in _LOGIN:
        return Next(_("ログイン情報を直す"), _page("edit", row))
    if not _ready(row):
        return None
    if problem.code in _CHALLENGE:
        return start_again(row.id)
    if urgent:
        return Next(_("再取得"), _page("fetch", row), posts=True)
    return None


def _told(problem: Problem, tone: str) -> Remark:
    texts = problem_texts.render(problem, language())
    return Remark(texts.message, texts.remedy, problem.code, problem.bank_words, tone)


def _page(name: str, row: Registered) -> str:
    return reverse(f"connections:{name}", args=[row.id])
