"""ファイル取込: bringing a file, looking at what it would do, taking it, getting it back."""

from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from hikae.cloud.connections.remarks import told
from hikae.cloud.institutions.offer import offer
from hikae.cloud.pages import wording
from hikae.cloud.pages.access import MemberRequest, for_members, for_those_who_import
from hikae.cloud.pages.language import language
from hikae.cloud.statements import books
from hikae.cloud.statements.imports.files import (
    GotTooEarlyError,
    Received,
    discard,
    files,
    keep,
    say,
    statements_of,
)
from hikae.cloud.statements.imports.forms import OwnerForm, UploadForm
from hikae.cloud.statements.imports.importing import OwnerUnknownError, import_file
from hikae.cloud.statements.imports.owners import missing, said_of
from hikae.cloud.statements.imports.preview import prospects
from hikae.cloud.statements.models import ImportedFile, StatementRecord
from hikae.cloud.statements.proofs import proofs_of
from hikae.formats.unreadable import UnreadableFile
from hikae.model.clock import japan_day, system_clock

_LISTED = 50


@require_GET
@for_members
def listed(request: MemberRequest) -> HttpResponse:
    """The files that were brought, and the form for another one."""
    initial = {
        "got_on": japan_day(system_clock()),
        "institution": request.GET.get("institution", "")[:4],
    }
    return _listed(request, UploadForm(initial=initial))


@require_POST
@for_those_who_import
def upload(request: MemberRequest) -> HttpResponse:
    """Read a file and keep it, to be looked at."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return _listed(request, form)
    file: UploadedFile[bytes] = form.cleaned_data["file"]
    received = Received(
        content=file.read(),
        name=file.name or "",
        got_on=form.cleaned_data["got_on"],
        institution=form.cleaned_data["institution"],
    )
    try:
        kept = keep(received, request.user, system_clock())
    except UnreadableFile as unreadable:
        remark = told(unreadable.problem, "fail")
        return _listed(request, form, {"remark": remark}, status=422)
    except GotTooEarlyError as early:
        newest = wording.day(early.newest, language())
        words = _("%(day)sの明細があります。その日かそのあとの日にしてください。")
        form.add_error("got_on", words % {"day": newest})
        return _listed(request, form)
    if kept.imported_at is not None:
        words = _("同じファイルは取り込み済みです。明細は増えていません。")
        messages.info(request, words)
    return redirect("imports:file", kept.id)


@require_GET
@for_members
def file(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """What taking a file would do; once it is taken, what it did."""
    found = _found(file_id)
    if found.imported_at is not None:
        records = StatementRecord.objects.filter(file=found).order_by("first", "id")
        context = {"file": found, "proofs": proofs_of(records)}
        return render(request, "imports/taken.html", context)
    return _preview(request, found, None)


@require_POST
@for_those_who_import
def owner(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Say whose account a file speaks of."""
    found = _found(file_id, untaken=True)
    said = said_of(found)
    needed = missing(statements_of(found), said)
    if needed is None:
        return redirect("imports:file", file_id)
    form = OwnerForm(needed, books.accounts(), said.institution, request.POST)
    if not form.is_valid():
        return _preview(request, found, form)
    say(file_id, form.said())
    return redirect("imports:file", file_id)


@require_POST
@for_those_who_import
def take(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """取り込む."""
    _found(file_id)
    try:
        counts = import_file(file_id, request.user, system_clock())
    except OwnerUnknownError:
        return redirect("imports:file", file_id)
    words = ngettext(
        "取り込みました。新しい明細%(n)s件", "取り込みました。新しい明細%(n)s件", counts.added
    )
    messages.success(request, words % {"n": f"{counts.added:,}"})
    return redirect("imports:file", file_id)


@require_POST
@for_those_who_import
def forget(request: MemberRequest, file_id: UUID) -> HttpResponse:
    """Forget a file that was only looked at."""
    try:
        discard(file_id, request.user, system_clock())
    except ImportedFile.DoesNotExist:
        raise Http404 from None
    return redirect("imports:files")


@require_GET
@for_members
def download(request: MemberRequest, file_id: UUID) -> HttpResponse:  # noqa: ARG001 - a view
    """The file as it was received, byte for byte."""
    found = _found(file_id)
    response = HttpResponse(bytes(found.content), content_type="application/octet-stream")
    as_named = content_disposition_header(as_attachment=True, filename=found.name)
    response.headers["Content-Disposition"] = as_named or "attachment"
    return response


def _listed(
    request: MemberRequest,
    form: UploadForm,
    more: dict[str, object] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    listed = offer().banks.get(form["institution"].value() or "")
    bank = listed.name if listed else ""
    context = {"form": form, "bank": bank, "files": files()[:_LISTED], **(more or {})}
    return render(request, "imports/files.html", context, status=status)


def _preview(request: MemberRequest, found: ImportedFile, form: OwnerForm | None) -> HttpResponse:
    statements, said = statements_of(found), said_of(found)
    needed = missing(statements, said)
    if needed is not None and form is None:
        form = OwnerForm(needed, books.accounts(), said.institution)
    context = {
        "file": found,
        "form": form if needed else None,
        "prospects": prospects(statements, said),
    }
    return render(request, "imports/preview.html", context)


def _found(file_id: UUID, *, untaken: bool = False) -> ImportedFile:
    wanted = files().filter(imported_at=None) if untaken else files()
    try:
        return wanted.get(pk=file_id)
    except ImportedFile.DoesNotExist:
        raise Http404 from None
