"""`/agent/v1`: the requests of agents, each proven, each safe to repeat."""

import logging
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.db import Error
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from hikae.cloud.agent_api.boundary import (
    answer,
    confirmed_device,
    known_device,
    new_device,
    read,
    read_report,
    refuse,
    serving_device,
)
from hikae.cloud.agent_api.document import document, spoken
from hikae.cloud.connections.challenges import report_challenge
from hikae.cloud.connections.fetching import report_fetch
from hikae.cloud.connections.serving import report_connection, served_by
from hikae.cloud.devices import commands, enrolment
from hikae.cloud.devices.farewell import take_farewell
from hikae.cloud.devices.models import Device
from hikae.cloud.devices.renewal import renew_keys
from hikae.cloud.statements import delivery
from hikae.link.messages import (
    ChallengeReport,
    Commands,
    ConnectionReport,
    Connections,
    Delivered,
    DeviceState,
    Enrol,
    Farewell,
    FetchReport,
    NewKeys,
    StatementHead,
    StatementPart,
)
from hikae.model.clock import system_clock
from hikae.model.problems import ProblemError

_log = logging.getLogger("hikae.agent_api")

api = NinjaAPI(title="Hikae agent", urls_namespace="agent", docs_url=None, openapi_url=None)


@api.exception_handler(ProblemError)
@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Error)
@api.exception_handler(OverflowError)
@api.exception_handler(ValidationError)
@api.exception_handler(RequestDataTooBig)
def refused(request: HttpRequest, error: Exception) -> HttpResponse:
    """Every error leaves as a Problem; one of the database itself is logged."""
    if isinstance(error, Error):
        _log.warning("%s %s: %s", request.method, request.path, type(error).__name__)
    return refuse(error)


@api.post("enrol", openapi_extra=spoken(takes=Enrol, gives=DeviceState))
def enrol(request: HttpRequest) -> HttpResponse:
    """Enrol a new device with a 認証キー."""
    return answer(_state(enrolment.enrol(new_device(request), system_clock())))


@api.get("device", openapi_extra=spoken(gives=DeviceState))
def device_state(request: HttpRequest) -> HttpResponse:
    """Where the device stands."""
    with known_device(request) as device:
        return answer(_state(device))


@api.post("farewell", openapi_extra=spoken(takes=Farewell))
def farewell(request: HttpRequest) -> HttpResponse:
    """このパソコンの登録を解除, from the PC, perhaps long ago; the message proves itself."""
    take_farewell(read(request, Farewell), system_clock())
    return answer()


@api.post("keys", openapi_extra=spoken(takes=NewKeys, gives=DeviceState))
def keys(request: HttpRequest) -> HttpResponse:
    """The device's keys from now on."""
    with serving_device(request) as device:
        return answer(_state(renew_keys(device, read(request, NewKeys), system_clock())))


@api.get("connections", openapi_extra=spoken(gives=Connections))
def connections(request: HttpRequest) -> HttpResponse:
    """The connections that the device serves."""
    with serving_device(request) as device:
        return answer(served_by(device))


@api.get("commands", openapi_extra=spoken(gives=Commands))
def waiting_commands(request: HttpRequest, after: int = 0) -> HttpResponse:
    """What is asked of the device; all up to `after` is kept by it and forgotten here."""
    with serving_device(request) as device:
        if device.commanded < after:
            # The database is of a backup, and the PC has done more: its numbers go on from there.
            Device.objects.filter(pk=device.id, commanded__lt=after).update(commanded=after)
        commands.acknowledge(device.id, after)
        return answer(Commands(commands.after(device.id, after)))


@api.put("connections/{uuid:connection}", openapi_extra=spoken(takes=ConnectionReport))
def put_connection(request: HttpRequest, connection: UUID) -> HttpResponse:
    """What was decided on the PC about a connection."""
    with serving_device(request, once=True) as device:
        report = read_report(request, ConnectionReport)
        report_connection(device, connection, report, system_clock())
        return answer()


@api.put("fetches/{uuid:fetch}", openapi_extra=spoken(takes=FetchReport))
def put_fetch(request: HttpRequest, fetch: UUID) -> HttpResponse:
    """Where a fetch stands."""
    with serving_device(request, once=True) as device:
        report_fetch(device, fetch, read_report(request, FetchReport))
        return answer()


@api.put("challenges/{uuid:challenge}", openapi_extra=spoken(takes=ChallengeReport))
def put_challenge(request: HttpRequest, challenge: UUID) -> HttpResponse:
    """A dialog waits for a person, or no longer does."""
    with serving_device(request, once=True) as device:
        report_challenge(device, challenge, read_report(request, ChallengeReport), system_clock())
        return answer()


@api.put(
    "statements/{uuid:statement}/parts/{int:number}", openapi_extra=spoken(takes=StatementPart)
)
def put_part(request: HttpRequest, statement: UUID, number: int) -> HttpResponse:
    """One part of a statement."""
    with confirmed_device(request) as device:
        part = read(request, StatementPart)
        delivery.keep_part(device, statement, number, part, system_clock())
        return answer()


@api.post(
    "statements/{uuid:statement}/complete",
    openapi_extra=spoken(takes=StatementHead, gives=Delivered),
)
def complete(request: HttpRequest, statement: UUID) -> HttpResponse:
    """The whole statement is here: merge and acknowledge it."""
    with serving_device(request) as device:
        head = read(request, StatementHead)
        return answer(delivery.complete(device, statement, head, system_clock()))


@api.get("openapi.json", include_in_schema=False)
def openapi(request: HttpRequest) -> HttpResponse:
    """This API as it describes itself, for whoever asks."""
    return JsonResponse(document(api, request.path.removesuffix("openapi.json")))


def _state(device: Device) -> DeviceState:
    return DeviceState(
        device=device.id,
        state=device.state,
        organisation=device.organisation.name,
        organisation_id=device.organisation_id,
        person=str(device.person),
        fingerprint=device.fingerprint,
    )
