"""電子証明書連携: the steps to a PC, the key that enrols it, the word that confirms it."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikae.cloud.devices.auth_keys import LIFETIME, issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device, refuse_device
from hikae.cloud.devices.models import Device
from hikae.cloud.devices.panel import panel
from hikae.cloud.devices.release import release_device
from hikae.cloud.pages.access import MemberRequest, for_members, for_those_who_act
from hikae.cloud.pages.live import is_shown, unchanged
from hikae.cloud.people.models import Role
from hikae.cloud.people.password_again import with_password_again
from hikae.model.clock import system_clock


@require_GET
@for_members
def device(request: MemberRequest) -> HttpResponse:
    """The page."""
    now = system_clock()
    shown = panel(request.membership.organisation, request.user, now)
    return render(request, "devices/device.html", {"panel": shown})


@require_GET
@for_members
def live(request: MemberRequest) -> HttpResponse:
    """What stands on the page, when it has changed."""
    shown = panel(request.membership.organisation, request.user, system_clock())
    if is_shown(request, shown.shown):
        return unchanged()
    return render(request, "devices/_panel.html", {"panel": shown})


@require_POST
@for_those_who_act
@with_password_again
def issue(request: MemberRequest) -> HttpResponse:
    """A new 認証キー, shown in this answer and never again."""
    now = system_clock()
    key = issue_auth_key(request.user, now)
    issued = {"text": key.text(), "expires_at": now + LIFETIME}
    shown = panel(request.membership.organisation, request.user, now)
    return render(request, "devices/device.html", {"panel": shown, "issued": issued})


@require_POST
@for_those_who_act
def confirm(request: MemberRequest, device_id: UUID) -> HttpResponse:
    """The fingerprints are the same."""
    try:
        confirmed = confirm_device(device_id, request.user, system_clock())
    except Device.DoesNotExist:
        raise Http404 from None
    words = _("パソコン %(name)s を登録しました。") % {"name": confirmed.name}
    messages.success(request, words)
    return redirect("devices:device")


@require_POST
@for_those_who_act
def refuse(request: MemberRequest, device_id: UUID) -> HttpResponse:
    """The fingerprints differ, or nobody asked for this PC."""
    try:
        refused = refuse_device(device_id, request.user, system_clock())
    except Device.DoesNotExist:
        raise Http404 from None
    words = _("パソコン %(name)s を登録しませんでした。") % {"name": refused.name}
    messages.success(request, words)
    return redirect("devices:device")


@require_http_methods(["GET", "POST"])
@for_those_who_act
@with_password_again
def release(request: MemberRequest, device_id: UUID) -> HttpResponse:
    """Asks, then ends the enrolment of one's own PC; an owner may end any."""
    enrolled = Device.objects.filter(organisation=request.membership.organisation)
    held = enrolled.filter(pk=device_id, state=Device.State.CONFIRMED).first()
    if held is None:
        raise Http404
    if held.person != request.user and request.membership.role != Role.OWNER:
        raise PermissionDenied
    if request.method != "POST":
        return render(request, "devices/release.html", {"device": held})
    release_device(held, actor=request.user.email, now=system_clock())
    words = _("パソコン %(name)s の登録を解除しました。") % {"name": held.name}
    messages.success(request, words)
    return redirect("devices:device")
