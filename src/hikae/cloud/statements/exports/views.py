"""出力: choosing, looking at what the file will be, making it, getting it back, taking it back."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from hikae.cloud.pages.access import MemberRequest, for_members, for_those_who_export
from hikae.cloud.statements import books
from hikae.cloud.statements.exports import exporting
from hikae.cloud.statements.exports.changed import amendments, count_changed
from hikae.cloud.statements.exports.exporting import Asked, StaleError
from hikae.cloud.statements.exports.forms import ExportForm, NamesForm, conditions
from hikae.cloud.statements.exports.keeping import KEPT, ForgottenError, file_of, is_kept
from hikae.cloud.statements.exports.names import proposed, remember
from hikae.cloud.statements.exports.shown import shown
from hikae.cloud.statements.exports.targets import FORMATS
from hikae.cloud.statements.forms import FilterForm
from hikae.cloud.statements.models import Export
from hikae.model.clock import system_clock

_LISTED = 50


@require_GET
@for_members
def listed(request: MemberRequest) -> HttpResponse:
    """出力の履歴."""
    accounts = books.accounts()
    found = _exports().exclude(exported_at=None).order_by("-exported_at")[:_LISTED]
    context = {
        "exports": [(shown(each, accounts), count_changed(each), is_kept(each)) for each in found]
    }
    return render(request, "exports/list.html", context)


@require_http_methods(["GET", "POST"])
@for_those_who_export
def new(request: MemberRequest) -> HttpResponse:
    """To which program, and in which form."""
    if request.method == "POST":
        form = ExportForm(request.POST)
        if form.is_valid() and _filter(form.cleaned_data["filter"]).is_valid():
            return _draft(request, form)
    else:
        last = Export.objects.exclude(exported_at=None).order_by("-exported_at").first()
        wanted = _without_place(request.GET)
        form = ExportForm(initial={"format": last.format if last else "", "filter": wanted})
    asked = str(form["filter"].value() or "")
    filtered = _filter(asked)
    context = {
        "form": form,
        "filter": QueryDict(asked).urlencode(),
        "conditions": conditions(filtered) if filtered.is_valid() else None,
    }
    return render(request, "exports/new.html", context)


@require_GET
@for_members
def export(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """What the file will be; once it is made, what it was and what has changed since."""
    found = _found(export_id)
    if found.exported_at is None and not request.membership.may_export:
        raise Http404
    if found.exported_at is not None:
        return _made(request, found)
    if not found.sha256 and found.refusal is None:
        return _ask_names(request, found, None)
    return _preview(request, found)


@require_http_methods(["GET", "POST"])
@for_those_who_export
def names(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """勘定科目 of the accounts, before the file is written."""
    found = _draft_found(export_id)
    if request.method == "GET":
        return _ask_names(request, found, None)
    accounts = exporting.accounts_of(found)
    form = NamesForm(accounts, proposed(found.target, accounts), request.POST)
    if not form.is_valid():
        return _ask_names(request, found, form)
    remember(found.target, form.names())
    return _prepared(request, found)


@require_POST
@for_those_who_export
def make(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """出力する."""
    found = _found(export_id)
    try:
        exporting.make(export_id, request.user, system_clock())
    except Export.DoesNotExist:
        return redirect("exports:export", export_id)
    except StaleError:
        messages.warning(request, _("明細が変わりました。内容をもう一度お確かめください。"))
        return _prepared(request, found)
    words = ngettext(
        "明細%(n)s件を出力済にしました。", "明細%(n)s件を出力済にしました。", found.rows
    )
    messages.success(request, words % {"n": f"{found.rows:,}"})
    return redirect("exports:export", export_id)


@require_POST
@for_those_who_export
def forget(request: MemberRequest, export_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view
    """Forget what was only looked at; back to its rows."""
    found = _draft_found(export_id)
    exporting.discard(found.id)
    return redirect(f"{reverse('statements:transactions')}?{found.filter}")


@require_POST
@for_those_who_export
def undo(request: MemberRequest, export_id: UUID) -> HttpResponse:
    """取り消す."""
    try:
        exporting.undo(export_id, request.user, system_clock())
    except Export.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("出力を取り消しました。明細は未出力に戻りました。"))
    return redirect("exports:export", export_id)


@require_GET
@for_those_who_export
def download(request: MemberRequest, export_id: UUID) -> HttpResponseBase:  # noqa: ARG001 - a view
    """The file, the same each time."""
    found = _found(export_id)
    if found.exported_at is None:
        raise Http404
    try:
        file = file_of(found)
    except ForgottenError:
        raise Http404 from None
    return FileResponse(
        file, as_attachment=True, filename=found.name, content_type="application/octet-stream"
    )


def _draft(request: MemberRequest, form: ExportForm) -> HttpResponse:
    said = form.cleaned_data
    # Written anew, since it comes back in addresses.
    wanted = QueryDict(said["filter"]).urlencode()
    asked = Asked(said["format"], wanted, said["only_new"])
    drafted = exporting.draft(asked, request.user, system_clock())
    if exporting.names_missing(drafted):
        return redirect("exports:export", drafted.id)
    return _prepared(request, drafted)


def _prepared(request: MemberRequest, found: Export) -> HttpResponse:
    """Write the file and show what it is."""
    try:
        exporting.prepare(found, system_clock())
    except StaleError:
        messages.warning(
            request, _("明細が取り込まれている途中です。終わってからもう一度お試しください。")
        )
        return redirect("exports:list")
    return redirect("exports:export", found.id)


def _ask_names(request: MemberRequest, found: Export, form: NamesForm | None) -> HttpResponse:
    if FORMATS[found.format].journal is None:
        raise Http404
    accounts = exporting.accounts_of(found)
    form = form or NamesForm(accounts, proposed(found.target, accounts))
    context = {"export": shown(found, books.accounts()), "form": form}
    return render(request, "exports/names.html", context)


def _preview(request: MemberRequest, found: Export) -> HttpResponse:
    context = {
        "export": shown(found, books.accounts()),
        "names": FORMATS[found.format].journal is not None,
    }
    return render(request, "exports/preview.html", context)


def _made(request: MemberRequest, found: Export) -> HttpResponse:
    context = {
        "export": shown(found, books.accounts()),
        "kept": is_kept(found),
        "kept_until": found.exported_at and found.exported_at + KEPT,
        "changed": amendments(found),
        "changed_count": count_changed(found),
    }
    return render(request, "exports/made.html", context)


def _exports() -> QuerySet[Export]:
    return Export.objects.select_related("made_by", "undone_by")


def _found(export_id: UUID) -> Export:
    try:
        return _exports().get(pk=export_id)
    except Export.DoesNotExist:
        raise Http404 from None


def _draft_found(export_id: UUID) -> Export:
    found = _found(export_id)
    if found.exported_at is not None:
        raise Http404
    return found


def _filter(text: str) -> FilterForm:
    return FilterForm(QueryDict(text), books.accounts())


def _without_place(asked: QueryDict) -> str:
    """The filter of a page of rows, without where the page begins."""
    kept = asked.copy()
    kept.pop("begin", None)
    return kept.urlencode()
