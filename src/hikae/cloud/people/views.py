"""Choosing one's language, and the organisation one works for."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from hikae.cloud.people.forms import LanguageForm, OrganisationForm
from hikae.cloud.people.middleware import CHOSEN
from hikae.cloud.people.models import User


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Speak this language from now on: to the person, and before sign-in to the browser."""
    form = LanguageForm(request.POST)
    if not form.is_valid():
        raise Http404
    chosen = form.cleaned_data["language"]
    if isinstance(request.user, User):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    response = _back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, chosen, max_age=31_536_000, samesite="Lax", httponly=True
    )
    return response


@login_required
@require_POST
def organisation(request: HttpRequest) -> HttpResponse:
    """Work for another of one's organisations from now on."""
    form = OrganisationForm(request.POST)
    if not isinstance(request.user, User) or not form.is_valid():
        raise Http404
    chosen = form.cleaned_data["organisation"]
    if not request.user.memberships.filter(organisation_id=chosen).exists():
        raise Http404
    request.session[CHOSEN] = str(chosen)
    return redirect("connections:list")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    asked = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(asked if safe else "/")
