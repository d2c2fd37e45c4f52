"""Asking who it is once more, before what must not be done at a browser left open."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from django.http import HttpResponse
from django.shortcuts import redirect

from hikae.cloud.pages.access import MemberRequest

Rest = ParamSpec("Rest")
View = Callable[Concatenate[MemberRequest, Rest], HttpResponse]


def with_password_again(view: View[Rest]) -> View[Rest]:
    """Answer who has proven within five minutes that it is them; others are asked, then answered.

    By password, passkey, authenticator app or recovery code. What was posted is done after the
    proof; it waits in the session, so it must hold no secret. Who has none of these, as the first
    person of a single PC, is not asked.
    """
    return cast("View[Rest]", reauthentication_required(view))


def asked_before_typing(view: View[Rest]) -> View[Rest]:
    """The same for a page on which secrets are typed: it is shown after the proof only.

    What is posted too late is not kept: the page is shown again, and asks.
    """

    @wraps(view)
    def answer(request: MemberRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        if request.method == "POST" and is_reauthentication_required(request, app=""):
            return redirect(request.get_full_path())
        return with_password_again(view)(request, *args, **kwargs)

    return cast("View[Rest]", answer)
