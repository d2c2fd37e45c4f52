"""ログインとセキュリティ: how one signs in, and from where one is signed in now."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from hikae.cloud.people.models import User


@require_GET
@never_cache
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Password, second step and sessions on one page."""
    assert isinstance(request.user, User)  # noqa: S101 - login_required
    kept = Authenticator.objects.filter(user=request.user).order_by("created_at")
    shown = {
        "app": kept.filter(type=Authenticator.Type.TOTP).first(),
        "passkeys": kept.filter(type=Authenticator.Type.WEBAUTHN),
        "codes": kept.filter(type=Authenticator.Type.RECOVERY_CODES).first(),
        "sessions": len(UserSession.objects.purge_and_list(request.user)),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "account/security.html", shown)


@require_GET
@login_required
def passkeys(_request: HttpRequest) -> HttpResponse:
    """Passkeys are listed on the page of all ways to sign in."""
    return redirect("mfa_index")
