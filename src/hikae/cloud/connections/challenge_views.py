"""追加認証: the question of the bank, the answer, a new start when nobody waits any more."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikae.cloud.connections.challenges import answer_challenge
from hikae.cloud.connections.fetching import FetchRefusedError, request_fetch
from hikae.cloud.connections.forms import AnswerForm
from hikae.cloud.connections.models import Challenge, Connection
from hikae.cloud.connections.panel import panel
from hikae.cloud.connections.remarks import told
from hikae.cloud.institutions.offer import title_of
from hikae.cloud.pages.access import MemberRequest, for_those_who_act
from hikae.cloud.pages.live import is_shown
from hikae.model.clock import system_clock
from hikae.model.secret import Secret


@require_GET
@for_those_who_act
def challenge(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """The page."""
    connection = _connection(connection_id)
    context = {
        "panel": panel(connection_id, system_clock()),
        "connection_id": connection_id,
        "title": title_of(connection.institution),
    }
    return render(request, "connections/challenge.html", context)


@require_GET
@for_those_who_act
def live(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """The panel when it has changed, else only the time that is left: nobody's typing is lost."""
    _connection(connection_id)
    shown = panel(connection_id, system_clock())
    context = {
        "panel": shown,
        "connection_id": connection_id,
        "same": is_shown(request, shown.shown),
    }
    return render(request, "connections/_panel_live.html", context)


@require_POST
@for_those_who_act
def answer(request: MemberRequest, challenge_id: UUID) -> HttpResponse:
    """Pass an answer on; where nobody waits any more, start a fetch that asks again."""
    asked = Challenge.objects.filter(pk=challenge_id).first()
    if asked is None:
        raise Http404
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            secret = Secret(form.cleaned_data["answer"])
            reached = answer_challenge(challenge_id, secret, request.user, system_clock())
        except FetchRefusedError as refused:
            messages.error(request, told(refused.problem).text)
        else:
            if not isinstance(reached, Challenge):
                words = _("入力の時間が過ぎていたため、取得を始め直しました。")
                messages.success(request, words)
    return redirect("connections:challenge", asked.connection_id)


@require_POST
@for_those_who_act
def start_again(request: MemberRequest, connection_id: UUID) -> HttpResponse:
    """A new fetch, which asks again."""
    _connection(connection_id)
    try:
        request_fetch(connection_id, request.user, system_clock())
    except FetchRefusedError as refused:
        messages.error(request, told(refused.problem).text)
    return redirect("connections:challenge", connection_id)


def _connection(connection_id: UUID) -> Connection:
    found = Connection.objects.filter(pk=connection_id).first()
    if found is None:
        raise Http404
    return found
