"""A local one-use link that signs the first person in without a password."""

import hashlib
import secrets
from datetime import datetime, timedelta

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from hikae.cloud.people.models import SignInLink, User
from hikae.model.clock import system_clock

LIFETIME = timedelta(hours=1)


def make_link(user: User, now: datetime) -> str:
    """A new token for `user`; only its hash is kept."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(hash=_hash(token), user=user, expires_at=now + LIFETIME)
    return token


def use_link(token: str, now: datetime) -> User | None:
    """The person whom an unused token signs in, once; None for any other token."""
    unused = SignInLink.objects.filter(hash=_hash(token), used_at=None, expires_at__gt=now)
    if not unused.update(used_at=now):
        return None
    return SignInLink.objects.select_related("user").get(hash=_hash(token)).user


@require_GET
@never_cache
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the person in whom the link is for; a used or old link is not found."""
    user = use_link(token, system_clock())
    if user is None:
        raise Http404
    login(request, user, "allauth.account.auth_backends.AuthenticationBackend")
    record_authentication(request, user, "link", reauthenticated=True)
    return redirect("/")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
