"""The control listener: plain HTTP on loopback, by which other processes watch and move the bank.

GET /log · GET /customers · GET /books?login=… · POST /clock · POST /post · POST /scenario ·
POST /reset. Bodies and answers are JSON; a request that cannot be understood gets 400 with the
reason. All it gives away is fake.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

from hikae.simbank.bank import SimBank
from hikae.simbank.customer import Customer
from hikae.simbank.ledger import Kind, Posting, as_plain

_BODY_LIMIT = 1 << 16

Body = Mapping[str, object]
T = TypeVar("T")


class RequestError(ValueError):
    """What is wrong with a request to the control listener."""


class ControlServer(ThreadingHTTPServer):
    """The listener of one SimBank."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, bank: SimBank, port: int = 0) -> None:
        self.bank = bank
        super().__init__(("127.0.0.1", port), _Control)
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="simbank control")

    @property
    def origin(self) -> str:
        """Scheme, address and port."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering."""
        self.shutdown()
        self._thread.join()
        self.server_close()


class _Control(BaseHTTPRequestHandler):
    server: ControlServer
    timeout = 10

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self._run(_READ.get(url.path), query)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > _BODY_LIMIT:
            self._send(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"error": "too large"})
            return
        try:
            body = json.loads(self.rfile.read(int(length)) or b"{}")
        except ValueError:
            body = None
        if not isinstance(body, dict):
            self._send(HTTPStatus.BAD_REQUEST, {"error": "a JSON object is expected"})
            return
        self._run(_CHANGE.get(urlsplit(self.path).path), body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """Control requests are not logged."""

    def _run(self, action: Callable[[SimBank, Body], object] | None, body: Body) -> None:
        if action is None:
            self._send(HTTPStatus.NOT_FOUND, {"error": "unknown path"})
            return
        try:
            answer = action(self.server.bank, body)
        except (RequestError, LookupError) as error:
            self._send(HTTPStatus.BAD_REQUEST, {"error": str(error)})
        else:
            self._send(HTTPStatus.OK, answer)

    def _send(self, status: HTTPStatus, answer: object) -> None:
        content = json.dumps(answer, ensure_ascii=False).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _log(bank: SimBank, body: Body) -> object:
    login = body.get("login")
    return [e.as_plain() for e in bank.log.entries(str(login) if login else None)]


def _customers(bank: SimBank, body: Body) -> object:
    del body
    return [_customer(customer) for customer in bank.customers()]


def _customer(customer: Customer) -> dict[str, object]:
    return {
        "institution": customer.institution.code,
        "login_id": customer.login_id,
        "scenario": customer.scenario.name,
        "story": customer.scenario.story,
        "password": customer.password,
        "accepted_password": customer.accepted_password,
        "one_time_password": customer.one_time_password(),
        "p12": str(customer.p12),
        "p12_password": customer.p12_password,
        "certificates": {kind: str(c.p12) for kind, c in customer.certificates.items()},
        "wrong_passwords": customer.wrong_passwords,
        "locked": customer.is_locked,
        "sign_ins": len(customer.sign_ins),
        "transfers": customer.transfers,
    }


def _books(bank: SimBank, body: Body) -> object:
    return [as_plain(account, extract) for account, extract in bank.books(_login(bank, body))]


def _clock(bank: SimBank, body: Body) -> object:
    """`{"now": "<ISO time with zone>"}` or `{"advance": seconds}`."""
    now, advance = body.get("now"), body.get("advance")
    if isinstance(now, str):
        moment = _parsed(datetime.fromisoformat, now, "now")
        if moment.tzinfo is None:
            raise RequestError("now: a time zone is expected")
        bank.clock.set(moment)
    elif isinstance(advance, int | float):
        bank.clock.advance(timedelta(seconds=advance))
    else:
        raise RequestError("now or advance is expected")
    return {"now": bank.clock.now().isoformat()}


def _post(bank: SimBank, body: Body) -> object:
    """`{"login", "account", "booked_on", "amount", "description", "kind"?}`."""
    customer = _login(bank, body)
    day = _parsed(date.fromisoformat, _text(body, "booked_on"), "booked_on")
    amount = body.get("amount")
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise RequestError("amount: whole yen are expected")
    word = body.get("kind", Kind.TRANSFER.word)
    kinds = [kind for kind in Kind if kind.word == word]
    if not kinds:
        raise RequestError(f"kind: one of {[kind.word for kind in Kind]} is expected")
    posting = Posting(day, day, amount, kinds[0], _text(body, "description"))
    return {"key": bank.post(customer, _text(body, "account"), posting)}


def _scenario(bank: SimBank, body: Body) -> object:
    """`{"login", "scenario"}`."""
    customer = _login(bank, body)
    bank.play(customer, _text(body, "scenario"))
    return {"scenario": customer.scenario.name}


def _reset(bank: SimBank, body: Body) -> object:
    """`{}`, or `{"login"}` for one customer alone."""
    if "login" in body:
        bank.forget(_login(bank, body))
    else:
        bank.reset()
    return {"now": bank.clock.now().isoformat()}


def _login(bank: SimBank, body: Body) -> Customer:
    return bank.find(_text(body, "login"))


def _text(body: Body, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise RequestError(f"{name}: a text is expected")
    return value


def _parsed(parse: Callable[[str], T], text: str, name: str) -> T:
    try:
        return parse(text)
    except ValueError as error:
        raise RequestError(f"{name}: {error}") from None


_READ: Mapping[str, Callable[[SimBank, Body], object]] = {
    "/log": _log,
    "/customers": _customers,
    "/books": _books,
}
_CHANGE: Mapping[str, Callable[[SimBank, Body], object]] = {
    "/clock": _clock,
    "/post": _post,
    "/scenario": _scenario,
    "/reset": _reset,
}
