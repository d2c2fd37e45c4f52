"""The HTTP driver: pages over a transport, and the guard that a dialog only reads.

Before anything is sent, the words on what is pressed must be among those that the family presses,
and the place (method, host, path) among those it may reach by these words. Redirects and pages that
move by themselves are judged hop by hop in the same way, whatever a page calls itself.
"""

import asyncio
import re
from collections.abc import Coroutine, Iterable
from email.message import Message
from typing import Any, TypeVar
from urllib.parse import unquote, urljoin, urlsplit

from hikae.banks.connector import Reach
from hikae.banks.document import Document
from hikae.banks.errors import (
    ForbiddenPressError,
    ForbiddenReachError,
    NotAFileError,
    StalePageError,
    TooManyPagesError,
)
from hikae.banks.form import Submission
from hikae.banks.labels import fold, plain
from hikae.banks.page import Download, Page
from hikae.catalogue.catalogue import host_and_port
from hikae.transport.exchange import Request, Response, Transport

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_KEEPS_METHOD = frozenset({307, 308})
_HOPS = 10
_HEADERS = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": "ja"}
_FORM = "application/x-www-form-urlencoded"

T = TypeVar("T")


class HttpDriver:
    """Pages of one sign-in. Only the newest page can be used.

    unanswered: something was sent to which no page came, so that nobody knows where the bank is.
    """

    def __init__(
        self,
        transport: Transport,
        hosts: Iterable[str],
        presses: Iterable[str],
        reaches: Iterable[Reach],
        *,
        pages: int = 400,
        grace: float = 10.0,
    ) -> None:
        """Guard a transport.

        hosts: `host:port` of the institution. pages: how many a dialog may see. grace: seconds
        that a cancelled step may take to end, because leaving a bank needs its newest page.
        """
        self._transport = transport
        self._hosts = frozenset(hosts)
        self._presses = frozenset(map(fold, presses))
        self._reaches = [
            (each.method, each.host, re.compile(each.path), frozenset(map(fold, each.words)))
            for each in reaches
        ]
        self._limit = pages
        self._grace = grace
        self._seen = 0
        self.page: Page | None = None
        self.unanswered = False

    async def open(self, url: str) -> Page:
        """The first page of a dialog."""
        return await self._settled(self._show("", Submission("GET", url)))

    async def follow(self, page: Page, words: str, target: Submission) -> Page:
        """Press: the next page is open then, the old one no longer."""
        self._allow_press(page, words)
        return await self._settled(self._show(words, target))

    async def save(self, page: Page, words: str, target: Submission) -> Download:
        """Download: the page stays open, unless a page comes instead of a file."""
        self._allow_press(page, words)
        return await self._settled(self._take(words, target))

    def _allow_press(self, page: Page, words: str) -> None:
        if page is not self.page:
            raise StalePageError(page.heading)
        if fold(words) not in self._presses:
            raise ForbiddenPressError(page.heading, words)

    async def _show(self, words: str, target: Submission) -> Page:
        page = self._opened(await self._exchange(words, target))
        for _ in range(_HOPS):
            if page.refresh is None:
                return page
            page = self._opened(await self._exchange(words, Submission("GET", page.refresh)))
        raise TooManyPagesError(page.heading, _HOPS)

    async def _take(self, words: str, target: Submission) -> Download:
        response = await self._exchange(words, target)
        disposition = response.headers.get("content-disposition", "")
        kind = response.headers.get("content-type", "").lower()
        is_file = "html" not in kind or disposition.lower().startswith("attachment")
        if response.status != 200 or not is_file:
            raise NotAFileError(self._opened(response).heading, words)
        return Download(response.body, _file_name(disposition))

    def _opened(self, response: Response) -> Page:
        kind = response.headers.get("content-type", "")
        self.page = Page(Document(response.body, response.url, kind), self, response.status)
        return self.page

    async def _exchange(self, words: str, target: Submission) -> Response:
        for _ in range(_HOPS):
            self._allow_reach(words, target)
            request = self._request(target)
            self.unanswered = True
            response = await self._transport.send(request)
            self.unanswered = False
            location = response.headers.get("location")
            if response.status not in _REDIRECTS or location is None:
                return response
            body = target.body if response.status in _KEEPS_METHOD else None
            url = urljoin(target.url, location).partition("#")[0]
            target = Submission("GET" if body is None else "POST", url, body)
        raise TooManyPagesError(self._heading, _HOPS)

    def _request(self, target: Submission) -> Request:
        if self._seen >= self._limit:
            raise TooManyPagesError(self._heading, self._limit)
        self._seen += 1
        headers = dict(_HEADERS)
        if target.body is not None:
            headers["Content-Type"] = _FORM
        if self.page is not None and _same_host(self.page.url, target.url):
            headers["Referer"] = self.page.url
        return Request(target.method, target.url, headers, target.body, follow=False)

    def _allow_reach(self, words: str, target: Submission) -> None:
        address = urlsplit(target.url)
        path = unquote(address.path) or "/"
        try:
            host = host_and_port(target.url)
        except ValueError:
            raise ForbiddenReachError(self._heading, f"{address.scheme}:") from None
        clean = ".." not in path and "//" not in path and "\\" not in path
        if not clean or not any(
            method == target.method
            and (host in self._hosts if allowed == "*" else host == allowed)
            and (not by or fold(words) in by)
            and pattern.fullmatch(path)
            for method, allowed, pattern, by in self._reaches
        ):
            raise ForbiddenReachError(self._heading, f"{target.method} {host}{plain(path)}")

    @property
    def _heading(self) -> str:
        return self.page.heading if self.page is not None else ""

    async def _settled(self, step: Coroutine[Any, Any, T]) -> T:
        """Await a step; when cancelled, first let the bank's answer come in, within the grace."""
        task = asyncio.ensure_future(step)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            try:
                await asyncio.wait({task}, timeout=self._grace)
            finally:
                if not task.cancel() and not task.cancelled():
                    task.exception()  # seen: the cancellation is what is reported
            raise


def _same_host(one: str, other: str) -> bool:
    return urlsplit(one).netloc == urlsplit(other).netloc


def _file_name(disposition: str) -> str:
    """The name in a Content-Disposition header (RFC 6266), without any folders."""
    message = Message()
    message["content-disposition"] = disposition or "attachment"
    name = plain(message.get_filename() or "")
    return re.split(r"[/\\]", name)[-1][:100]
