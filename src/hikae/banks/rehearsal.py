"""Transports for trying out a dialog: one that plays made-up answers, one that breaks off.

They know requests and answers only, no banks.
"""

from collections.abc import Callable, Sequence

from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.exchange import Request, Response, Sink, Transport

_HTML = {"content-type": "text/html; charset=utf-8"}


def page(html: str) -> Response:
    """An answer that is a page in UTF-8."""
    return Response(200, "", _HTML, html.encode())


def redirect(location: str, status: int = 302) -> Response:
    """An answer that leads elsewhere."""
    return Response(status, "", {"location": location}, b"")


class Scripted:
    """Answers in turn, the last one again and again; keeps what was sent."""

    def __init__(self, *answers: Response) -> None:
        """`answers`: their `url` is replaced by the one that was asked for."""
        self._answers: Sequence[Response] = answers
        self.sent: list[Request] = []

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        """The next answer."""
        answer = self._answers[min(len(self.sent), len(self._answers) - 1)]
        self.sent.append(request)
        if sink is not None:
            sink(answer.body)
        return Response(answer.status, request.url, answer.headers, answer.body)

    async def close(self) -> None:
        """Nothing is open."""


class BreakingOff:
    """A real transport that counts its requests, and has something happen at one of them.

    at: the number of that request, 0 for none; it fails as if the line were cut. instead: called
    in place of that, such as cancelling the visit; the request is sent then.
    """

    def __init__(self, inner: Transport, at: int = 0) -> None:
        """Nothing was sent yet."""
        self._inner = inner
        self._at = at
        self.instead: Callable[[], object] | None = None
        self.count = 0

    async def send(self, request: Request, sink: Sink | None = None) -> Response:
        """The real answer, but for the one request."""
        self.count += 1
        if self.count == self._at:
            if self.instead is None:
                raise ProblemError(Problem(ProblemCode.BANK_UNREACHABLE))
            self.instead()
        return await self._inner.send(request, sink)

    async def close(self) -> None:
        """End the real session."""
        await self._inner.close()
