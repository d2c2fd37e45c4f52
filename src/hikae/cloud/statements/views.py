"""明細: accounts, rows, and the details of one."""

from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from hikae.cloud.pages.access import MemberRequest, for_members
from hikae.cloud.statements import books, paging
from hikae.cloud.statements.closing.adjustments import waiting
from hikae.cloud.statements.closing.months import closed
from hikae.cloud.statements.coverage import months
from hikae.cloud.statements.curve import curve
from hikae.cloud.statements.forms import FilterForm
from hikae.cloud.statements.history import event
from hikae.cloud.statements.lines import lines, within
from hikae.cloud.statements.models import Account, StatementRecord, Transaction
from hikae.cloud.statements.proofs import proofs_of

_STATEMENTS = 100
"""How many of the newest statements an account's page shows."""


@require_GET
@for_members
def accounts(request: MemberRequest) -> HttpResponse:
    """口座."""
    context = {"accounts": books.accounts(), "waiting": len(waiting())}
    return render(request, "statements/accounts.html", context)


@require_GET
@for_members
def account(request: MemberRequest, account_id: UUID) -> HttpResponse:
    """Of which days an account's rows are known, and what was proven of each statement."""
    try:
        found = books.account(account_id)
    except Account.DoesNotExist:
        raise Http404 from None
    newest = StatementRecord.objects.filter(account=account_id).order_by("-delivered_at", "-as_of")
    context = {
        "account": found,
        "curve": curve(account_id),
        "months": months(account_id),
        "proofs": proofs_of(newest[:_STATEMENTS]),
        "closed": closed().until(account_id),
    }
    return render(request, "statements/account.html", context)


@require_GET
@for_members
def transactions(request: MemberRequest) -> HttpResponse:
    """Rows of one account or of all, newest first."""
    form = FilterForm(request.GET, books.accounts_by_name())
    form.is_valid()
    wanted, begin = form.wanted(), request.GET.get("begin", "")
    try:
        page = paging.page(wanted, begin)
        begun = paging.read_place(begin)[0] if begin else None
    except ValueError:
        raise Http404 from None
    account = books.account(wanted.account) if wanted.account else None
    holes = account.holes if account and not wanted.is_narrow else ()
    by_id = {account.id: account for account in form.accounts.values()}
    shown = within(holes, wanted.since, wanted.until, begun)
    context = {
        "form": form,
        "account": account,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "lines": list(lines(page.rows, by_id, shown, last_page=page.older is None)),
        "looked_until": page.looked_until,
        "newest": _address(request.GET, None) if begin else "",
        "older": _address(request.GET, page.older) if page.older else "",
    }
    return render(request, "statements/transactions.html", context)


@require_GET
@for_members
def transaction(request: MemberRequest, transaction_id: UUID) -> HttpResponse:
    """Everything the bank said of one row, and what happened to it."""
    try:
        row = books.row(transaction_id)
    except Transaction.DoesNotExist:
        raise Http404 from None
    context = {
        "row": row,
        "account": books.account(row.account_id),
        "history": [event(change) for change in books.history(transaction_id)],
    }
    return render(request, "statements/transaction.html", context)


def _address(asked: QueryDict, begin: str | None) -> str:
    """The same rows, from another place on."""
    query = asked.copy()
    query.pop("begin", None)
    if begin is not None:
        query["begin"] = begin
    return f"{reverse('statements:transactions')}?{query.urlencode()}"
