"""A session over libcurl against real servers."""

import asyncio
import json
import logging
import ssl
import threading
from datetime import UTC, datetime, timedelta

import pytest

from hikae.model.certificate import Pkcs12, StoreKey, TokenKey
from hikae.model.problems import ProblemCode, ProblemError
from hikae.model.secret import Secret
from hikae.transport.curl import CurlTransport, open_transport
from hikae.transport.errors import (
    AddressRefusedError,
    ClosedError,
    KeyUnusableError,
    Target,
    TooMuchError,
    TransportError,
)
from hikae.transport.exchange import Hosts, Limits, Request
from hikae.transport.proxy import NO_PROXY
from tests.unit.transport.authority import NOW, Authority, Issued
from tests.unit.transport.conftest import QUICK, Open
from tests.unit.transport.web import Site, serving


def get(site: Site, path: str, limits: Limits | None = None) -> Request:
    return Request("GET", site.address + path, limits=limits)


async def problem_of(transport: CurlTransport, request: Request) -> tuple[ProblemCode, object]:
    with pytest.raises(TransportError) as caught:
        await transport.send(request)
    return caught.value.problem.code, caught.value.problem.details["reason"]


async def test_an_answer_has_status_address_headers_body_and_the_servers_clock(
    site: Site, connect: Open
) -> None:
    response = await connect(site).send(get(site, "/"))
    assert (response.status, response.url) == (200, f"{site.address}/")
    assert response.headers["content-type"] == "text/html; charset=Shift_JIS"
    assert response.body.decode("cp932") == "ようこそ"
    assert response.date is not None
    assert abs(response.date - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_what_was_sent_on_a_kept_connection_that_breaks_is_not_sent_twice(
    site: Site, connect: Open, method: str
) -> None:
    transport = connect(site)
    await transport.send(get(site, "/"))
    request = Request(method, f"{site.address}/gone", body=b"password=once")
    assert await problem_of(transport, request) == (ProblemCode.BANK_UNREACHABLE, "broken")
    assert site.requests == ["GET /", f"{method} /gone"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_method_headers_and_body_arrive_as_given(
    site: Site, connect: Open, method: str
) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": "ja"}
    request = Request(method, f"{site.address}/echo", headers, '{"名": 1}'.encode())
    said = json.loads((await connect(site).send(request)).body)
    assert said["method"] == method
    assert json.loads(said["body"]) == {"名": 1}
    assert said["headers"]["Content-Type"] == "application/json"
    assert said["headers"]["Accept-Language"] == "ja"
    assert "Expect" not in said["headers"]


async def test_nothing_of_one_request_remains_in_the_next(site: Site, connect: Open) -> None:
    transport = connect(site)
    await transport.send(Request("POST", f"{site.address}/echo", {"X-One": "1"}, b"a=b"))
    said = json.loads((await transport.send(get(site, "/echo"))).body)
    assert (said["method"], said["body"]) == ("GET", "")
    assert "X-One" not in said["headers"]


async def test_a_header_cannot_break_out_of_its_line(site: Site, connect: Open) -> None:
    request = Request("GET", f"{site.address}/echo", {"X-Name": "a\r\nX-Other: b"})
    with pytest.raises(ValueError, match="line break"):
        await connect(site).send(request)
    assert site.requests == []


async def test_one_session_keeps_its_connection_and_its_cookies(site: Site, connect: Open) -> None:
    transport = connect(site)
    first = await transport.send(get(site, "/cookie"))
    second = await transport.send(get(site, "/cookie"))
    assert (first.body, second.body) == (b"", b"session=abc")
    assert site.connections == 1


async def test_two_sessions_share_no_cookie(site: Site, connect: Open) -> None:
    await connect(site).send(get(site, "/cookie"))
    assert (await connect(site).send(get(site, "/cookie"))).body == b""


async def test_a_server_error_is_an_answer(site: Site, connect: Open) -> None:
    response = await connect(site).send(get(site, "/broken"))
    assert (response.status, response.body.decode()) == (500, "システムエラー")


async def test_a_sink_takes_the_body_in_its_place(site: Site, connect: Open) -> None:
    pieces: list[bytes] = []
    response = await connect(site).send(get(site, "/big?bytes=300000"), pieces.append)
    assert response.body == b""
    assert b"".join(pieces) == b"0" * 300_000


async def test_a_sink_sees_nothing_of_a_redirect(site: Site, connect: Open) -> None:
    pieces: list[bytes] = []
    await connect(site).send(get(site, "/redirect?to=/big?bytes=3"), pieces.append)
    assert b"".join(pieces) == b"000"


async def test_what_a_sink_raises_comes_out_of_send(site: Site, connect: Open) -> None:
    def full(_piece: bytes) -> None:
        raise OSError(28, "no space left")

    with pytest.raises(OSError, match="no space left"):
        await connect(site).send(get(site, "/big?bytes=10"), full)


# The customer's certificate


@pytest.mark.parametrize("form", ["pem", "pkcs12", "old_pkcs12"])
async def test_a_certificate_opens_the_bank_in_every_form(
    bank: Site, connect: Open, customer: Issued, form: str
) -> None:
    transport = connect(bank, identity=getattr(customer, form)())
    assert (await transport.send(get(bank, "/certificate"))).body == b"CN=user001"


async def test_a_certificate_is_shown_when_one_path_asks_for_it(
    context: ssl.SSLContext, authority: Authority, connect: Open, customer: Issued
) -> None:
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.post_handshake_auth = True
    with serving(context) as site:
        transport = connect(site, identity=customer.pkcs12())
        assert (await transport.send(get(site, "/certificate"))).body == b""
        assert (await transport.send(get(site, "/signin"))).body == b"CN=user001"


async def test_a_bank_that_speaks_only_tls_1_2_is_reached(
    context: ssl.SSLContext, authority: Authority, connect: Open, customer: Issued
) -> None:
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with serving(context) as site:
        transport = connect(site, identity=customer.pkcs12())
        assert (await transport.send(get(site, "/certificate"))).body == b"CN=user001"


async def test_without_a_certificate_the_bank_says_that_one_is_required(
    bank: Site, connect: Open
) -> None:
    found = await problem_of(connect(bank), get(bank, "/"))
    assert found == (ProblemCode.CERTIFICATE_MISSING, "certificate_required")


async def test_a_certificate_of_another_authority_is_rejected(
    bank: Site, connect: Open, stranger: Authority
) -> None:
    transport = connect(bank, identity=stranger.issue("user001").pem())
    assert await problem_of(transport, get(bank, "/")) == (
        ProblemCode.CERTIFICATE_REJECTED,
        "unknown_ca",
    )


async def test_an_expired_certificate_is_rejected_with_the_reason(
    bank: Site, connect: Open, authority: Authority
) -> None:
    expired = authority.issue("user001", NOW - timedelta(days=9), NOW - timedelta(days=1))
    found = await problem_of(connect(bank, identity=expired.pem()), get(bank, "/"))
    assert found == (ProblemCode.CERTIFICATE_REJECTED, "certificate_expired")


@pytest.mark.parametrize("form", ["pkcs12", "old_pkcs12"])
async def test_a_wrong_password_of_a_certificate_file_is_pin_wrong(
    connect: Open, customer: Issued, form: str
) -> None:
    locked: Pkcs12 = getattr(customer, form)()
    with pytest.raises(KeyUnusableError) as caught:
        connect(identity=Pkcs12(locked.blob, Secret("wrong")))
    assert caught.value.problem.code is ProblemCode.PIN_WRONG


async def test_a_certificate_file_of_rubbish_is_key_unreadable(connect: Open) -> None:
    with pytest.raises(KeyUnusableError) as caught:
        connect(identity=Pkcs12(b"rubbish", Secret("wrong")))
    assert caught.value.problem.code is ProblemCode.KEY_UNREADABLE


async def test_a_key_on_a_token_is_refused_before_anything_is_sent(connect: Open) -> None:
    token = TokenKey("pkcs11:object=user001", "/usr/lib/module.so", Secret("1234"))
    with pytest.raises(KeyUnusableError) as caught:
        connect(identity=token)
    assert caught.value.problem.code is ProblemCode.KEY_UNREADABLE


async def test_a_certificate_that_is_not_in_the_store_is_missing(bank: Site, connect: Open) -> None:
    found = await problem_of(connect(bank, identity=StoreKey("00" * 20)), get(bank, "/"))
    assert found == (ProblemCode.CERTIFICATE_MISSING, "not_in_store")


# Whom we trust


async def test_a_server_of_another_authority_is_not_trusted(
    site: Site, connect: Open, stranger: Authority
) -> None:
    found = await problem_of(connect(site, ca=stranger.file), get(site, "/"))
    assert found == (ProblemCode.BANK_UNTRUSTED, "untrusted")
    assert site.requests == []


async def test_a_trial_authority_is_not_among_the_public_ones(site: Site, connect: Open) -> None:
    found = await problem_of(connect(site, ca=None), get(site, "/"))
    assert found == (ProblemCode.BANK_UNTRUSTED, "untrusted")


async def test_an_expired_server_certificate_is_not_trusted(
    authority: Authority, connect: Open
) -> None:
    old = authority.issue("server", NOW - timedelta(9), NOW - timedelta(1), server=True)
    with serving(authority.server_context(old)) as site:
        found = await problem_of(connect(site), get(site, "/"))
    assert found == (ProblemCode.BANK_UNTRUSTED, "untrusted")


async def test_tls_older_than_1_2_is_not_spoken(context: ssl.SSLContext, connect: Open) -> None:
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(context) as site:
        found = await problem_of(connect(site), get(site, "/"))
    assert found == (ProblemCode.BANK_TLS_FAILED, "handshake")


# Where it may go


async def test_a_redirect_within_the_hosts_is_followed(site: Site, connect: Open) -> None:
    response = await connect(site).send(get(site, "/redirect?to=/echo?a=1%23top"))
    assert response.url == f"{site.address}/echo?a=1"
    assert site.connections == 1


async def test_a_form_that_is_redirected_ends_in_a_get(site: Site, connect: Open) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/html"}
    request = Request("POST", f"{site.address}/redirect?to=/echo", form, b"a=b")
    said = json.loads((await connect(site).send(request)).body)
    assert (said["method"], said["body"]) == ("GET", "")
    assert "Content-Type" not in said["headers"]
    assert said["headers"]["Accept"] == "text/html"


async def test_a_temporary_redirect_keeps_method_and_body(site: Site, connect: Open) -> None:
    request = Request("POST", f"{site.address}/redirect?to=/echo&status=307", {}, b"a=b")
    said = json.loads((await connect(site).send(request)).body)
    assert (said["method"], said["body"]) == ("POST", "a=b")


async def test_raw_bytes_in_a_location_are_escaped(site: Site, connect: Open) -> None:
    response = await connect(site).send(get(site, "/rawlocation"))
    assert response.url == f"{site.address}/echo?q=%96%BE%8D%D7%20%88%EA%97%97"


async def test_a_redirect_to_a_foreign_host_is_refused_unseen_by_it(
    site: Site, authority: Authority, connect: Open
) -> None:
    foreign_context = authority.server_context(authority.issue("foreign", server=True))
    with serving(foreign_context) as foreign:
        with pytest.raises(AddressRefusedError) as caught:
            await connect(site).send(get(site, f"/redirect?to={foreign.address}/echo"))
        assert foreign.connections == 0
    assert caught.value.problem.code is ProblemCode.SITE_CHANGED
    assert caught.value.problem.details["host"] == foreign.place


async def test_another_allowed_host_is_told_no_authorization(
    site: Site, context: ssl.SSLContext, connect: Open
) -> None:
    with serving(context) as other:
        headers = {"Authorization": "Bearer 1", "Accept": "text/html"}
        start = Request("GET", f"{site.address}/redirect?to={other.address}/echo", headers)
        said = json.loads((await connect(site, other).send(start)).body)
    assert "Authorization" not in said["headers"]
    assert said["headers"]["Accept"] == "text/html"


async def test_a_redirect_is_an_answer_for_those_who_follow_themselves(
    site: Site, connect: Open
) -> None:
    request = Request("GET", f"{site.address}/redirect?to=/echo", follow=False)
    response = await connect(site).send(request)
    assert (response.status, response.headers["location"]) == (302, "/echo")
    assert len(site.requests) == 1


async def test_a_circle_of_redirects_ends(site: Site, connect: Open) -> None:
    with pytest.raises(TooMuchError):
        await connect(site).send(get(site, "/circle"))
    assert len(site.requests) == QUICK.redirects + 1


@pytest.mark.parametrize(
    "url",
    [
        "http://bank.example/",
        "https://bank.example/",
        "https://user:pass@127.0.0.1/",
        "https://127.0.0.1\\@bank.example/",
        "file:///etc/passwd",
        "https://[::1/",
        "//127.0.0.1/",
        "https://127.0.0.1/a b",
        "https://127.0.0.1:0/",
    ],
)
async def test_what_is_no_address_of_the_hosts_is_refused(connect: Open, url: str) -> None:
    with pytest.raises(AddressRefusedError):
        await connect().send(Request("GET", url))


async def test_plain_http_is_for_loopback(connect: Open) -> None:
    with serving(None) as site:
        assert (await connect(site).send(get(site, "/"))).status == 200


# How long and how much


async def test_a_body_over_the_limit_ends_the_exchange(site: Site, connect: Open) -> None:
    with pytest.raises(TooMuchError) as caught:
        await connect(site).send(get(site, "/big?bytes=1000001"))
    assert caught.value.problem.details["reason"] == "body"


async def test_a_body_is_measured_unpacked(site: Site, connect: Open) -> None:
    with pytest.raises(TooMuchError):
        await connect(site).send(get(site, "/zipped?bytes=1000001"))
    assert len((await connect(site).send(get(site, "/zipped?bytes=1000000"))).body) == 1_000_000


async def test_a_server_that_drips_runs_out_of_time(site: Site, connect: Open) -> None:
    limits = Limits(connect=5, idle=5, total=0.5)
    found = await problem_of(connect(site), get(site, "/drip", limits))
    assert found == (ProblemCode.BANK_UNREACHABLE, "timeout")


async def test_a_server_that_says_nothing_runs_out_of_patience(site: Site, connect: Open) -> None:
    limits = Limits(connect=5, idle=1, total=60)
    found = await problem_of(connect(site), get(site, "/hang", limits))
    assert found == (ProblemCode.BANK_UNREACHABLE, "timeout")


async def test_cancelling_the_task_leaves_the_server(site: Site, connect: Open) -> None:
    transport = connect(site)
    task = asyncio.create_task(transport.send(get(site, "/drip")))
    await asyncio.to_thread(site.reached.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(site.gone.wait, 5)


async def test_a_session_goes_on_after_a_cancelled_exchange(site: Site, connect: Open) -> None:
    transport = connect(site)
    await transport.send(get(site, "/cookie"))
    task = asyncio.create_task(transport.send(get(site, "/hang")))
    await asyncio.to_thread(site.reached.wait)
    task.cancel()
    assert (await transport.send(get(site, "/cookie"))).body == b"session=abc"


async def test_closing_ends_what_is_still_sent(site: Site, connect: Open) -> None:
    transport = connect(site)
    task = asyncio.create_task(transport.send(get(site, "/hang")))
    await asyncio.to_thread(site.reached.wait)
    await transport.close()
    with pytest.raises(ClosedError) as caught:
        await task
    assert caught.value.problem.code is ProblemCode.CANCELLED
    await transport.close()


async def test_a_closed_session_sends_nothing(site: Site, connect: Open) -> None:
    transport = connect(site)
    await transport.close()
    with pytest.raises(ClosedError):
        await transport.send(get(site, "/"))
    assert site.requests == []


async def test_a_thread_that_hangs_is_left_behind(site: Site, connect: Open) -> None:
    released, entered = threading.Event(), threading.Event()

    def behind_a_window(_piece: bytes) -> None:
        entered.set()
        released.wait()

    transport = connect(site)
    task = asyncio.create_task(transport.send(get(site, "/"), behind_a_window))
    await asyncio.to_thread(entered.wait)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await transport.close()
    assert (await connect(site).send(get(site, "/"))).status == 200
    released.set()


# Names of failures


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (Target.BANK, ProblemCode.BANK_UNREACHABLE),
        (Target.CLOUD, ProblemCode.CLOUD_UNREACHABLE),
    ],
)
async def test_a_closed_port_is_named_after_who_was_meant(
    free_place: str, connect: Open, target: Target, code: ProblemCode
) -> None:
    hosts = Hosts(frozenset({free_place}))
    transport = open_transport(hosts, NO_PROXY, None, QUICK, target=target)
    found = await problem_of(transport, Request("GET", f"https://{free_place}/"))
    await transport.close()
    assert found == (code, "refused")


async def test_an_unknown_name_is_unreachable() -> None:
    hosts = Hosts(frozenset({"bank.invalid:443"}))
    transport = open_transport(hosts, NO_PROXY, None, QUICK)
    found = await problem_of(transport, Request("GET", "https://bank.invalid/"))
    await transport.close()
    assert found == (ProblemCode.BANK_UNREACHABLE, "name_unknown")


@pytest.mark.parametrize("where", ["/cut", "/cut_head"])
async def test_an_answer_that_breaks_off_is_unreachable(
    site: Site, connect: Open, where: str
) -> None:
    found = await problem_of(connect(site), get(site, where))
    assert found == (ProblemCode.BANK_UNREACHABLE, "broken")


# What is written down


async def test_the_log_names_the_place_and_no_value(
    site: Site, connect: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "hikae.transport")
    request = Request(
        "POST", f"{site.address}/echo;id=S1?user=U2", {"Cookie": "c=C3"}, b"password=P4"
    )
    await connect(site).send(request)
    assert "POST" in caplog.text
    assert f"{site.place} /echo 200" in caplog.text
    assert not any(secret in caplog.text for secret in ("S1", "U2", "C3", "P4"))


async def test_a_fetchs_id_stands_in_its_log_lines(
    site: Site, authority: Authority, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "hikae.transport")
    log = logging.LoggerAdapter(logging.getLogger("hikae.transport"), {"fetch": "f-1"})
    hosts = Hosts(frozenset({site.place}), str(authority.file))
    transport = open_transport(hosts, NO_PROXY, None, QUICK, log=log)
    await transport.send(get(site, "/"))
    await transport.close()
    assert [vars(record)["fetch"] for record in caplog.records] == ["f-1"]


def test_secrets_do_not_show_in_an_error(customer: Issued) -> None:
    locked = customer.pkcs12()
    with pytest.raises(ProblemError) as caught:
        open_transport(
            Hosts(frozenset()), NO_PROXY, Pkcs12(locked.blob, Secret("wrong-one")), QUICK
        )
    assert "wrong-one" not in repr(caught.value)
    assert caught.value.__cause__ is None
