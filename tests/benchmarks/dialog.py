"""The dialog that all three sides hold: Hikae's own requests at the bank, recorded once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import parse_qsl, urlsplit

from hikae.agent.dialing import dial_bank
from hikae.banks.families import connector_for
from hikae.banks.session import open_session
from hikae.banks.visit import run
from hikae.model.challenge import Answer, Challenge
from hikae.model.secret import Secret
from hikae.model.statement import Statement
from hikae.transport.exchange import Request, Response, Sink, Transport
from tests.benchmarks.pc import Pc

TOKEN = "_token"


@dataclass(frozen=True, slots=True)
class Step:
    """One request of the dialog. download: what came was a file, and the page stayed open."""

    request: Request
    download: bool

    @property
    def fields(self) -> tuple[tuple[str, str], ...]:
        """Names and values of the form that it sends, in order."""
        body = (self.request.body or b"").decode("ascii")
        return tuple(parse_qsl(body, keep_blank_values=True, encoding="cp932"))

    @property
    def token(self) -> bytes:
        """The one-time token in its body, empty where there is none."""
        return dict(self.fields).get(TOKEN, "").encode()

    @property
    def path(self) -> str:
        """Where it goes on the bank's host."""
        return urlsplit(self.request.url).path


@dataclass(slots=True)
class Recorder:
    """A transport that remembers what it sends."""

    inner: Transport
    steps: list[Step] = field(default_factory=list)

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        """Send and remember."""
        response = await self.inner.send(request, sink)
        kind = response.headers.get("content-disposition", "")
        self.steps.append(Step(request, kind.startswith("attachment")))
        return response

    async def close(self) -> None:
        """End the session."""
        await self.inner.close()


async def record(pc: Pc, password: str) -> tuple[Step, ...]:
    """Visit the bank as a first fetch does, and return what was sent."""
    given, roster = pc.given, pc.roster
    institution = roster.institution(pc.connection)
    identity = roster.identity(roster.certificate(pc.connection))
    fetch = given.new_id()
    transport = Recorder(dial_bank(institution, identity, given, fetch))
    connector = connector_for(institution.family)
    session = open_session(
        connector,
        institution,
        {"password": Secret(password)},
        transport,
        clock=given.clock,
        ask=_nobody_answers,
        on_step=lambda _words, _rows: None,
    )
    try:
        await run(connector, session, lambda _: date.min, _forget)
    finally:
        await transport.close()
    return tuple(transport.steps)


def _forget(_: Sequence[Statement]) -> None:
    """Only the requests are wanted."""


async def _nobody_answers(challenge: Challenge) -> Answer:
    raise AssertionError(f"the bank asks: {challenge.prompt}")
