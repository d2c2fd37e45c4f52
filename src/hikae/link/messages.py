"""The messages between agent and cloud, as they stand on the wire.

Two directions over one WebSocket, and the bodies of the requests below `/agent/v1`. Everything is
JSON; unknown fields are ignored, unknown kinds refused. No message from the cloud carries a host,
path, code, authority, proxy or limit.
"""

from dataclasses import astuple
from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta, Struct

from hikae.model.account import Account
from hikae.model.clock import Moment
from hikae.model.fetch import Counts, FetchState, Trigger
from hikae.model.problems import Problem
from hikae.model.statement import Channel, Period, Transaction

PROTOCOL = 1
"""The newest protocol version that this code speaks."""

OLDEST_PROTOCOL = 1
"""The oldest protocol version that this code still speaks."""

PART_ROWS = 500
"""Transactions in one part of a delivered statement."""

MOST_ROWS = 10_000_000
"""More rows than any statement has."""

MOST_CONNECTIONS = 5_000
"""Connections that one device serves at most."""

MOST_ACCOUNTS = 1_000
"""Accounts of one connection that may be left out."""

Short = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=2000)]
Number = Annotated[int, Meta(ge=0, le=2**53)]
"""Of a command; every reader of JSON can tell such a figure from the next."""

Sealed = Annotated[str, Meta(max_length=16384, pattern=r"^[A-Za-z0-9_-]*$")]
PublicKey = Annotated[str, Meta(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]*$")]
Signature = Annotated[str, Meta(min_length=86, max_length=86, pattern=r"^[A-Za-z0-9_-]*$")]


class Message(Struct, frozen=True, tag_field="kind", kw_only=True):
    """Something said over the link; `v` is the protocol it is said in."""

    v: int = PROTOCOL


class Command(Message, frozen=True, kw_only=True):
    """What the cloud asks of a device; `seq` numbers the commands of one device from 1."""

    seq: Number


# up: agent to cloud


class Hello(Message, frozen=True, tag="hello"):
    """First word of an agent: what it speaks, its version, the families it knows, last seq done."""

    protocol: int
    agent: Short
    families: tuple[Short, ...]
    after: Number = 0


class Ack(Message, frozen=True, tag="ack"):
    """All commands up to `seq` are kept by the agent and need not be sent again."""

    seq: Number


Up = Hello | Ack

# down: cloud to agent


class Welcome(Message, frozen=True, tag="welcome"):
    """First word of the cloud: the protocol chosen, the oldest it accepts, its clock."""

    protocol: int
    minimum: int
    now: Moment


class RunFetch(Command, frozen=True, tag="run"):
    """Please fetch a connection; `fetch` is the id that the cloud gave this run."""

    fetch: UUID
    connection: UUID


class CancelFetch(Command, frozen=True, tag="cancel"):
    """Please stop a fetch and sign out."""

    fetch: UUID


class SealedAnswer(Command, frozen=True, tag="answer"):
    """A person's answer to a challenge, sealed to the device."""

    challenge: UUID
    fetch: UUID
    connection: UUID
    sealed: Sealed


class Refresh(Command, frozen=True, tag="refresh"):
    """Connections have changed: read them again."""


class Pause(Command, frozen=True, tag="pause"):
    """Fetch nothing from an institution (or, with no code, from any) until told otherwise."""

    on: bool
    institution: Short | None = None
    words: Text = ""


class Release(Command, frozen=True, tag="release"):
    """This device is no longer enrolled: erase keys and local data.

    by: who ended it. owner: who owns the organisation now, where that is the reason.
    """

    by: Short = ""
    owner: Short = ""


class Version(Command, frozen=True, tag="version"):
    """A newer agent exists; nothing but its number."""

    agent: Short


AnyCommand = RunFetch | CancelFetch | SealedAnswer | Refresh | Pause | Release | Version
Down = Welcome | AnyCommand

# bodies of the requests


class Enrol(Struct, frozen=True):
    """POST enrol: one-use key, the device's public keys, what it is called.

    device: chosen by the agent, so that a repeated request means the same device.
    """

    device: UUID
    key: Annotated[str, Meta(max_length=400)]
    signing: PublicKey
    sealing: PublicKey
    name: Short
    system: Short
    agent: Short
    protocol: int


class DeviceState(Struct, frozen=True):
    """Answer to POST enrol and GET device. state: pending, confirmed, refused or released."""

    device: UUID
    state: Annotated[str, Meta(pattern="^(pending|confirmed|refused|released)$")]
    organisation: Short
    organisation_id: UUID
    person: Short
    fingerprint: Short


class ResealedLogin(Struct, frozen=True):
    """A login that the device has opened with its old key and sealed to its new one."""

    connection: UUID
    version: int
    sealed: Sealed


class NewKeys(Struct, frozen=True):
    """POST keys: the device's keys from now on; proven by the key in use, vouched for by the new.

    vouched: signature of `hikae.link.vouching`. logins: all that the device could open.
    """

    signing: PublicKey
    sealing: PublicKey
    vouched: Signature
    logins: tuple[ResealedLogin, ...]


class Farewell(Struct, frozen=True):
    """POST farewell: the device has left, and its keys are gone; signed before they were.

    It proves itself, whenever it arrives: `hikae.link.vouching`.
    """

    device: UUID
    signature: Signature


class ConnectionView(Struct, frozen=True):
    """One connection as its device sees it (GET connections).

    login: login information sealed to this device, None while it waits to be sealed or typed.
    stopped: 停止 on the cloud's side. accounts_left_out: `branch/kind/number` not to take.
    """

    id: UUID
    institution: Short
    login: Sealed | None
    login_version: Number
    stopped: bool
    user_id: Short = ""
    start_on: date | None = None
    accounts_left_out: Annotated[tuple[Short, ...], Meta(max_length=MOST_ACCOUNTS)] = ()
    plan_allows: bool = True


class Connections(Struct, frozen=True):
    """All connections that this device serves."""

    organisation_id: UUID
    device: UUID
    connections: Annotated[tuple[ConnectionView, ...], Meta(max_length=MOST_CONNECTIONS)]


class Commands(Struct, frozen=True):
    """GET commands?after=: what has not been acknowledged, oldest first."""

    commands: tuple[AnyCommand, ...]


class CertificateShown(Struct, frozen=True):
    """The certificate chosen for a connection, as the cloud may show it."""

    thumbprint: Annotated[str, Meta(pattern="^[0-9a-f]{40}$")]
    user_id: Short
    issuer: Text
    not_after: Moment


class ConnectionReport(Struct, frozen=True):
    """PUT connections/{id}: what was decided on the PC, and when the schedule runs next."""

    enabled: bool
    certificate: CertificateShown | None
    next_fetch_at: Moment | None = None
    problem: Problem | None = None


class FetchReport(Struct, frozen=True):
    """PUT fetches/{id}: where a fetch stands."""

    connection: UUID
    trigger: Trigger
    state: FetchState
    queued_at: Moment
    started_at: Moment | None = None
    ended_at: Moment | None = None
    step: Short = ""
    rows: int = 0
    counts: Counts = Counts()
    problem: Problem | None = None


class ChallengeReport(Struct, frozen=True):
    """PUT challenges/{id}: a dialog waits for a person (state `waiting`) or no longer does.

    code: short code shown on PC and page alike. image: base64. again: the bank's words about the
    answer before.
    """

    fetch: UUID
    connection: UUID
    state: Annotated[str, Meta(pattern="^(waiting|answered|wrong|expired|cancelled)$")]
    challenge: Annotated[str, Meta(pattern="^(one_time_password|question|choice)$")]
    prompt: Text
    code: Short
    expires_at: Moment
    length: int | None = None
    choices: tuple[Short, ...] = ()
    image: Annotated[str, Meta(max_length=400_000)] = ""
    again: Text = ""


class StatementHead(Struct, frozen=True):
    """POST statements/{id}/complete: all of a statement but its rows, and the digest over all.

    digest: SHA-256, hex, as `hikae.link.delivery.digest` computes it. pending: as in Statement;
    outside of the digest, because an agent or a cloud of before does not know of it.
    """

    fetch: UUID
    connection: UUID
    account: Account
    period: Period | None
    as_of: Moment
    complete: bool
    opening: int | None
    closing: int | None
    channel: Channel
    rows: int
    parts: int
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    pending: Annotated[tuple[Transaction, ...], Meta(max_length=PART_ROWS)] | None = None


class StatementPart(Struct, frozen=True):
    """PUT statements/{id}/parts/{n}: rows `n * PART_ROWS` and following."""

    connection: UUID
    transactions: Annotated[tuple[Transaction, ...], Meta(max_length=PART_ROWS)]


class Delivered(Struct, frozen=True):
    """Answer to a completed statement: its digest as merged, and what came of it."""

    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    counts: Counts

    def __post_init__(self) -> None:
        """Refuse counts that no statement has; raises ValueError."""
        if not all(0 <= count <= MOST_ROWS for count in astuple(self.counts)):
            raise ValueError("counts")


class Refused(Struct, frozen=True):
    """Body of every refusal: a Problem, and the server's clock."""

    problem: Problem
    now: Moment


def spoken(protocol: int) -> bool:
    """Whether this code speaks a version of the protocol."""
    return OLDEST_PROTOCOL <= protocol <= PROTOCOL


def encode(message: Struct) -> bytes:
    """JSON of a message or body."""
    return msgspec.json.encode(message)
