"""The way of an agent's request to its view: straight, before all other middleware.

An agent proves each of its requests and has no cookie, language or form, so nothing of what
surrounds pages has to be done for it.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import Resolver404, resolve

from hikae.cloud.agent_api.boundary import UnreadableError, refuse
from hikae.model.problems import Problem, ProblemCode

BEGINNING = "/agent/v1/"
"""Of every address of agents."""

View = Callable[[HttpRequest], HttpResponseBase]


class StraightMiddleware:
    """Answers agents; hands everything else on."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request; nothing but the API itself answers below its address."""
        if not request.path_info.startswith(BEGINNING):
            return self.get_response(request)
        try:
            found = request.resolver_match = resolve(request.path_info)
        except Resolver404:
            nowhere = Problem(ProblemCode.CLOUD_REJECTED, {"part": "unknown"})
            return refuse(UnreadableError(nowhere))
        response: HttpResponseBase = found.func(request, *found.args, **found.kwargs)
        return response
