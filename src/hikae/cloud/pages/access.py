"""Who may see a page and who may act on it.

Every page is answered inside the wall of the organisation that the person works for; what belongs
to another one is not found, as if it did not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from hikae.cloud.people.models import Membership, User

Rest = ParamSpec("Rest")


class MemberRequest(HttpRequest):
    """A request of somebody who is signed in and works for an organisation."""

    user: User
    membership: Membership


View = Callable[Concatenate[MemberRequest, Rest], HttpResponseBase]
Plain = Callable[Concatenate[HttpRequest, Rest], HttpResponseBase]


def for_members(view: View[Rest]) -> Plain[Rest]:
    """Answer any member of an organisation; others sign in, or find nothing."""

    @never_cache
    @login_required
    @wraps(view)
    def answer(
        request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        member = cast("MemberRequest", request)
        if member.membership is None:
            raise Http404
        return view(member, *args, **kwargs)

    return cast("Plain[Rest]", answer)


def for_those_who_act(view: View[Rest]) -> Plain[Rest]:
    """Answer members who register, fetch and answer; the others are told that they may not."""
    return _for(view, lambda member: member.may_fetch)


def for_those_who_import(view: View[Rest]) -> Plain[Rest]:
    """Answer members who bring files of banks; the others are told that they may not."""
    return _for(view, lambda member: member.may_import)


def for_those_who_export(view: View[Rest]) -> Plain[Rest]:
    """Answer members who give rows to other programs; the others are told that they may not."""
    return _for(view, lambda member: member.may_export)


def _for(view: View[Rest], may: Callable[[Membership], bool]) -> Plain[Rest]:
    @wraps(view)
    def answer(
        request: MemberRequest, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        if not may(request.membership):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return for_members(answer)
