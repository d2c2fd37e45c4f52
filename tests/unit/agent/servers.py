"""A transport that answers by itself, given to the agent's parts through their constructors."""

from typing import TypeVar
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hikae.agent.cloud import Cloud
from hikae.link.messages import Refused
from hikae.model.clock import Clock
from hikae.model.problems import Problem, ProblemCode
from hikae.transport.exchange import Request, Response, Sink
from tests.unit.agent.made import NOW

Body = TypeVar("Body")

TAKEN = 204


def refusal(code: ProblemCode, **details: str) -> bytes:
    """The body of the cloud's refusal."""
    return msgspec.json.encode(Refused(Problem(code, details), NOW))


class Answering:
    """Answers each request with the next of its answers (status, or status and body), then 204."""

    def __init__(self, *answers: int | tuple[int, bytes]) -> None:
        self._answers = list(answers)
        self.requests: list[Request] = []

    async def send(self, request: Request, sink: Sink | None = None) -> Response:  # noqa: ARG002 - the Transport has it
        """Keep the request, give the next answer."""
        self.requests.append(request)
        answer = self._answers.pop(0) if self._answers else TAKEN
        status, body = answer if isinstance(answer, tuple) else (answer, b"")
        return Response(status, request.url, {}, body)

    async def close(self) -> None:
        """Nothing is open."""

    def bodies(self, kind: type[Body]) -> list[Body]:
        """What was sent, read as `kind`."""
        return [msgspec.json.decode(each.body or b"", type=kind) for each in self.requests]

    @property
    def asked(self) -> list[str]:
        """Method and the last part of the path of each request."""
        return [f"{each.method} {each.url.rpartition('/v1/')[2]}" for each in self.requests]


def cloud_at(transport: Answering, clock: Clock = lambda: NOW) -> Cloud:
    """A device's view of a cloud that is only this transport."""
    return Cloud(
        origin="https://cloud.example",
        device=UUID(int=9),
        key=Ed25519PrivateKey.generate(),
        transport=transport,
        clock=clock,
        on_offset=lambda _: None,
    )
