"""The border of the agent API: whose request it is, what its body says, how a refusal looks.

Whatever goes wrong behind it leaves as `Refused`, a Problem with the server's clock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import DataError, IntegrityError
from django.http import HttpRequest, HttpResponse
from ninja.errors import ValidationError

from hikae.cloud.devices.correcting import correct
from hikae.cloud.devices.enrolment import read_key
from hikae.cloud.devices.lookup import device_of
from hikae.cloud.devices.models import Device
from hikae.cloud.devices.presence import seen
from hikae.cloud.devices.proofs import use
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.watching.counters import counters
from hikae.formats.cleaning import visible
from hikae.link import proof
from hikae.link.messages import OLDEST_PROTOCOL, Enrol, Refused, encode
from hikae.model.clock import system_clock
from hikae.model.problems import Problem, ProblemCode, ProblemError

Body = TypeVar("Body", bound=msgspec.Struct)

_NUL = rb"\u0000"
"""A character that PostgreSQL cannot keep and no text needs, as JSON writes it."""

_STATUS = {
    ProblemCode.CLOCK_WRONG: 401,
    ProblemCode.AUTH_KEY_WRONG: 403,
    ProblemCode.AUTH_KEY_USED: 403,
    ProblemCode.AUTH_KEY_EXPIRED: 403,
    ProblemCode.DEVICE_RELEASED: 403,
    ProblemCode.DEVICE_EXISTS: 409,
    ProblemCode.STATEMENT_INCONSISTENT: 422,
    ProblemCode.AGENT_OUTDATED: 426,
}
_STATUS_OF_PART = {
    "form": 401,
    "body": 401,
    "signature": 401,
    "replayed": 401,
    "device": 401,
    "unknown": 404,
    "size": 413,
    "missing": 424,
}
"""Of cloud_rejected, by the part that was rejected; 424 makes an agent send all again."""


class UnreadableError(ProblemError):
    """The request's body is not what it should be: cloud_rejected or agent_outdated."""


class UnknownDeviceError(ProblemError):
    """No device of this id, or one that may not do this: cloud_rejected or device_released."""


def read(request: HttpRequest, kind: type[Body]) -> Body:
    """The body of a request; raises UnreadableError naming the place, never the value."""
    plain = _body(request)
    if _NUL in plain:
        raise UnreadableError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "text"}))
    try:
        return msgspec.json.decode(plain, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise UnreadableError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "json"})) from None


def read_report(request: HttpRequest, kind: type[Body]) -> Body:
    """The same for what is shown to people: only what is seen of its texts is kept.

    Texts of statements are bound by a digest; what hides something is refused there.
    """
    return msgspec.convert(_visible(msgspec.to_builtins(read(request, kind))), kind)


def _visible(value: object) -> object:
    match value:
        case str():
            return visible(value)
        case dict():
            return {name: _visible(each) for name, each in value.items()}
        case list() | tuple():
            return [_visible(each) for each in value]
        case _:
            return value


def answer(body: msgspec.Struct | None = None, status: int = 200) -> HttpResponse:
    """A body of the link's messages; none at all is 204."""
    if body is None:
        return HttpResponse(status=204)
    content = encode(body)
    length = {"Content-Length": str(len(content))}
    return HttpResponse(content, status=status, content_type="application/json", headers=length)


def refuse(error: Exception) -> HttpResponse:
    """What the agent is told of an error."""
    match error:
        case ProblemError():
            problem = error.problem
        case ObjectDoesNotExist():
            problem = Problem(ProblemCode.CLOUD_REJECTED, {"part": "unknown"})
        case IntegrityError():
            problem = Problem(ProblemCode.CLOUD_REJECTED, {"part": "id"})
        case DataError() | OverflowError():
            problem = Problem(ProblemCode.CLOUD_REJECTED, {"part": "figure"})
        case ValidationError():
            problem = Problem(ProblemCode.CLOUD_REJECTED, {"part": "query"})
        case RequestDataTooBig():
            problem = Problem(ProblemCode.CLOUD_REJECTED, {"part": "size"})
        case _:
            problem = Problem(ProblemCode.INTERNAL)
    counters().refused(problem)
    return answer(Refused(problem, system_clock()), status=_status(problem))


def new_device(request: HttpRequest) -> Enrol:
    """An enrolment, proven by the very key that it brings; raises ProblemError."""
    wish = read_report(request, Enrol)
    claim = proof.read(_headers(request))
    if claim.device != wish.device:
        raise UnknownDeviceError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "device"}))
    _verify(claim, read_key(wish.signing), request)
    require_spoken(wish.protocol)
    return wish


@contextmanager
def known_device(request: HttpRequest) -> Iterator[Device]:
    """The device that proves the request, whatever its state; work for its organisation."""
    claim = proof.read(_headers(request))
    device = claimed(claim)
    _verify(claim, bytes(device.signing), request)
    with tenant(device.organisation_id):
        yield device


@contextmanager
def serving_device(request: HttpRequest, *, once: bool = False) -> Iterator[Device]:
    """The same for a confirmed device, which is on; any other is refused.

    once: the request would not mean the same twice, so that a replayed one is refused too.
    """
    with confirmed_device(request) as device:
        now = system_clock()
        if once:
            use(proof.read(_headers(request)), now)
        seen(device.id, now)
        yield device


@contextmanager
def confirmed_device(request: HttpRequest) -> Iterator[Device]:
    """The same without a note that the device is on, where many requests come one after another."""
    with known_device(request) as device:
        require_serving(device)
        yield device


def claimed(claim: proof.Proof) -> Device:
    """The device that a proof, not yet verified, claims to come from.

    It is as the journal of endings knows it, whatever backup the database was restored from.
    """
    device = device_of(claim.device)
    if device is None:
        raise UnknownDeviceError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "device"}))
    correct(device, system_clock())
    return device


def require_serving(device: Device) -> None:
    """Raise UnknownDeviceError unless the device is confirmed."""
    if device.over:
        details = {"device": device.name, "by": device.ended_by, "owner": device.ended_for}
        raise UnknownDeviceError(Problem(ProblemCode.DEVICE_RELEASED, details))
    if device.state != Device.State.CONFIRMED:
        raise UnknownDeviceError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "pending"}))


def require_spoken(protocol: int) -> None:
    """Raise UnreadableError (agent_outdated) for a protocol that is no longer spoken here."""
    if protocol < OLDEST_PROTOCOL:
        raise UnreadableError(Problem(ProblemCode.AGENT_OUTDATED, {"minimum": OLDEST_PROTOCOL}))


def _verify(claim: proof.Proof, key: bytes, request: HttpRequest) -> None:
    proof.verify(
        claim,
        Ed25519PublicKey.from_public_bytes(key),
        method=request.method or "",
        url=settings.HIKAE_ORIGIN + request.get_full_path(),
        headers=_headers(request),
        body=_body(request),
        now=system_clock(),
    )


def _body(request: HttpRequest) -> bytes:
    body: bytes = request.body
    return body


def _headers(request: HttpRequest) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _status(problem: Problem) -> int:
    if problem.code in _STATUS:
        return _STATUS[problem.code]
    if problem.code is ProblemCode.INTERNAL:
        return 500
    part = problem.details.get("part")
    return _STATUS_OF_PART.get(str(part), 400)
