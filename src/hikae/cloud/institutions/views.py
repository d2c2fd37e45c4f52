"""新規登録: finding the bank to register."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hikae.cloud.institutions.offer import offer
from hikae.cloud.pages.access import MemberRequest, for_those_who_act

_LONGEST = 80
_SHOWN = 20


@require_GET
@for_those_who_act
def search(request: MemberRequest) -> HttpResponse:
    """Banks that fit what is typed; while typing, only the list of them.

    Before anything is typed, those that the agent fetches.
    """
    words = request.GET.get("words", "")[:_LONGEST].strip()
    typing = request.headers.get("HX-Request") == "true"
    page = "institutions/_found.html" if typing else "institutions/search.html"
    findings = offer().search.search(words, _SHOWN)
    context = {"words": words, "findings": findings, "fetched": offer().fetched}
    return render(request, page, context)
