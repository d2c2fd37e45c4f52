"""What libcurl's failures mean where no server on loopback can cause them."""

import pytest

from hikae.model.certificate import Identity, PemKey, StoreKey
from hikae.model.problems import ProblemCode
from hikae.model.secret import Secret
from hikae.transport.errors import Failure, Target, explain
from hikae.transport.proxy import ManualProxy, ProxyKind

HTTP = ManualProxy(ProxyKind.HTTP, "proxy.example", 8080)
SOCKS = ManualProxy(ProxyKind.SOCKS5, "proxy.example", 1080)
PEM = PemKey(b"", Secret(""))


def code_of(
    failure: Failure,
    proxy: ManualProxy | None = None,
    identity: Identity | None = None,
    target: Target = Target.BANK,
) -> ProblemCode:
    return explain(failure, target, proxy, identity).code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, ProblemCode.PROXY_NOT_A_PROXY),
        (403, ProblemCode.PROXY_REFUSED),
        (404, ProblemCode.PROXY_NOT_A_PROXY),
        (405, ProblemCode.PROXY_NOT_A_PROXY),
        (407, ProblemCode.PROXY_LOGIN),
        (500, ProblemCode.BANK_UNREACHABLE),
        (501, ProblemCode.PROXY_NOT_A_PROXY),
        (502, ProblemCode.BANK_UNREACHABLE),
        (503, ProblemCode.BANK_UNREACHABLE),
        (504, ProblemCode.BANK_UNREACHABLE),
    ],
)
def test_a_proxys_answer_to_connect_says_who_is_to_blame(status: int, code: ProblemCode) -> None:
    assert code_of(Failure(7, "", connect_code=status, connected=True), HTTP) is code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (12, ProblemCode.PROXY_LOGIN),
        (33, ProblemCode.PROXY_LOGIN),
        (23, ProblemCode.PROXY_REFUSED),
        (19, ProblemCode.BANK_UNREACHABLE),
        (20, ProblemCode.BANK_UNREACHABLE),
        (2, ProblemCode.PROXY_NOT_A_PROXY),
    ],
)
def test_a_socks_proxys_answer_says_who_is_to_blame(error: int, code: ProblemCode) -> None:
    assert code_of(Failure(97, "", proxy_error=error, connected=True), SOCKS) is code


def test_a_kept_connection_that_breaks_is_not_the_proxys_fault() -> None:
    broken = Failure(56, "reset", reused=True)
    assert code_of(broken, HTTP) is ProblemCode.BANK_UNREACHABLE


def test_a_bank_that_breaks_behind_an_open_tunnel_is_not_the_proxys_fault() -> None:
    assert (
        code_of(Failure(35, "reset", connect_code=200, connected=True), HTTP)
        is ProblemCode.BANK_TLS_FAILED
    )


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (6, ProblemCode.CLOUD_UNREACHABLE),
        (35, ProblemCode.CLOUD_UNREACHABLE),
        (60, ProblemCode.CLOUD_UNREACHABLE),
    ],
)
def test_the_cloud_has_one_name_for_being_out_of_reach(number: int, code: ProblemCode) -> None:
    assert code_of(Failure(number, ""), target=Target.CLOUD) is code


@pytest.mark.parametrize(
    "words",
    [
        "OpenSSL SSL_read: error:0A000415:SSL routines::ssl/tls alert certificate expired",
        "TLS connect error: error:0A000418:SSL routines::tlsv1 alert unknown ca",
        "OpenSSL SSL_read: error:0A000414:SSL routines::ssl/tls alert certificate revoked",
    ],
)
def test_an_alert_about_our_certificate_is_its_rejection(words: str) -> None:
    assert (
        code_of(Failure(56, words, connected=True, secured=True), None, PEM)
        is ProblemCode.CERTIFICATE_REJECTED
    )
    assert (
        code_of(Failure(56, words, connected=True, secured=True)) is ProblemCode.CERTIFICATE_MISSING
    )


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("0x8010006E", ProblemCode.KEY_DENIED),
        ("0x8010000C", ProblemCode.CARD_MISSING),
        ("0x80090016", ProblemCode.KEY_UNREADABLE),
        ("0x8009030E", ProblemCode.KEY_UNREADABLE),
    ],
)
def test_windows_says_what_is_wrong_with_a_key(status: str, code: ProblemCode) -> None:
    failure = Failure(35, f"schannel: next InitializeSecurityContext failed: ({status})")
    assert code_of(failure, None, StoreKey("00" * 20)) is code


def test_the_details_hold_the_technicians_reason() -> None:
    problem = explain(Failure(7, ""), Target.BANK, None, None)
    assert dict(problem.details) == {"reason": "refused", "curl": 7}
