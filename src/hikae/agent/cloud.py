"""The cloud as the agent reaches it: signed requests below `/agent/v1`, answers parsed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.json import Decoder

from hikae.agent.reading import Said, UnreadableError, modest, read
from hikae.link import proof
from hikae.link.messages import (
    AnyCommand,
    ChallengeReport,
    Commands,
    ConnectionReport,
    Connections,
    Delivered,
    DeviceState,
    Enrol,
    FetchReport,
    NewKeys,
    Refused,
    StatementHead,
    encode,
)
from hikae.logs import FETCH_HEADER, subject
from hikae.model.clock import Clock
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.exchange import Request, Response, Transport

BASE = "/agent/v1"
_TAKEN = 204
_REJECTS = frozenset({400, 403, 404, 409, 422})
_NOT_TO_BLAME = frozenset({ProblemCode.RATE_LIMITED, ProblemCode.DISK_FULL, ProblemCode.INTERNAL})
_SAME_CLOCK = timedelta(minutes=1)
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_REFUSED = Decoder(Refused)
_FIRST_YEAR = 2000
_LAST_YEAR = 2199


class CloudError(ProblemError):
    """The cloud refused (its own Problem), or answered something that is not Hikae's."""


class ForeignError(CloudError):
    """An answer that is not Hikae's: a sign-in page of a network, or something made up."""

    def __init__(self, found: str) -> None:
        """Say what was found, and nothing of its content."""
        super().__init__(Problem(ProblemCode.CLOUD_REJECTED, {"part": "answer", "found": found}))
        self.found = found


class ReleasedError(CloudError):
    """The cloud no longer knows this device: nothing of it is to be tried again."""


class RejectedError(CloudError):
    """The cloud has understood what was sent and will not take it, however often it is sent."""


