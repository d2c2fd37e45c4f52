"""オーナーの変更: asking a member, and the member's word."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikae.cloud.pages.access import MemberRequest, for_members
from hikae.cloud.people import ownership
from hikae.cloud.people.forms import HeirForm
from hikae.cloud.people.models import Membership, Role
from hikae.cloud.people.ownership import OwnershipError
from hikae.cloud.people.password_again import with_password_again
from hikae.model.clock import system_clock


@require_GET
@for_members
def owner(request: MemberRequest) -> HttpResponse:
    """Who owns the organisation, and what can be done about it by whom."""
    now = system_clock()
    members = Membership.objects.filter(organisation=request.membership.organisation)
    named = members.select_related("user").order_by("joined_at")
    shown = {
        "owners": named.filter(role=Role.OWNER),
        "heirs": named.exclude(role=Role.OWNER),
        "asked": ownership.offer_to(request.user, now),
        "asking": ownership.offer_by(request.user, now),
        "owns": request.membership.role == Role.OWNER,
    }
    return render(request, "people/owner.html", shown)


@require_POST
@for_members
@with_password_again
def offer(request: MemberRequest) -> HttpResponse:
    """Ask a member to take one's place."""
    form = HeirForm(request.POST)
    if not form.is_valid():
        raise Http404
    try:
        made = ownership.offer_ownership(form.cleaned_data["member"], request.user, system_clock())
    except OwnershipError:
        raise Http404 from None
    words = _("%(name)sさんにオーナーの引き継ぎを申し込みました。")
    messages.success(request, words % {"name": made.heir})
    return redirect("people:owner")


@require_POST
@for_members
@with_password_again
def accept(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Become the owner."""
    try:
        ownership.accept_ownership(offer_id, request.user, system_clock())
    except OwnershipError:
        raise Http404 from None
    messages.success(request, _("オーナーになりました。"))
    return redirect("people:owner")


@require_POST
@for_members
def end(request: MemberRequest, offer_id: UUID) -> HttpResponse:
    """Withdraw what one has offered, or decline what one was offered."""
    try:
        ownership.end_offer(offer_id, request.user, system_clock())
    except OwnershipError:
        raise Http404 from None
    messages.success(request, _("オーナーの引き継ぎを取りやめました。"))
    return redirect("people:owner")
