"""A person who walks the cloud's pages over HTTP, without scripts: reads, fills in, presses.

It finds things as the banks' dialogs do, by the words that stand on the page; only the guard that
a dialog with a bank needs is not there.
"""

import re
from typing import Self
from urllib.parse import urlsplit

from hikae.banks.document import Document
from hikae.banks.form import Submission
from hikae.banks.page import Download, Page
from hikae.transport.curl import open_transport
from hikae.transport.errors import Target
from hikae.transport.exchange import Hosts, Limits, Request
from hikae.transport.proxy import NO_PROXY

_KEY = re.compile(r"hk1\.[a-z2-7]+\.[a-z2-7]+")
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NotShownError(Exception):
    """A page does not show what a person looks for on it."""


class Browser:
    """Pages over a transport, as the driver that a `Page` asks to press its buttons."""

    def __init__(self, origin: str) -> None:
        """A new browser for one site."""
        self.origin = origin
        self.server_timing = ""
        hosts = Hosts(frozenset({urlsplit(origin).netloc}))
        self._transport = open_transport(hosts, NO_PROXY, None, Limits(), target=Target.CLOUD)

    async def open(self, path: str) -> Page:
        """Type an address."""
        return await self._send(Submission("GET", self.origin + path))

    async def follow(self, page: Page, _words: str, target: Submission) -> Page:
        """Press a button."""
        return await self._send(target, {"Referer": page.url})

    async def save(self, _page: Page, _words: str, target: Submission) -> Download:
        """Download what a button offers."""
        response = await self._transport.send(Request(target.method, target.url))
        return Download(response.body, "")

    async def close(self) -> None:
        """Close the browser."""
        await self._transport.close()

    async def _send(self, target: Submission, headers: dict[str, str] | None = None) -> Page:
        form = _FORM if target.body is not None else {}
        request = Request(target.method, target.url, {**(headers or {}), **form}, target.body)
        response = await self._transport.send(request)
        self.server_timing = response.headers.get("server-timing", "")
        kind = response.headers.get("content-type", "")
        return Page(Document(response.body, response.url, kind), self, response.status)


class Person:
    """Somebody in front of a browser."""

    def __init__(self, origin: str) -> None:
        """Open a browser of their own."""
        self._browser = Browser(origin)
        self._password = ""

    async def __aenter__(self) -> Self:
        """The person."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the browser."""
        await self._browser.close()

    @property
    def server_timing(self) -> str:
        """What the server said of the time that its last answer took (Server-Timing)."""
        return self._browser.server_timing

    async def visit(self, path: str) -> Page:
        """Type an address of the cloud, and the password where it is asked for again."""
        return await self.prove(await self._browser.open(path))

    async def prove(self, page: Page) -> Page:
        """Type the password again where a page asks for it; the page that comes then."""
        if page.heading != "パスワードの確認":
            return page
        page.fill("パスワード", self._password)
        return await page.press("続行")

    async def sign_in(self, email: str, password: str) -> Page:
        """Sign in with e-mail and password."""
        self._password = password
        page = await self.visit("/accounts/login/")
        page.fill("メールアドレス", email)
        page.fill("パスワード", password)
        return await page.press("ログイン")

    async def issue_key(self) -> str:
        """認証キーを発行, and read it."""
        page = await self.visit("/device/")
        page = await self.prove(await page.press("認証キーを発行"))
        key = _KEY.search(page.text)
        if key is None:
            raise NotShownError("the page shows no 認証キー")
        return key.group()

    async def confirm_pc(self, fingerprint: str) -> Page:
        """Compare the fingerprint and confirm the PC."""
        page = await self.visit("/device/")
        if not page.has(fingerprint):
            raise NotShownError("the page shows another fingerprint than the PC")
        return await page.press("同じなので登録する")

    async def register(self, code: str, password: str) -> Page:
        """新規登録: look an institution up by its code, give its login information."""
        found = await self.visit(f"/institutions/?words={code}")
        if not found.has("(電子証明書)"):
            raise NotShownError("the institution is not found")
        page = await self.visit(f"/connections/new/{code}")
        page.fill("ログインパスワード", password)
        return await page.press("連携登録")

    async def answer_challenge(self, text: str) -> Page:
        """追加認証を入力, where 登録済一覧 offers it."""
        page = await self.visit("/connections/")
        page = await page.press("追加認証を入力")
        page.fill("ワンタイムパスワード", text)
        return await page.press("送信")
