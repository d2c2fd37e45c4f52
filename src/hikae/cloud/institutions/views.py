"""新規登録: finding the institution to register."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from hikae.cloud.institutions.offer import catalogue
from hikae.cloud.pages.access import MemberRequest, for_those_who_act

_LONGEST = 80


@require_GET
@for_those_who_act
def search(request: MemberRequest) -> HttpResponse:
    """Institutions that fit what is typed; while typing, only the list of them."""
    words = request.GET.get("words", "")[:_LONGEST].strip()
    typing = request.headers.get("HX-Request") == "true"
    page = "institutions/_found.html" if typing else "institutions/search.html"
    return render(request, page, {"words": words, "found": catalogue().search(words)})
