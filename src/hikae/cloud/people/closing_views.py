"""事業者の終了: closing an organisation, and taking that back in time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from hikae.cloud.pages.access import MemberRequest, for_members
from hikae.cloud.people.closing import TIME_TO_LEAVE, ClosingError, close
from hikae.cloud.people.closing import reopen as take_back
from hikae.cloud.people.models import Role
from hikae.cloud.people.password_again import with_password_again
from hikae.model.clock import system_clock


def _for_owners(request: MemberRequest) -> None:
    if request.membership.role != Role.OWNER:
        raise PermissionDenied


@require_http_methods(["GET", "POST"])
@for_members
def closing(request: MemberRequest) -> HttpResponse:
    """Say what closing means, then do it once the owner has proven who it is."""
    _for_owners(request)
    if request.method == "POST":
        return _close(request)
    days = {"days": TIME_TO_LEAVE.days}
    return render(request, "people/closing.html", days)


@with_password_again
def _close(request: MemberRequest) -> HttpResponse:
    close(request.membership, system_clock())
    messages.success(request, _("事業者の終了を受け付けました。"))
    return redirect("people:closing")


@require_POST
@for_members
def reopen(request: MemberRequest) -> HttpResponse:
    """Keep the organisation after all."""
    _for_owners(request)
    try:
        take_back(request.membership, system_clock())
    except ClosingError:
        raise Http404 from None
    messages.success(request, _("事業者の終了を取り消しました。"))
    return redirect("people:closing")
