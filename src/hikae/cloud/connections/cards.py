"""登録済一覧: what stands on the card of a registration."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import ngettext

from hikae.cloud.connections import states
from hikae.cloud.connections.expiry import ShownCertificate, shown_certificate
from hikae.cloud.connections.losing import Losing, losing
from hikae.cloud.connections.registered import Registered, RegisteredAccount, ServingDevice
from hikae.cloud.connections.remarks import Next, Remark, remark_on
from hikae.cloud.connections.states import State
from hikae.cloud.institutions.offer import catalogue, title_of
from hikae.cloud.pages.live import print_of
from hikae.model.clock import japan_day
from hikae.model.fetch import FetchState


@dataclass(frozen=True, slots=True)
class Card:
    """A registration as it is drawn."""

    id: UUID
    title: str
    trial: bool
    accounts: tuple[RegisteredAccount, ...]
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
    device: ServingDevice | None
    stopped: bool
    by_file: bool
    institution: str
    startable: bool
    may_cancel: bool
    remark: Remark | None
    next: Next | None
    losing: Losing | None = None

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
        said = self.remark.text if self.remark else self.outcome
        return f"{self.title} {self.state.words} {said}"


def card(row: Registered, now: datetime) -> Card:
    """The card of a registration."""
    fetch = row.fetch
    going = fetch is not None and not fetch.state.final
    institution = catalogue().find(row.institution)
    remark, then = remark_on(row, now)
    return Card(
        id=row.id,
        title=title_of(row.institution, row.bank_name),
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
        next_fetch=row.next_fetch_at if row.ready and not going else None,
        certificate=shown_certificate(row.certificate, now) if row.certificate else None,
        device=row.device,
        stopped=row.stopped,
        by_file=row.by_file,
        institution=row.institution,
        startable=row.ready and not going,
        may_cancel=going,
        remark=remark,
        next=then,
        losing=losing(row, institution, japan_day(now)),
    )


def _state(row: Registered) -> State:
    if row.fetch is not None and not row.fetch.state.final:
        return states.of_fetch(row.fetch.state)
    if row.by_file:
        return states.by_file()
    if row.stopped:
        return states.stopped()
    if not row.ready:
        return states.not_served()
    return states.of_fetch(row.fetch.state) if row.fetch else states.not_yet_fetched()


def _outcome(row: Registered) -> str:
    if row.fetch is None or row.fetch.state is not FetchState.DONE:
        return ""
    added = row.fetch.added
    return ngettext("新しい明細%(n)s件", "新しい明細%(n)s件", added) % {"n": f"{added:,}"}


def _ended_at(row: Registered) -> datetime | None:
    final = row.fetch is not None and row.fetch.state.final
    return row.fetch.at if row.fetch and final and row.ready else None
