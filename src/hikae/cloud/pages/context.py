"""What every template may show: the person's organisations, and where in the menu one is."""

from django.conf import settings
from django.http import HttpRequest

from hikae import __version__
from hikae.cloud.people.models import Membership, User

_PLACES = {
    "institutions": "search",
    "connections": "list",
    "devices": "device",
    "imports": "files",
}
"""By app: the entry of データ連携 under which its pages are."""
_OF_STATEMENTS = {"exports", "balances"}
"""Apps whose pages are under 明細."""
_REGISTERING = "connections:register"


def shell(request: HttpRequest) -> dict[str, Membership | list[Membership] | str | bool | None]:
    """The membership worked under, the others, the menu entry of the page."""
    match = request.resolver_match
    app, view = (match.app_name, match.view_name) if match else ("", "")
    user = getattr(request, "user", None)
    section = "statements" if app in _OF_STATEMENTS else app
    return {
        "membership": getattr(request, "membership", None),
        "others": _others(user, request) if isinstance(user, User) else [],
        "section": "links" if app in _PLACES else section,
        "place": "search" if view == _REGISTERING else _PLACES.get(app, ""),
        "version": __version__,
        "mails": settings.HIKAE_MAILS,
        "sign_up": settings.HIKAE_SIGN_UP,
    }


def _others(user: User, request: HttpRequest) -> list[Membership]:
    current: Membership | None = getattr(request, "membership", None)
    found = user.memberships.select_related("organisation").order_by("organisation__name")
    return [each for each in found if current is None or each.pk != current.pk]
