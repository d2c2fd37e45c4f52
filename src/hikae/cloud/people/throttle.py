"""Who tries passwords too often waits: from this address, under this name, for a while.

Nobody can keep somebody else out by it: the person comes in from any other address, and others
come in from this one. It knows requests and django-axes, which counts.
"""

from collections.abc import Mapping

from allauth.core.internal.httpkit import get_client_ip
from axes.backends import AxesStandaloneBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

LONGEST_NAME = 255
"""Characters of a name that are remembered."""


class LockedPairs(AxesStandaloneBackend):  # type: ignore[misc]  # axes has no types
    """Refuses pairs of address and name that failed too often; lets nobody in by itself."""

    def authenticate(
        self, request: HttpRequest | None, **credentials: object
    ) -> AbstractBaseUser | None:
        """Raise PermissionDenied for a pair that waits; without a request nobody is guessing."""
        if request is not None:
            super().authenticate(request, **credentials)
        return None


def address_of(request: HttpRequest) -> str:
    """The address that a request comes from, past the operator's own proxies."""
    return get_client_ip(request) or ""


def name_of(request: HttpRequest, credentials: Mapping[str, str] | None) -> str:
    """As whom somebody wants to come in: an e-mail address, in whatever case it was typed."""
    named = (credentials or {}).get("email") or request.POST.get("login", "")
    return named.strip().lower()[:LONGEST_NAME]


def locked(
    request: HttpRequest, _answer: HttpResponse, _credentials: Mapping[str, str] | None
) -> HttpResponse:
    """What a pair that waits is told."""
    return render(request, "account/locked.html", status=429)
