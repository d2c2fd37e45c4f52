"""追加認証: what stands on its page, from the question to what came of the answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from hikae.cloud.connections import states
from hikae.cloud.connections.cards import card
from hikae.cloud.connections.models import Challenge
from hikae.cloud.connections.registered import (
    NewestFetch,
    Registered,
    registered_as,
    waiting_challenge,
)
from hikae.cloud.connections.remarks import Next, Remark, start_again
from hikae.cloud.connections.states import State
from hikae.cloud.pages.language import language
from hikae.cloud.pages.live import print_of
from hikae.cloud.pages.wording import countdown
from hikae.model import problem_texts
from hikae.model.challenge import ChallengeKind
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode

_KINDS = {"iVBOR": "png", "/9j/": "jpeg", "R0lGO": "gif"}
"""How base64 of a picture begins, and what it is then."""


@dataclass(frozen=True, slots=True)
class Panel:
    """asks: a question waits. goes_on: the fetch works, without asking. Otherwise it has ended."""

    state: State
    said: str
    code: str = ""
    bank_words: str = ""
    challenge: Challenge | None = None
    time_left: str = ""
    goes_on: bool = False
    next: Next | None = None

    @property
    def asks(self) -> bool:
        """Whether a question is shown."""
        return self.challenge is not None

    @property
    def one_time(self) -> bool:
        """Whether a one-time password is asked for, so that phones offer the one received."""
        kind = self.challenge.kind if self.challenge else ""
        return kind == ChallengeKind.ONE_TIME_PASSWORD

    @property
    def image(self) -> str:
        """What the bank drew, as a data URL; empty when it drew nothing."""
        drawn = self.challenge.image if self.challenge else ""
        kind = next((kind for start, kind in _KINDS.items() if drawn.startswith(start)), "")
        return f"data:image/{kind};base64,{drawn}" if kind else ""

    @property
    def shown(self) -> str:
        """A print of the panel without its clock."""
        asked = (self.challenge.pk, self.challenge.again) if self.challenge else None
        return print_of((asked, self.state, self.said, self.bank_words, self.next))


def panel(connection_id: UUID, now: datetime) -> Panel:
    """What to show for a registration; raises Connection.DoesNotExist."""
    row = registered_as(connection_id, now)
    challenge = waiting_challenge(connection_id, now)
    if challenge is not None and challenge.sent_at is None:
        left = countdown((challenge.expires_at - now).total_seconds())
        state = states.of_fetch(FetchState.WAITING)
        return Panel(state, "", challenge=challenge, time_left=left)
    if challenge is not None:
        return Panel(states.of_fetch(FetchState.RUNNING), _("銀行へ送りました。"), goes_on=True)
    if row.fetch is not None and not row.fetch.state.final:
        return _going_on(row.fetch)
    return _ended(row, now)


def _going_on(fetch: NewestFetch) -> Panel:
    step = fetch.step or _("銀行にログインしています。追加認証を求められると、この画面に出ます。")
    return Panel(states.of_fetch(fetch.state), step, goes_on=True)


def _ended(row: Registered, now: datetime) -> Panel:
    drawn = card(row, now)
    if drawn.succeeded and drawn.remark is None:
        return Panel(drawn.state, drawn.outcome)
    remark = drawn.remark or _nobody_waits()
    then = drawn.next or (start_again(row.id) if drawn.startable else None)
    return Panel(drawn.state, remark.text, remark.code, remark.bank_words, next=then)


def _nobody_waits() -> Remark:
    texts = problem_texts.texts(ProblemCode.CHALLENGE_TIMEOUT, language())
    return Remark(texts.message, texts.remedy)
