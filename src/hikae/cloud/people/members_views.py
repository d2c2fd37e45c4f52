"""メンバー: who belongs to the organisation, inviting, roles, removing."""

import logging
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikae.cloud import mail
from hikae.cloud.pages.access import MemberRequest, for_members
from hikae.cloud.pages.labels import ROLES
from hikae.cloud.people import account_letters, invitations
from hikae.cloud.people import members as membership
from hikae.cloud.people.forms import ClientForm, InvitationForm, RoleForm
from hikae.cloud.people.invitations import InvitationError
from hikae.cloud.people.members import MembersError
from hikae.cloud.people.models import Membership, Role
from hikae.model.clock import system_clock

_log = logging.getLogger("hikae.people")


@require_GET
@for_members
def members(request: MemberRequest) -> HttpResponse:
    """The page."""
    return _page(request)


@require_POST
@for_members
def invite(request: MemberRequest) -> HttpResponse:
    """Ask somebody to become a member."""
    if request.membership.role != Role.OWNER:
        raise PermissionDenied
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation=form)
    email, role = form.cleaned_data["email"], Role(form.cleaned_data["role"])
    try:
        token = invitations.invite(email, role, request.membership, system_clock())
    except InvitationError:
        form.add_error("email", _("この方はすでにメンバーです。"))
        return _page(request, invitation=form)
    return _sent(request, email, token, str(request.membership.organisation))


@require_POST
@for_members
def invite_client(request: MemberRequest) -> HttpResponse:
    """Ask a client to begin an organisation."""
    if request.membership.role != Role.ACCOUNTANT:
        raise PermissionDenied
    form = ClientForm(request.POST)
    if not form.is_valid():
        return _page(request, client=form)
    email = form.cleaned_data["email"]
    token = invitations.invite_client(email, request.membership, system_clock())
    return _sent(request, email, token, "")


@require_POST
@for_members
def withdraw(request: MemberRequest, invitation_id: UUID) -> HttpResponse:
    """Let an invitation work no more."""
    try:
        invitations.withdraw(invitation_id, request.membership, system_clock())
    except InvitationError:
        raise Http404 from None
    messages.success(request, _("招待を取り消しました。"))
    return redirect("people:members")


@require_POST
@for_members
def role(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Give a member another role."""
    form = RoleForm(request.POST)
    if not form.is_valid():
        raise Http404
    wish = Role(form.cleaned_data["role"])
    try:
        member = membership.change_role(member_id, wish, request.membership, system_clock())
    except MembersError:
        raise Http404 from None
    words = _("%(name)sさんの役割を「%(role)s」にしました。")
    messages.success(request, words % {"name": member.user, "role": ROLES[member.role]})
    return redirect("people:members")


@require_http_methods(["GET", "POST"])
@for_members
def remove(request: MemberRequest, member_id: UUID) -> HttpResponse:
    """Ask, then end a membership and say what to see to at the banks."""
    here = Membership.objects.filter(organisation=request.membership.organisation)
    member = here.select_related("user").filter(pk=member_id).exclude(role=Role.OWNER).first()
    if member is None or request.membership.role != Role.OWNER:
        raise Http404
    if request.method != "POST":
        return render(request, "people/remove.html", {"member": member})
    try:
        removed = membership.remove(member_id, request.membership, system_clock())
    except MembersError:
        raise Http404 from None
    return render(request, "people/removed.html", {"removed": removed})


def _page(
    request: MemberRequest,
    *,
    invitation: InvitationForm | None = None,
    client: ClientForm | None = None,
    link: str = "",
) -> HttpResponse:
    here = Membership.objects.filter(organisation=request.membership.organisation)
    now = system_clock()
    shown = {
        "members": here.select_related("user").order_by("joined_at"),
        "owns": request.membership.role == Role.OWNER,
        "invites_clients": request.membership.role == Role.ACCOUNTANT,
        "waiting": invitations.open_invitations().filter(expires_at__gt=now),
        "roles": ROLES.items(),
        "invitation": invitation or InvitationForm(),
        "client": client or ClientForm(),
        "link": link,
    }
    return render(request, "people/members.html", shown)


def _sent(request: MemberRequest, email: str, token: str, books: str) -> HttpResponse:
    """Mail the link; where no mail leaves, show it once, to be handed over in person."""
    address = settings.HIKAE_ORIGIN + reverse("people:join", args=[token])
    if not mail.can_send():
        return _page(request, link=address)
    try:
        mail.send(account_letters.invitation(request.user, books, address), email)
    except OSError as error:
        _log.warning("an invitation could not be mailed: %s", type(error).__name__)
        return _page(request, link=address)
    messages.success(request, _("%(email)sに招待のメールを送りました。") % {"email": email})
    return redirect("people:members")
