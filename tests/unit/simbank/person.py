"""A person at a browser: walks the bank's pages by what stands on them, with the stdlib alone."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from hikae.simbank import Customer, SimBank


@dataclass
class Form:
    """A form as the browser sees it. elsewhere: where a button leads that says so itself."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: dict[str, tuple[str, bool]] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.rows: list[list[str]] = []
        self.links: dict[str, str] = {}
        self.moves: list[str] = []
        self._awaits: Callable[[str], None] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(a["action"], a["method"]))
        elif tag == "a":
            self._awaits = lambda words: self.links.update({words: a["href"]})
        elif tag == "button":
            self._awaits = lambda words: self._button(words, a)
        elif tag == "iframe":
            self.moves.append(a["src"])
        elif tag == "meta" and a.get("http-equiv") == "refresh":
            self.moves.append(a["content"].partition("url=")[2])
        elif tag == "tr":
            self.rows.append([])
        elif tag == "td" and self.rows:
            self.rows[-1].append("")
        elif tag == "input":
            self._input(a)

    def _input(self, a: dict[str, str]) -> None:
        form = self.forms[-1]
        if a["type"] == "submit":
            form.buttons[a["value"]] = (a["name"], False)
        elif a["type"] == "image":
            form.buttons[a["alt"]] = (a["name"], True)
        elif a["type"] in {"hidden", "text", "password"}:
            form.fields[a["name"]] = a.get("value", "")

    def _button(self, words: str, a: dict[str, str]) -> None:
        self.forms[-1].buttons[words] = (a["name"], False)
        self.forms[-1].elsewhere[words] = a["formaction"]

    def handle_data(self, data: str) -> None:
        if self._awaits:
            self._awaits(data)
            self._awaits = None
        self.text.append(data)
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


@dataclass
class Shown:
    """What the browser shows or has downloaded."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The visible words."""
        return "".join(self._read().text)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of all table rows."""
        return self._read().rows

    def form_with(self, label: str) -> Form:
        """The form that has a button of that label."""
        forms = [form for form in self._read().forms if label in form.buttons]
        assert len(forms) == 1, (label, self.text)
        return forms[0]

    @property
    def moves(self) -> list[str]:
        """Where the page goes or looks by itself."""
        return self._read().moves

    @property
    def links(self) -> dict[str, str]:
        """Addresses by their words."""
        return self._read().links

    def has_button(self, label: str) -> bool:
        """Whether there is a button of that label."""
        return any(label in form.buttons for form in self._read().forms)

    def _read(self) -> _Reader:
        return _Reader(self.body.decode("cp932"))


class Person:
    """A browser with one client certificate (or none)."""

    def __init__(
        self,
        bank: SimBank,
        customer: Customer,
        *,
        pem: Path | None = None,
        with_certificate: bool = True,
        tls12: bool = False,
    ) -> None:
        self.bank, self.customer = bank, customer
        self.url = bank.sign_in_url(customer.institution.code)
        context = ssl.create_default_context(cafile=str(bank.ca_file))
        context.post_handshake_auth = True
        if tls12:
            context.maximum_version = ssl.TLSVersion.TLSv1_2
        if with_certificate:
            context.load_cert_chain(pem or customer.certificate.pem)
        self.context = context
        port = urlsplit(self.url).port
        self.line = http.client.HTTPSConnection("localhost", port, context=context, timeout=20)
        self.cookie = ""
        self.page = Shown(0, {}, b"")

    def close(self) -> None:
        """Close the browser without signing out."""
        self.line.close()

    def open(self, path: str = "") -> Shown:
        """Type an address."""
        self.page = self._ask("GET", path or urlsplit(self.url).path, None)
        return self.page

    def press(self, label: str, **values: str | list[str]) -> Shown:
        """Fill fields by name and press a button; a download leaves the page as it is."""
        form = self.page.form_with(label)
        name, is_image = form.buttons[label]
        pressed = {f"{name}.x": "3", f"{name}.y": "4"} if is_image else {name: label}
        path = form.elsewhere.get(label, form.action)
        sent = {**form.fields, **values, **pressed}
        shown = self.open(urlsplit(path).path) if form.method == "get" else self.send(path, sent)
        if "attachment" not in shown.headers.get("content-disposition", ""):
            self.page = shown
        return shown

    def send(self, path: str, values: dict[str, str | list[str]]) -> Shown:
        """Post a form and follow the redirect."""
        body = urlencode(values, doseq=True, encoding="cp932")
        shown = self._ask("POST", urlsplit(path).path, body)
        if shown.status == 307:
            shown = self._ask("POST", shown.headers["location"], body)
        if shown.status == 302:
            shown = self._ask("GET", shown.headers["location"], None)
        return shown

    def reach_password(self) -> Shown:
        """Open the bank and show the certificate."""
        self.open()
        return self.press("電子証明書ログイン")

    def sign_in(self) -> Shown:
        """Up to what comes after the password."""
        self.reach_password()
        return self.press("ログイン", txtLoginPw=self.customer.password)

    def ask_statements(self, start: str, end: str, accounts: int = 3) -> Shown:
        """From the top page to the result of 日付範囲指定 over the first accounts."""
        self.press("明細照会")
        self.press("入出金明細照会")
        chosen = [str(n) for n in range(accounts)]
        days = {"txtFrom": start, "txtTo": end}
        if "txtFromY" in self.page.form_with("照会").fields:
            days = {
                f"{name}{part}": value
                for name, day in days.items()
                for part, value in zip("YMD", day.split("/"), strict=True)
            }
        return self.press("照会", chkAccount=chosen, rdoMethod="range", **days)

    def _ask(self, method: str, path: str, body: str | None) -> Shown:
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        shown = Shown(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        self.cookie = shown.headers.get("set-cookie", self.cookie).partition(";")[0]
        return shown
