"""How long an answer took the server, in a header that browsers and tools show.

It knows nothing of what the answer is about.
"""

from collections.abc import Callable
from time import perf_counter, thread_time

from django.http import HttpRequest, HttpResponseBase

HEADER = "Server-Timing"


class TimingMiddleware:
    """Server-Timing (W3C): `app` is what passed, `cpu` what this thread worked, milliseconds.

    Of an answer that streams, it is the time until it began.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and say how long it took."""
        began, worked = perf_counter(), thread_time()
        response = self.get_response(request)
        app, cpu = (perf_counter() - began) * 1000, (thread_time() - worked) * 1000
        response.headers[HEADER] = f"app;dur={app:.1f}, cpu;dur={cpu:.1f}"
        return response
