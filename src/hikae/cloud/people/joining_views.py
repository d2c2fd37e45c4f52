"""招待を受ける: the page to which an invitation leads, for somebody with an account or without."""

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from hikae.cloud.people import invitations
from hikae.cloud.people.forms import JoiningForm
from hikae.cloud.people.invitations import InvitationError
from hikae.cloud.people.middleware import CHOSEN
from hikae.cloud.people.models import Invitation, User
from hikae.model.clock import system_clock

_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_http_methods(["GET", "POST"])
@never_cache
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites to what, and take the answer."""
    invitation = invitations.find(token, system_clock())
    if invitation is None:
        return render(request, "people/not_invited.html", status=404)
    client = invitation.organisation is None
    new = not isinstance(request.user, User)
    known = new and User.objects.filter(email=invitation.email).exists()
    given = request.POST if request.method == "POST" else None
    form = JoiningForm(given, client=client, new=new)
    shown = {"invitation": invitation, "form": form, "known": known}
    if request.method != "POST" or known:
        return render(request, "people/join.html", shown)
    if form.is_valid() and _joins(request, invitation, form):
        return redirect("devices:device" if client else "connections:list")
    return render(request, "people/join.html", shown)


def _joins(request: HttpRequest, invitation: Invitation, form: JoiningForm) -> bool:
    """Make the person a member and sign them in; False where the form now says why not."""
    typed = form.cleaned_data
    try:
        with transaction.atomic():
            person = (
                request.user
                if isinstance(request.user, User)
                else invitations.make_account(invitation, typed["name"], typed["password"])
            )
            member = invitations.accept(invitation, person, system_clock(), typed.get("books", ""))
    except ValidationError as error:
        form.add_error("password", error)
        return False
    except InvitationError:
        form.add_error(None, _("この招待は、もう使われています。"))
        return False
    if person != request.user:
        login(request, person, _BACKEND)
        record_authentication(request, person, "invitation")
    request.session[CHOSEN] = str(member.organisation_id)
    messages.success(request, _("「%(books)s」に参加しました。") % {"books": member.organisation})
    return True
