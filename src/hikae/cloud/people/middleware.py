"""For whom a request is: the person's language and organisation."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from hikae.cloud.people.models import Membership, User
from hikae.cloud.people.tenancy import tenant

CHOSEN = "organisation"
"""Key in the session of the organisation that the person switched to."""

MEMBERSHIP = "membership"
"""Attribute of a request: the Membership worked under, None for who belongs nowhere."""

View = Callable[[HttpRequest], HttpResponseBase]


class LanguageMiddleware:
    """Speaks the language that the person chose."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer in the person's language."""
        if not isinstance(request.user, User):
            return self.get_response(request)
        # Who signs out is nobody afterwards.
        language = request.user.language
        with translation.override(language):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers["Content-Language"] = language
            return response


class OrganisationMiddleware:
    """Sets `request.membership` and works behind the wall of its organisation."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for the organisation that the person works for now."""
        membership = _membership(request)
        setattr(request, MEMBERSHIP, membership)
        if membership is None:
            return self.get_response(request)
        with tenant(membership.organisation_id):
            return self.get_response(request)


def _membership(request: HttpRequest) -> Membership | None:
    if not isinstance(request.user, User):
        return None
    memberships = request.user.memberships.select_related("organisation").order_by("joined_at")
    chosen = str(request.session.get(CHOSEN, ""))
    by_id = {str(membership.organisation_id): membership for membership in memberships}
    return by_id.get(chosen) or next(iter(by_id.values()), None)
