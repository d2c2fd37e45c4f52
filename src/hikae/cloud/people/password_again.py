"""Asking for the password once more, before what must not be done at a browser left open."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, cast

from allauth.account.decorators import reauthentication_required
from django.http import HttpResponse

from hikae.cloud.pages.access import MemberRequest

Rest = ParamSpec("Rest")
View = Callable[Concatenate[MemberRequest, Rest], HttpResponse]


def with_password_again(view: View[Rest]) -> View[Rest]:
    """Answer who has typed their password within five minutes; others are asked, then answered.

    Who has no password, as the first person of a single PC, is not asked.
    """
    return cast("View[Rest]", reauthentication_required(view))
