"""締め: which months are closed, and what waits for a person."""

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from hikae.cloud.pages import wording
from hikae.cloud.pages.access import MemberRequest, for_members, for_those_who_act
from hikae.cloud.pages.language import language
from hikae.cloud.statements import books
from hikae.cloud.statements.closing.adjustments import accept, waiting
from hikae.cloud.statements.closing.forms import CloseForm
from hikae.cloud.statements.closing.months import (
    OpenMonthError,
    close_month,
    closed,
    reopen_month,
)
from hikae.cloud.statements.happenings import happening
from hikae.cloud.statements.models import Account, Adjustment
from hikae.model.clock import japan_day, system_clock


@require_GET
@for_members
def months(request: MemberRequest) -> HttpResponse:
    """締め."""
    return _months(request, CloseForm(books.accounts(), initial={"month": _last_month()}))


@require_POST
@for_those_who_act
def close(request: MemberRequest) -> HttpResponse:
    """Close a month."""
    form = CloseForm(books.accounts(), request.POST)
    if not form.is_valid():
        return _months(request, form)
    account = form.cleaned_data["account"]
    month: date = form.cleaned_data["month"]
    try:
        close_month(UUID(account) if account else None, month, request.user, system_clock())
    except OpenMonthError:
        form.add_error("month", _("まだ終わっていない月は締められません。"))
        return _months(request, form)
    named = wording.month(month, language())
    messages.success(request, _("%(month)sまでを締めました。") % {"month": named})
    return redirect("statements:closing")


@require_POST
@for_those_who_act
def reopen(request: MemberRequest) -> HttpResponse:
    """Open the last closed month of all accounts again."""
    reopen_month(None, request.user, system_clock())
    return redirect("statements:closing")


@require_POST
@for_those_who_act
def reopen_account(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """The same of one account."""
    try:
        reopen_month(account_id, request.user, system_clock())
    except Account.DoesNotExist:
        raise Http404 from None
    return redirect("statements:closing")


@require_POST
@for_those_who_act
def adjust(request: MemberRequest, adjustment_id: UUID) -> HttpResponse:
    """Accept what waits."""
    try:
        accept(adjustment_id, request.user, system_clock())
    except Adjustment.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("締めた月に反映しました。"))
    return redirect("statements:closing")


def _months(request: MemberRequest, form: CloseForm) -> HttpResponse:
    known, until = books.accounts(), closed()
    by_id = {account.id: account for account in known}
    context = {
        "form": form,
        "closed": until.all,
        "accounts": [(account, until.accounts.get(account.id)) for account in known],
        "waiting": [
            (each, by_id.get(each.account_id), list(map(happening, each.events)))
            for each in waiting()
        ],
    }
    return render(request, "statements/closing.html", context)


def _last_month() -> date:
    return japan_day(system_clock()).replace(day=1) - timedelta(days=1)
