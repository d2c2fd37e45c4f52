"""A person at the cloud's pages, by hand: signed in by a one-use link, pressing buttons."""

import http.cookiejar
import urllib.parse
import urllib.request

from hikae.cloud.people.models import User
from hikae.cloud.people.sign_in_link import make_link
from hikae.model.clock import system_clock


class Person:
    """Somebody who is signed in."""

    def __init__(self, origin: str, user: User) -> None:
        self._origin = origin
        self._cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(self._cookies)
        )
        self.look(f"/enter/{make_link(user, system_clock())}")

    def look(self, path: str) -> str:
        """Open a page; the text of it."""
        with self._opener.open(self._origin + path, timeout=60) as page:
            return str(page.read().decode())

    def press(self, path: str, **fields: str) -> str:
        """Press a button that posts; the text of the page after it."""
        self.look("/device/")
        values = {cookie.name: cookie.value or "" for cookie in self._cookies}
        form = urllib.parse.urlencode({**fields, "csrfmiddlewaretoken": values["csrftoken"]})
        with self._opener.open(self._origin + path, form.encode(), timeout=60) as page:
            return str(page.read().decode())
