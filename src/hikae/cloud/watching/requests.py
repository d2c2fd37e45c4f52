"""One line and one count a request: which view, how it was answered, how long it took.

Addresses are told by their pattern, never as they were asked for: they may hold one-use keys.
What a request is about is as its sender says, and serves for nothing but the log.
"""

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from time import perf_counter

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import ResolverMatch, resolve

from hikae.cloud.watching.counters import METHODS, counters
from hikae.logs import FETCH_HEADER, about

HEADER = "X-Request-Id"

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

NOWHERE = "none"
"""The view of an address that there is not."""

View = Callable[[HttpRequest], HttpResponseBase]

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_log = logging.getLogger("hikae.requests")


class RequestsMiddleware:
    """Comes before all other middleware, so that nothing goes by uncounted."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, count and note it; the answer carries the request's id."""
        began = perf_counter()
        request_id = secrets.token_hex(8)
        with about(request=request_id, fetch=_named_by_sender(request)):
            response = self.get_response(request)
            took = perf_counter() - began
            with about(**_subjects(request.resolver_match)):
                _note(request, response.status_code, took)
        counters().answered(_view(request), str(request.method), response.status_code, took)
        response.headers[HEADER] = request_id
        return response


class ProbesMiddleware:
    """Answers programs that watch, which come by any name of this machine and have no session."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a probe; hand everything else on."""
        if request.path_info not in PROBES:
            return self.get_response(request)
        found = request.resolver_match = resolve(request.path_info)
        response: HttpResponse = found.func(request)
        response.headers["Content-Length"] = str(len(response.content))
        return response


class PatternsOnly(logging.Filter):
    """Django's own lines name addresses; this puts their patterns in place."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the line, and let it pass."""
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and isinstance(record.args, tuple):
            shown = _pattern(request)
            record.args = tuple(shown if each == request.path else each for each in record.args)
        return True


def _note(request: HttpRequest, status: int, took: float) -> None:
    """What changes something or fails is told; what is only read is not worth a line."""
    quiet = request.method in {"GET", "HEAD"} and status < 400
    level = logging.DEBUG if quiet else logging.INFO if status < 500 else logging.WARNING
    method = request.method if request.method in METHODS else "other"
    _log.log(level, "%s %s %d, %d ms", method, _pattern(request), status, took * 1000)


def _pattern(request: HttpRequest) -> str:
    return f"/{request.resolver_match.route}" if request.resolver_match else NOWHERE


def _view(request: HttpRequest) -> str:
    if request.resolver_match:
        return request.resolver_match.view_name
    return "static" if request.path_info.startswith(settings.STATIC_URL) else NOWHERE


def _subjects(found: ResolverMatch | None) -> Mapping[str, object]:
    """What an address itself says."""
    named = found.kwargs if found else {}
    return {name: named[name] for name in ("fetch", "statement") if name in named}


def _named_by_sender(request: HttpRequest) -> str | None:
    named = request.headers.get(FETCH_HEADER, "")
    return named if _UUID.fullmatch(named) else None
