"""期末残高一覧, on the screen and on paper."""

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hikae.cloud.pages.access import MemberRequest, for_members
from hikae.cloud.pages.language import language
from hikae.cloud.statements.balances.forms import DayForm
from hikae.cloud.statements.balances.held import held_on, totals
from hikae.cloud.statements.balances.sheet import sheet
from hikae.cloud.statements.balances.words import sureness
from hikae.model.clock import japan_day, system_clock


@require_GET
@for_members
def listed(request: MemberRequest) -> HttpResponse:
    """What every account held."""
    form = _form(request)
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        held = held_on(form.cleaned_data["day"])
        shown = [(each, sureness(each, language())) for each in held]
        context |= {"day": form.cleaned_data["day"], "held": shown, "totals": totals(held)}
    return render(request, "balances/list.html", context)


@require_GET
@for_members
def paper(request: MemberRequest) -> HttpResponse:
    """The same as PDF."""
    form = _form(request)
    if not form.is_valid():
        return render(request, "balances/list.html", {"form": form}, status=400)
    day: date = form.cleaned_data["day"]
    name = request.membership.organisation.name
    made = sheet(name, day, held_on(day), system_clock(), language())
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="hikae-{day:%Y%m%d}.pdf"'
    return answer


def _form(request: HttpRequest) -> DayForm:
    """What was asked for, or the end of last month."""
    if "day" in request.GET:
        return DayForm(request.GET)
    return DayForm({"day": japan_day(system_clock()).replace(day=1) - timedelta(days=1)})
