import http.client
import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from hikae.simbank import SimBank
from hikae.simbank.control import ControlServer
from tests.unit.simbank.person import Person

Ask = Callable[..., tuple[int, object]]


@pytest.fixture
def ask(bank: SimBank) -> Iterator[Ask]:
    server = ControlServer(bank)
    server.start()

    def send(method: str, path: str, body: object = None) -> tuple[int, object]:
        line = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
        line.request(method, path, None if body is None else json.dumps(body))
        answer = line.getresponse()
        content = json.loads(answer.read())
        line.close()
        return answer.status, content

    yield send
    server.stop()


def test_customers_tell_all_that_is_needed_to_sign_in(bank: SimBank, ask: Ask) -> None:
    status, customers = ask("GET", "/customers")
    assert status == 200
    assert isinstance(customers, list)
    otp = next(one for one in customers if one["login_id"] == "otp_9903")
    customer = bank.customer("otp", "9903")
    assert otp["password"] == customer.password
    assert otp["one_time_password"] == customer.one_time_password()
    assert otp["p12"] == str(customer.p12)


def test_the_log_can_be_read_for_one_customer(
    bank: SimBank, ask: Ask, browser: Callable[..., Person]
) -> None:
    browser(bank.customer("ok")).sign_in()
    browser(bank.customer("notice")).open()
    status, entries = ask("GET", "/log?login=ok_9901")
    assert status == 200
    assert isinstance(entries, list)
    assert [entry["button"] for entry in entries if entry["button"]] == [
        "電子証明書ログイン",
        "ログイン",
    ]


def test_a_posting_by_hand_stands_in_the_books(bank: SimBank, ask: Ask) -> None:
    number = bank.customer("ok").accounts[1].number
    posting = {"booked_on": "2026-11-20", "amount": -777, "description": "ﾃﾞﾝｷﾘﾖｳ", "kind": "振替"}
    status, answer = ask("POST", "/post", {"login": "ok_9901", "account": number, **posting})
    assert status == 200
    assert isinstance(answer, dict)
    _, books = ask("GET", "/books?login=ok_9901")
    assert isinstance(books, list)
    rows = {row["key"]: row for row in books[1]["transactions"]}
    posted = rows[answer["key"]]
    assert {name: posted[name] for name in posting} == posting


def test_the_clock_moves_to_a_moment_or_by_seconds(bank: SimBank, ask: Ask) -> None:
    assert ask("POST", "/clock", {"now": "2026-12-01T09:00:00+09:00"})[0] == 200
    assert bank.clock.now().isoformat() == "2026-12-01T00:00:00+00:00"
    assert ask("POST", "/clock", {"advance": 90})[1] == {"now": "2026-12-01T00:01:30+00:00"}


def test_a_customer_can_meet_another_scenario(bank: SimBank, ask: Ask) -> None:
    change = {"login": "ok_9901", "scenario": "wrong_password"}
    assert ask("POST", "/scenario", change) == (200, {"scenario": "wrong_password"})
    customer = bank.customer("ok")
    assert customer.accepted_password != customer.password


def test_reset_returns_to_the_first_day(bank: SimBank, ask: Ask) -> None:
    customer = bank.customer("ok")
    before = customer.truth()
    bank.clock.advance(timedelta(days=3))
    bank.play(customer, "locked")
    assert customer.truth() != before
    assert ask("POST", "/reset", {})[0] == 200
    assert not customer.is_locked
    assert customer.truth() == before


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/clock", {}),
        ("/clock", {"now": "yesterday"}),
        ("/clock", {"now": "2026-12-01T09:00:00"}),
        ("/post", {"login": "nobody"}),
        ("/post", {"login": "ok_9901", "booked_on": "2026-11-20", "amount": 1.5}),
        ("/scenario", {"login": "ok_9901", "scenario": "unheard_of"}),
        ("/scenario", ["not", "an", "object"]),
    ],
)
def test_what_cannot_be_understood_is_refused(ask: Ask, path: str, body: object) -> None:
    status, answer = ask("POST", path, body)
    assert status == 400
    assert isinstance(answer, dict)
    assert answer["error"]


def test_unknown_paths_are_not_found(ask: Ask) -> None:
    assert ask("GET", "/nothing")[0] == 404
