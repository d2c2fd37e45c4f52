"""The engine as desktop and command line see it: plain values in, plain values and events out."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from hikae.agent.timetable import Plan
from hikae.link.authkey import AuthKey
from hikae.link.messages import DeviceState
from hikae.model.account import Account
from hikae.model.certificate import Certificate
from hikae.model.challenge import Answer, ChallengeKind
from hikae.model.fetch import Fetch, Trigger
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret
from hikae.model.statement import Period


class EngineError(ProblemError):
    """What was asked cannot be done; the Problem says why."""


class NotEnrolledError(EngineError):
    """This PC has no confirmed device yet."""

    def __init__(self) -> None:
        """Always device_released: there is nothing this PC is enrolled for."""
        super().__init__(Problem(ProblemCode.DEVICE_RELEASED))


@dataclass(frozen=True, slots=True)
class ConnectionState:
    """A connection on this PC.

    title: the institution's name with 「(電子証明書)」. certificate: the chosen one; proposed: what
    `select` would take without asking. candidates: what a person may choose from. problem: why
    the row cannot be used. next_fetch_at: when it is fetched by itself.
    """

    id: UUID
    institution: str
    title: str
    sign_in: str
    trial: bool
    enabled: bool
    stopped: bool
    certificate: Certificate | None
    proposed: Certificate | None
    candidates: tuple[Certificate, ...]
    problem: Problem | None
    last_fetch: Fetch | None
    last_success_at: datetime | None
    next_fetch_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnreadableStore:
    """A file of certificates that cannot be opened, and why."""

    name: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class CertificateList:
    """What the certificate sources of this PC show."""

    certificates: tuple[Certificate, ...]
    unreadable: tuple[UnreadableStore, ...]


@dataclass(frozen=True, slots=True)
class Status:
    """How the engine is.

    linked: the cloud can reach it at once. unsent: statements waiting. clock_offset: seconds that
    the cloud's clock is ahead. ended: why the cloud ended the enrolment, until there is a new one.
    untold: clouds that have not heard yet that this PC has left them. refused_messages: how much
    of what the cloud said since the start was not taken. refused_statements: what the cloud did
    not take. fetches_ended: how many since the start, by `done` or the problem's code.
    """

    device: DeviceState | None
    confirmed_here: bool
    origin: str
    linked: bool
    unsent: int
    clock_offset: float
    version: str
    ended: Problem | None = None
    untold: int = 0
    refused_messages: int = 0
    refused_statements: int = 0
    fetches_ended: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RefusedStatement:
    """A statement that the cloud will not take, and why; it is kept here."""

    id: UUID
    connection: UUID
    account: Account
    period: Period | None
    rows: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class FetchChanged:
    """A fetch has moved on."""

    fetch: Fetch


@dataclass(frozen=True, slots=True)
class ChallengeAsked:
    """A dialog waits for a person; code: the short code shown in the cloud too."""

    id: UUID
    fetch: UUID
    connection: UUID
    kind: ChallengeKind
    prompt: str
    code: str
    expires_at: datetime
    length: int | None
    choices: tuple[str, ...]
    again: str


@dataclass(frozen=True, slots=True)
class ChallengeEnded:
    """Nobody needs to answer this any more."""

    id: UUID


@dataclass(frozen=True, slots=True)
class ConnectionsChanged:
    """The list of connections is worth reading again."""


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """The link to the cloud came up or went down."""

    linked: bool


@dataclass(frozen=True, slots=True)
class DeviceChanged:
    """The cloud said something new of this device; None: no longer enrolled."""

    device: DeviceState | None


@dataclass(frozen=True, slots=True)
class Reminded:
    """It is time for a connection whose bank asks for something every time: a person begins it."""

    connection: UUID


@dataclass(frozen=True, slots=True)
class Warned:
    """Something works, but a person should know (a clock that is off)."""

    problem: Problem


Event = (
    FetchChanged
    | ChallengeAsked
    | ChallengeEnded
    | ConnectionsChanged
    | LinkChanged
    | DeviceChanged
    | Reminded
    | Warned
)


class Engine(Protocol):
    """One engine of one profile, in this process (`LocalEngine`) or another (`RemoteEngine`).

    Every method raises ProblemError.
    """

    async def enrol(self, key: AuthKey) -> DeviceState:
        """Introduce this PC to the key's cloud; it then waits to be confirmed on both sides."""

    async def confirm(self, *, same: bool) -> None:
        """The person here has compared the fingerprint; not the same: the enrolment is undone."""

    async def status(self) -> Status:
        """How things stand."""

    async def certificates(self) -> CertificateList:
        """Read the certificate sources again."""

    async def unlock(self, name: str, password: Secret) -> None:
        """Keep the password of a certificate file in the keyring, when it opens the file."""

    async def connections(self) -> Sequence[ConnectionState]:
        """All connections of this PC, read from the cloud again where it can be reached."""

    async def select(self, connection: UUID, thumbprint: str) -> None:
        """Choose the certificate of a connection."""

    async def enable(self, connection: UUID, *, on: bool) -> None:
        """取得を有効にする; takes the proposed certificate when none was chosen."""

    async def fetch(self, connections: Sequence[UUID], trigger: Trigger) -> Sequence[UUID]:
        """Queue fetches of these connections (of all enabled ones, if empty); their ids."""

    async def fetch_state(self, fetch: UUID) -> Fetch | None:
        """One fetch as it stands."""

    async def challenges(self) -> Sequence[ChallengeAsked]:
        """What waits for an answer now."""

    async def answer(self, challenge: UUID, answer: Answer) -> None:
        """Answer a waiting challenge."""

    async def cancel(self, fetch: UUID) -> None:
        """Stop a fetch; it signs out cleanly."""

    async def plan(self) -> Plan:
        """When connections are fetched by themselves."""

    async def set_plan(self, plan: Plan) -> None:
        """Fetch by another plan from now on; kept in the settings."""

    async def send_unsent(self) -> int:
        """Try to deliver now; how many statements still wait."""

    async def refused_statements(self) -> Sequence[RefusedStatement]:
        """What the cloud will not take, oldest first."""

    async def send_refused(self) -> int:
        """Offer it to the cloud once more; how many statements it still refuses."""

    async def set_aside(self, folder: str) -> Sequence[str]:
        """Write it to files in a folder of this PC and keep it here no longer; the files."""

    async def renew_keys(self) -> DeviceState:
        """Give this device new keys; the fingerprint changes, all else goes on."""

    async def release(self) -> None:
        """登録を解除: forget keys and data here, tell the cloud (later, if it is out of reach)."""

    def events(self) -> AsyncIterator[Event]:
        """What happens from now on."""
