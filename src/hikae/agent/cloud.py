"""The cloud as the agent reaches it: signed requests below `/agent/v1`, answers parsed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

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
from hikae.model.clock import Clock
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.exchange import Request, Response, Transport

BASE = "/agent/v1"
_TAKEN = 204
_REJECTS = frozenset({400, 403, 404, 409, 422})
_NOT_TO_BLAME = frozenset({ProblemCode.RATE_LIMITED, ProblemCode.DISK_FULL, ProblemCode.INTERNAL})
_SAME_CLOCK = timedelta(minutes=1)
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}

Answer = TypeVar("Answer")


class CloudError(ProblemError):
    """The cloud refused (its own Problem), or answered something that is not Hikae's."""


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
    ) -> None:
        """Speak for `device` with `key` to the cloud at `origin`."""
        self.origin = origin
        self.offset = timedelta()
        self._device = device
        self._key = key
        self._transport = transport
        self._clock = clock
        self._on_offset = on_offset

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

    async def _ask(self, method: str, path: str, answer: type[Answer], body: bytes = b"") -> Answer:
        response = await self._twice(method, path, body)
        try:
            return msgspec.json.decode(response.body, type=answer)
        except msgspec.MsgspecError as error:
            raise _foreign(str(error)) from None

    async def _send(self, method: str, path: str, body: bytes = b"") -> None:
        response = await self._twice(method, path, body)
        if response.status != _TAKEN:  # a hotel's sign-in page says 200 to everything
            raise _foreign(f"HTTP {response.status}")

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
        headers = _JSON | self.signed(method, path, body)
        request = Request(method, self.origin + path, headers, body or None)
        response = await self._transport.send(request)
        if response.status in {200, _TAKEN}:
            return response
        raise refusal(response.status, response.body)


class ClockRefusedError(CloudError):
    """The two clocks are too far apart; `now` is the cloud's."""

    def __init__(self, problem: Problem, now: datetime) -> None:
        """Carry the cloud's clock."""
        super().__init__(problem)
        self.now = now


def refusal(status: int, body: bytes) -> CloudError:
    """What an answer that is no consent means."""
    try:
        refused = msgspec.json.decode(body, type=Refused)
    except msgspec.MsgspecError:
        return _unavailable(status) if status >= 500 else _foreign(f"HTTP {status}")
    if refused.problem.code is ProblemCode.CLOCK_WRONG:
        return ClockRefusedError(refused.problem, refused.now)
    if refused.problem.code is ProblemCode.DEVICE_RELEASED:
        return ReleasedError(refused.problem)
    if status in _REJECTS and refused.problem.code not in _NOT_TO_BLAME:
        return RejectedError(refused.problem)
    return CloudError(refused.problem)


def _unavailable(status: int) -> CloudError:
    return CloudError(Problem(ProblemCode.CLOUD_UNREACHABLE, details={"reason": f"HTTP {status}"}))


def _foreign(found: str) -> CloudError:
    details = {"part": "answer", "found": found[:200]}
    return CloudError(Problem(ProblemCode.CLOUD_REJECTED, details=details))
