"""The site: from a request to the visit it belongs to, to the button pressed, to the page shown.

Every page carries a one-time token; a POST that repeats an old one breaks the visit, as the
browser's back button does on the real sites.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from itertools import count
from threading import Lock
from urllib.parse import parse_qs

from hikae.simbank.authority import Authority, login_id_of
from hikae.simbank.clock import BankClock
from hikae.simbank.customer import Customer
from hikae.simbank.exchange import Reply, Request
from hikae.simbank.families.bizsol import document, menu, sign_in
from hikae.simbank.families.bizsol.addresses import CERTIFICATE, Addresses
from hikae.simbank.families.bizsol.page import (
    PICTURES,
    Button,
    File,
    Form,
    Outcome,
    Page,
    Redirect,
    first,
)
from hikae.simbank.families.bizsol.visit import Doors, Visit
from hikae.simbank.institution import Institution

_COOKIE = "JSESSIONID"

# guess: no bank publishes the wording of these
_BROKEN = "画面の操作に誤りがあります。ブラウザの「戻る」ボタンなどは使用できません。(E9001)"
_IDLE = "一定時間操作が行われなかったため、自動的にログアウトしました。(E9002)"
_THROWN_OUT = "同一のログインIDで、別のユーザがログインしました。(E9003)"
_UNKNOWN = "ページが見つかりません。(E9004)"


class BizsolSite:
    """The pages of one bank; safe to call from many threads."""

    def __init__(
        self,
        bank: Institution,
        customers: Mapping[str, Customer],
        authority: Authority,
        clock: BankClock,
        seed: str,
    ) -> None:
        self.lock = Lock()
        self._bank, self._customers = bank, customers
        self._authority, self._clock, self._seed = authority, clock, seed
        self._addresses = Addresses(bank.code)
        self._numbers = count(1)
        self._visits: dict[str, Visit] = {}
        self._doors = Doors()

    @property
    def sign_in_path(self) -> str:
        """The path of [BLGI001]."""
        return self._addresses.first

    @property
    def certificate_path(self) -> str:
        """Where 電子証明書ログイン leads."""
        return CERTIFICATE

    def forget(self, login_id: str = "") -> None:
        """End all visits, or those of one user, as if nobody had ever been here."""
        if login_id:
            for visit in list(self._visits.values()):
                if visit.customer is not None and visit.customer.login_id == login_id:
                    del self._visits[visit.key]
            self._doors.forget(login_id)
            return
        self._visits.clear()
        self._doors = Doors()

    def answer(self, request: Request) -> Reply:
        """Handle one request and note what the log wants to know of it."""
        form = _form(request.body)
        with self.lock:
            visit = self._visits.get(request.cookies.get(_COOKIE, ""))
            button = visit.shown.find(request.path, form) if visit else None
            label = _reworded(button.label, visit) if button and visit else ""
            if request.method == "GET":
                reply = self._get(visit, request)
            else:
                reply = self._post(visit, request, form, button)
        return replace(
            reply,
            customer=_login_id(visit, request),
            button=label,
            fields=tuple(sorted(form)),
            filled=tuple(sorted(name for name in form if any(form[name]))),
        )

    def _get(self, visit: Visit | None, request: Request) -> Reply:
        if request.path == self._addresses.first:
            return self._welcome(request)
        if request.path.startswith(PICTURES):
            return document.picture_reply(request.path)
        if request.path in _COUNTERS:
            page = Page("", _COUNTERS[request.path], ("<p>窓口 平日 9時から17時</p>",))
            return self._render(None, page)
        if visit is not None and (link := visit.shown.link(request.path)):
            return self._carry_out(visit, link.then(visit, {}))
        if visit is not None and visit.awaits == request.path:
            visit.awaits = ""
            return self._render(visit, visit.shown)
        if self._addresses.is_page(request.path):
            return self._end(visit, _BROKEN)
        return self._render(None, sign_in.refusal("エラー", _UNKNOWN, status=404))

    def _welcome(self, request: Request) -> Reply:
        key = self._secret("visit")
        visit = Visit(
            key=key,
            bank=self._bank,
            clock=self._clock,
            addresses=self._addresses,
            doors=self._doors,
            top_page=menu.top_page,
            last_seen=self._clock.now(),
            host=request.host,
        )
        self._visits[key] = visit
        reply = self._show(visit, sign_in.login_page(visit))
        cookie = ("Set-Cookie", f"{_COOKIE}={key}; Path=/; Secure; HttpOnly")
        return replace(reply, headers=(*reply.headers, cookie))

    def _post(
        self, visit: Visit | None, request: Request, form: Form, button: Button | None
    ) -> Reply:
        if visit is None:
            return self._end(None, _BROKEN)
        if visit.thrown_out:
            return self._end(visit, _THROWN_OUT)
        if visit.is_idle():
            return self._end(visit, _IDLE)
        if button is None or first(form, "_token") != visit.token:
            return self._end(visit, _BROKEN)
        visit.last_seen = self._clock.now()
        if request.path == CERTIFICATE:
            self._recognise(visit, request)
        reply = self._carry_out(visit, button.then(visit, form))
        if visit.customer and self._addresses.is_inquiry(request.path):
            return replace(reply, delay=visit.customer.scenario.delay_seconds)
        return reply

    def _recognise(self, visit: Visit, request: Request) -> None:
        visit.certificate = request.certificate
        if request.certificate is not None:
            visit.revoked = self._authority.has_revoked(request.certificate)
            visit.customer = self._customers.get(login_id_of(request.certificate))

    def _carry_out(self, visit: Visit, outcome: Outcome) -> Reply:
        """A download and a failure leave the page shown, and so its token, as they are."""
        match outcome:
            case File():
                return document.file_reply(outcome)
            case Redirect(status=307):
                visit.shown = outcome.page
                return document.redirect_reply(outcome)
            case Redirect():
                self._turn_to(visit, outcome.page)
                visit.awaits = outcome.path
                return document.redirect_reply(outcome)
            case Page(status=500) | Page(hang=True):
                return self._render(visit, outcome)
            case Page():
                return self._show(visit, outcome)

    def _show(self, visit: Visit, page: Page) -> Reply:
        self._turn_to(visit, page)
        return self._render(visit, page)

    def _turn_to(self, visit: Visit, page: Page) -> None:
        visit.shown = page
        visit.token = self._secret("token")
        if page.last:
            self._visits.pop(visit.key, None)

    def _end(self, visit: Visit | None, words: str) -> Reply:
        page = sign_in.refusal("エラー", words)
        if visit is not None:
            self._turn_to(visit, page)
        return self._render(visit, page)

    def _render(self, visit: Visit | None, page: Page) -> Reply:
        text = document.html(page, self._bank.name, visit.token if visit else "")
        return document.page_reply(page, _reworded(text, visit))

    def _secret(self, purpose: str) -> str:
        return sha256(f"{self._seed} {purpose} {next(self._numbers)}".encode()).hexdigest()


_COUNTERS = {"/contact": "お問い合わせ", "/renewal": "電子証明書の更新"}


def _form(body: bytes) -> Form:
    return parse_qs(body.decode("ascii", "replace"), keep_blank_values=True, encoding="cp932")


def _login_id(visit: Visit | None, request: Request) -> str:
    if visit is not None and visit.customer is not None:
        return visit.customer.login_id
    return login_id_of(request.certificate) if request.certificate else ""


def _reworded(text: str, visit: Visit | None) -> str:
    if visit is not None and visit.customer is not None:
        for old, new in visit.customer.scenario.words.items():
            text = text.replace(old, new)
    return text