class Cloud:
    """One device's view of its cloud.

    offset: how far the cloud's clock is ahead of this PC's, adopted once it refused for that.
    """

    def __init__(
        self,
        *,
        origin: str,
        device: UUID,
        key: Ed25519PrivateKey,
        transport: Transport,
        clock: Clock,
        on_offset: Callable[[timedelta], None],
        on_foreign: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Speak for `device` with `key` to the cloud at `origin`.

        `on_foreign` hears of each answer that is not Hikae's, and where it is not.
        """
        self.origin = origin
        self.offset = timedelta()
        self._device = device
        self._key = key
        self._transport = transport
        self._clock = clock
        self._on_offset = on_offset
        self._on_foreign = on_foreign

    def now(self) -> datetime:
        """The present by the cloud's clock, as far as it is known."""
        return self._clock() + self.offset

    def signed(self, method: str, path: str, body: bytes = b"") -> dict[str, str]:
        """Headers that prove a request of this device."""
        return proof.sign(self._key, self._device, method, self.origin + path, body, self.now())

    async def enrol(self, message: Enrol) -> DeviceState:
        """Introduce this PC."""
        return await self._ask("POST", "/enrol", DeviceState, encode(message))

    async def device(self) -> DeviceState:
        """How the cloud sees this device."""
        return await self._ask("GET", "/device", DeviceState)

    async def connections(self) -> Connections:
        """The connections that this device serves."""
        return await self._ask("GET", "/connections", Connections)

    async def commands(self, after: int) -> tuple[AnyCommand, ...]:
        """Commands that are not kept yet."""
        return (await self._ask("GET", f"/commands?after={after}", Commands)).commands

    async def report_connection(self, connection: UUID, report: ConnectionReport) -> None:
        """Tell what was decided here."""
        await self._send("PUT", f"/connections/{connection}", encode(report))

    async def report_fetch(self, fetch: UUID, report: FetchReport) -> None:
        """Tell where a fetch stands."""
        await self._send("PUT", f"/fetches/{fetch}", encode(report))

    async def report_challenge(self, challenge: UUID, report: ChallengeReport) -> None:
        """Tell that a dialog waits, or no longer does."""
        await self._send("PUT", f"/challenges/{challenge}", encode(report))

    async def send_part(self, statement: UUID, number: int, body: bytes) -> None:
        """Deliver one part of a statement."""
        await self._send("PUT", f"/statements/{statement}/parts/{number}", body)

    async def complete(self, statement: UUID, head: StatementHead) -> Delivered:
        """All parts are there: have the statement merged."""
        path = f"/statements/{statement}/complete"
        return await self._ask("POST", path, Delivered, encode(head))

    async def renew_keys(self, message: NewKeys) -> DeviceState:
        """Have other keys from now on."""
        return await self._ask("POST", "/keys", DeviceState, encode(message))

    def sign_with(self, key: Ed25519PrivateKey) -> None:
        """From now on prove requests with another key."""
        self._key = key

    async def close(self) -> None:
        """End the session."""
        await self._transport.close()

    async def _ask(self, method: str, path: str, answer: type[Said], body: bytes = b"") -> Said:
        response = await self._twice(method, path, body)
        try:
            return read(response.body, Decoder(answer))
        except UnreadableError as error:
            raise self._foreign(error.place or "JSON") from None

    async def _send(self, method: str, path: str, body: bytes = b"") -> None:
        response = await self._twice(method, path, body)
        if response.status != _TAKEN:  # a hotel's sign-in page says 200 to everything
            raise self._foreign(f"HTTP {response.status}")

    def _foreign(self, found: str) -> "ForeignError":
        self._on_foreign(found)
        return ForeignError(found)

    async def _twice(self, method: str, path: str, body: bytes) -> Response:
        """Send, and once more by the cloud's clock where this PC's is refused."""
        try:
            return await self._once(method, path, body)
        except ClockRefusedError as refusal:
            # A clock that is off works: sign by the cloud's. Refused again, it is not the clock.
            self._adopt(refusal.now)
            return await self._once(method, path, body)

    def _adopt(self, now: datetime) -> None:
        before, self.offset = self.offset, now - self._clock()
        if abs(self.offset - before) > _SAME_CLOCK:  # told once, however many requests found out
            self._on_offset(self.offset)

    async def _once(self, method: str, path: str, body: bytes) -> Response:
        path = BASE + path
        headers = _JSON | self.signed(method, path, body) | _named()
        request = Request(method, self.origin + path, headers, body or None)
        response = await self._transport.send(request)
        if response.status in {200, _TAKEN}:
            return response
        error = refusal(response.status, response.body)
        if isinstance(error, ForeignError):
            self._on_foreign(error.found)
        raise error


def _named() -> dict[str, str]:
    """Tells the cloud's log for which fetch a request is."""
    fetch = subject("fetch")
    return {} if fetch is None else {FETCH_HEADER: fetch}


class ClockRefusedError(CloudError):
    """The two clocks are too far apart; `now` is the cloud's."""

    def __init__(self, problem: Problem, now: datetime) -> None:
        """Carry the cloud's clock."""
        super().__init__(problem)
        self.now = now


def refusal(status: int, body: bytes) -> CloudError:
    """What an answer that is no consent means."""
    try:
        refused = read(body, _REFUSED)
    except UnreadableError:
        return _unavailable(status) if status >= 500 else ForeignError(f"HTTP {status}")
    problem = modest(refused.problem)
    if problem.code is ProblemCode.CLOCK_WRONG:
        if not _FIRST_YEAR <= refused.now.year <= _LAST_YEAR:
            return ForeignError("clock")
        return ClockRefusedError(problem, refused.now)
    if problem.code is ProblemCode.DEVICE_RELEASED:
        return ReleasedError(problem)
    if status in _REJECTS and problem.code not in _NOT_TO_BLAME:
        return RejectedError(problem)
    return CloudError(problem)


def _unavailable(status: int) -> CloudError:
    return CloudError(Problem(ProblemCode.CLOUD_UNREACHABLE, details={"reason": f"HTTP {status}"}))
