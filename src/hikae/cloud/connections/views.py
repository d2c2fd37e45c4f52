"""登録済一覧, registering, and what can be done to a registration."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikae.catalogue.institution import Institution
from hikae.cloud.connections.cards import card
from hikae.cloud.connections.choosing import choices
from hikae.cloud.connections.fetching import FetchRefusedError, cancel_fetch, request_fetch
from hikae.cloud.connections.forms import DetailsForm, LoginForm, RegistrationForm
from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.connections.registered import Registered, registered, registered_as
from hikae.cloud.connections.registering import (
    Details,
    Registration,
    change_details,
    change_login,
    delete_connection,
    register_connection,
    resume_connection,
    stop_connection,
    take_account,
)
from hikae.cloud.connections.remarks import told
from hikae.cloud.institutions.offer import catalogue, title_of
from hikae.cloud.pages.access import MemberRequest, for_members, for_those_who_act
from hikae.cloud.pages.live import unchanged
from hikae.cloud.people.password_again import asked_before_typing
from hikae.cloud.plans.holding import may_link
from hikae.model.clock import system_clock


@require_GET
@for_members
def registrations(request: MemberRequest) -> HttpResponse:
    """登録済一覧."""
    now = system_clock()
    cards = [card(row, now) for row in registered(now)]
    return render(request, "connections/list.html", {"cards": cards})


@require_GET
@for_members
def live(request: MemberRequest) -> HttpResponse:
    """The cards that have changed since the browser drew them.

    A registration that came or went has the whole page loaded anew.
    """
    now = system_clock()
    cards = {str(each.id): each for each in (card(row, now) for row in registered(now))}
    drawn = {shown.partition(".")[0]: shown for shown in request.GET.getlist("shown")}
    if cards.keys() != drawn.keys():
        return HttpResponse(headers={"HX-Refresh": "true"})
    changed = [each for each in cards.values() if each.shown != drawn[str(each.id)]]
    if not changed:
        return unchanged()
    news = [each.news for each in changed if not each.has_state_of(drawn[str(each.id)])]
    return render(request, "connections/_live.html", {"changed": changed, "news": news})


@require_http_methods(["GET", "POST"])
@for_those_who_act
def register(request: MemberRequest, code: str) -> HttpResponse:
    """The form of an institution, and 連携登録."""
    institution = _fetched(code)
    if not may_link():
        return render(request, "connections/plan_first.html", {"institution": institution})
    devices = choices(request.user)
    posted = request.POST if request.method == "POST" else None
    form = RegistrationForm(institution, devices, posted)
    if form.is_valid():
        wish = Registration(
            institution.code,
            form.login(),
            user_id=form.cleaned_data.get("user_id", ""),
            start_on=form.cleaned_data["start_on"],
            device=form.chosen_device,
        )
        register_connection(wish, request.user, system_clock())
        messages.success(request, _("%(title)sを登録しました。") % {"title": institution.title})
        return redirect("connections:list")
    return render(request, "connections/register.html", {"form": form, "institution": institution})


@require_http_methods(["GET", "POST"])
@for_those_who_act
@asked_before_typing
def edit(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """Other login information, and beside it what may be changed without."""
    row = _found(registered_as, connection_id, system_clock())
    form = _login_form(request, row, request.POST if request.method == "POST" else None)
    if form.is_valid():
        change_login(connection_id, form.login(), request.user, system_clock(), form.chosen_device)
        messages.success(request, _("ログイン情報を保存しました。"))
        return redirect("connections:list")
    return _edit(request, row, form, DetailsForm(initial=_details_of(row)))


@require_POST
@for_those_who_act
def details(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """開始日, and the user ID that the certificate shows."""
    row = _found(registered_as, connection_id, system_clock())
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _edit(request, row, _login_form(request, row, None), form)
    wanted = Details(form.cleaned_data["user_id"], form.cleaned_data["start_on"])
    change_details(connection_id, wanted, request.user, system_clock())
    messages.success(request, _("保存しました。"))
    return redirect("connections:edit", connection_id)


@require_POST
@for_those_who_act
def take(request: MemberRequest, connection_id: UUID, account_id: UUID) -> HttpResponse:
    """Take an account, or leave it out from now on."""
    taken = request.POST.get("taken") == "yes"
    try:
        take_account(connection_id, account_id, request.user, system_clock(), taken=taken)
    except (Connection.DoesNotExist, ConnectionAccount.DoesNotExist):
        raise Http404 from None
    return redirect("connections:edit", connection_id)


@require_POST
@for_those_who_act
def stop(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """停止."""
    _found(stop_connection, connection_id, request.user, system_clock())
    return redirect("connections:list")


@require_POST
@for_those_who_act
def resume(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """再開."""
    _found(resume_connection, connection_id, request.user, system_clock())
    return redirect("connections:list")


@require_http_methods(["GET", "POST"])
@for_those_who_act
def delete(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """削除, once it is confirmed."""
    row = _found(registered_as, connection_id, system_clock())
    title = title_of(row.institution)
    if request.method != "POST":
        return render(request, "connections/delete.html", {"title": title})
    delete_connection(connection_id, request.user, system_clock())
    messages.success(request, _("%(title)sの連携を削除しました。") % {"title": title})
    return redirect("connections:list")


@require_POST
@for_those_who_act
def fetch(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """再取得."""
    try:
        _found(request_fetch, connection_id, request.user, system_clock())
    except FetchRefusedError as refused:
        messages.error(request, told(refused.problem).text)
    return redirect("connections:list")


@require_POST
@for_those_who_act
def cancel(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """中止."""
    row = _found(registered_as, connection_id, system_clock())
    if row.fetch is not None:
        cancel_fetch(row.fetch.id, request.user, system_clock())
    return redirect("connections:list")


Args = ParamSpec("Args")
Result = TypeVar("Result")


def _found(deed: Callable[Args, Result], *args: Args.args, **kwargs: Args.kwargs) -> Result:
    """What `deed` returns; a registration of somebody else is not found."""
    try:
        return deed(*args, **kwargs)
    except Connection.DoesNotExist:
        raise Http404 from None


def _login_form(request: MemberRequest, row: Registered, posted: QueryDict | None) -> LoginForm:
    present = row.device.id if row.device else None
    devices = choices(request.user, present)
    return LoginForm(_fetched(row.institution), devices, posted, present)


def _details_of(row: Registered) -> dict[str, object]:
    return {"user_id": row.user_id, "start_on": row.start_on}


def _edit(
    request: MemberRequest, row: Registered, form: LoginForm, details_form: DetailsForm
) -> HttpResponse:
    context = {
        "form": form,
        "details": details_form,
        "institution": form.institution,
        "row": row,
    }
    return render(request, "connections/edit.html", context)


def _fetched(code: str) -> Institution:
    institution = catalogue().find(code)
    if institution is None or not institution.certificate:
        raise Http404
    return institution
