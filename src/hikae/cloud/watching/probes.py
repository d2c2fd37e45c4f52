"""What is asked by programs that watch: /healthz, /readyz and /metrics."""

from hmac import compare_digest

from django.apps import apps
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from hikae.cloud.watching.exposition import exposition
from hikae.cloud.watching.readiness import Readiness
from hikae.model.clock import system_clock


@require_safe
def alive(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The process answers."""
    return JsonResponse({"alive": True})


@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """All that it needs works; 503 with the names of what does not."""
    readiness: object = getattr(apps.get_app_config("watching"), "readiness", None)
    if not isinstance(readiness, Readiness):
        raise TypeError("the watching app does not look at anything")
    lacking = readiness.lacking(system_clock())
    answer = {"ready": not lacking, "lacking": lacking}
    return JsonResponse(answer, status=503 if lacking else 200)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """All figures, for who brings the operator's token; without a token set there are none."""
    token: str = settings.HIKAE_METRICS_TOKEN
    if not token:
        raise Http404
    brought = request.headers.get("Authorization", "")
    if not compare_digest(brought.encode(), f"Bearer {token}".encode()):
        headers = {"WWW-Authenticate": 'Bearer realm="metrics"'}
        return HttpResponse(status=401, headers=headers)
    return HttpResponse(exposition(system_clock()), content_type=CONTENT_TYPE_LATEST)
