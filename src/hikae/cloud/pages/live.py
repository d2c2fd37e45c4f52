"""Parts of pages that follow what happens: they are sent again only when they have changed.

Each live part carries a hidden field `shown`, a short print of what stands in it; the browser asks
with it and gets nothing while it is still true.
"""

import hashlib

from django.http import HttpRequest, HttpResponse


def print_of(facts: object) -> str:
    """A short print of what is shown; equal facts have equal ones."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def is_shown(request: HttpRequest, shown: str) -> bool:
    """Whether the browser shows this already."""
    return shown in request.GET.getlist("shown")


def unchanged() -> HttpResponse:
    """Nothing to show anew."""
    return HttpResponse(status=204)
