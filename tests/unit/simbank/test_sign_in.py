import re
import socket
import ssl
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from hikae.simbank import INSTITUTIONS, SimBank
from tests.unit.simbank.person import Person

Browser = Callable[..., Person]
CODES = [institution.code for institution in INSTITUTIONS]


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("tls12", [False, True])
def test_certificate_and_password_lead_to_the_top_page(
    bank: SimBank, browser: Browser, code: str, tls12: bool
) -> None:
    person = browser(bank.customer("ok", code), tls12=tls12)
    assert "[BLGI001]ログイン" in person.open().text
    assert "ログインパスワード" in person.press("電子証明書ログイン").text
    top = person.press("ログイン", txtLoginPw=person.customer.password)
    assert "[BTOP001]トップページ" in top.text
    assert person.customer.login_id in top.text
    assert "ログアウトしました" in person.press("ログアウト").text


def test_the_password_page_asks_for_the_password_alone(bank: SimBank, browser: Browser) -> None:
    page = browser(bank.customer("ok")).reach_password()
    assert set(page.form_with("ログイン").fields) == {"_token", "txtLoginPw"}


def test_a_host_that_demands_certificates_lets_nobody_in_without_one(
    bank: SimBank, browser: Browser
) -> None:
    person = browser(bank.customer("ok"), with_certificate=False)
    with pytest.raises(ssl.SSLError):
        person.open()


def test_a_path_that_demands_certificates_leaves_the_first_page_open(
    bank: SimBank, browser: Browser
) -> None:
    person = browser(bank.customer("ok", "9902"), with_certificate=False)
    assert "[BLGI001]ログイン" in person.open().text
    with pytest.raises(ssl.SSLError):
        person.press("電子証明書ログイン")


def test_a_client_that_cannot_be_asked_after_the_handshake_gets_a_page(
    bank: SimBank, browser: Browser
) -> None:
    person = browser(bank.customer("ok", "9902"))
    person.context.post_handshake_auth = False
    person.open()
    assert "電子証明書が提示されませんでした" in person.press("電子証明書ログイン").text


@pytest.mark.parametrize("code", ["9901", "9902"])
def test_a_certificate_of_another_authority_is_refused_in_tls(
    bank: SimBank, browser: Browser, code: str
) -> None:
    customer = bank.customer("ok", code)
    person = browser(customer, pem=customer.certificates["other_authority"].pem)
    with pytest.raises(ssl.SSLError):
        person.reach_password()
    refused = bank.log.wait_for(lambda entry: entry.page.startswith("TLS: "))
    assert refused.page == "TLS: CERTIFICATE_VERIFY_FAILED"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("expired", "有効期限が満了"),
        ("not_yet_valid", "有効期間が開始していません"),
        ("revoked", "失効している"),
    ],
)
@pytest.mark.parametrize("code", ["9901", "9902"])
def test_a_certificate_that_is_not_good_is_refused_with_words(
    bank: SimBank, browser: Browser, kind: str, words: str, code: str
) -> None:
    customer = bank.customer("ok", code)
    assert words in browser(customer, pem=customer.certificates[kind].pem).reach_password().text


def test_validity_follows_the_clock_of_the_bank(bank: SimBank, browser: Browser) -> None:
    customer = bank.customer("ok")
    bank.clock.advance(timedelta(days=400))
    assert "有効期限が満了" in browser(customer).reach_password().text


def test_an_expired_twin_has_the_same_subject_and_issuer(bank: SimBank) -> None:
    certificates = bank.customer("ok").certificates
    valid, expired = certificates["valid"].certificate, certificates["expired"].certificate
    assert (valid.subject, valid.issuer) == (expired.subject, expired.issuer)
    assert valid.serial_number != expired.serial_number


def test_the_certificate_decides_who_signs_in(bank: SimBank, browser: Browser) -> None:
    customer = bank.customer("ok")
    person = browser(customer, pem=customer.certificates["other_customer"].pem)
    assert "誤りがあります" in person.sign_in().text
    assert bank.customer("otp").wrong_passwords == 1


def test_a_repeated_token_breaks_the_visit(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    top = person.sign_in()
    old = top.form_with("明細照会")
    person.press("明細照会")
    name, _ = old.buttons["明細照会"]
    assert "画面の操作に誤り" in person.send(old.action, {**old.fields, name: "x"}).text
    again = person.send(old.action, {**old.fields, name: "x"})
    assert "画面の操作に誤り" in again.text


def test_asking_for_a_page_by_its_address_breaks_the_visit(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    path = person.sign_in().form_with("明細照会").action
    assert "画面の操作に誤り" in person.open(path).text


def test_a_button_may_be_a_picture_of_its_label(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok", "9902"))
    page = person.open()
    assert page.form_with("電子証明書ログイン").buttons["電子証明書ログイン"][1]
    picture = person.open("/img/%E7%85%A7%E4%BC%9A%3Cb%3E.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert ">照会&lt;b&gt;</text>" in picture.body.decode()


def test_an_unknown_picture_does_not_break_the_visit(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    top = person.sign_in()
    assert person.open("/favicon.ico").status == 404
    person.page = top
    assert "業務選択" in person.press("明細照会").text


def test_an_idle_visit_is_ended(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    person.sign_in()
    bank.clock.advance(timedelta(minutes=11))
    assert "一定時間操作が行われなかった" in person.press("明細照会").text


def test_leaving_without_signing_out_keeps_the_user_out_for_minutes(
    bank: SimBank, browser: Browser
) -> None:
    customer = bank.customer("ok")
    browser(customer).sign_in()
    bank.clock.advance(timedelta(minutes=4))
    refused = browser(customer).sign_in().text
    assert "ログアウトの操作をせずに終了" in refused
    assert "6分以上" in refused
    bank.clock.advance(timedelta(minutes=6))
    assert "[BTOP001]" in browser(customer).sign_in().text


def test_the_top_page_warns_of_leaving_without_signing_out(bank: SimBank, browser: Browser) -> None:
    assert "10分間ログインできません" in browser(bank.customer("ok")).sign_in().text
    assert "分間ログイン" not in browser(bank.customer("ok", "9902")).sign_in().text


def test_a_line_that_closes_while_a_certificate_is_awaited_is_let_go(
    bank: SimBank, browser: Browser
) -> None:
    person = browser(bank.customer("ok", "9902"))
    form = person.open().form_with("電子証明書ログイン")
    body = urlencode({**form.fields, "btnDsLogin.x": "1"})
    person.line.request("POST", form.action, body, {"Cookie": person.cookie})
    line = person.line.sock
    assert line is not None
    line.shutdown(socket.SHUT_WR)
    while line.recv(4096):
        pass
    assert line.recv(1) == b""


def test_after_signing_out_the_next_sign_in_is_free(bank: SimBank, browser: Browser) -> None:
    customer = bank.customer("ok")
    first = browser(customer)
    first.sign_in()
    first.press("ログアウト")
    assert "[BTOP001]" in browser(customer).sign_in().text


def test_where_nobody_is_kept_out_a_second_sign_in_ends_the_first(
    bank: SimBank, browser: Browser
) -> None:
    customer = bank.customer("ok", "9902")
    first, second = browser(customer), browser(customer)
    first.sign_in()
    assert "[BTOP001]" in second.sign_in().text
    assert "別のユーザがログイン" in first.press("明細照会").text


def test_the_log_keeps_labels_and_names_but_no_values(bank: SimBank, browser: Browser) -> None:
    person = browser(bank.customer("ok"))
    person.sign_in()
    entry = bank.log.entries("ok_9901")[-1]
    assert (entry.method, entry.button, entry.page) == (
        "POST",
        "ログイン",
        "[BTOP001]トップページ",
    )
    assert "txtLoginPw" in entry.filled
    assert person.customer.password not in str(bank.log.entries())


def test_pages_are_cp932_and_say_so(bank: SimBank, browser: Browser) -> None:
    page = browser(bank.customer("ok")).open()
    assert page.headers["content-type"] == "text/html; charset=Windows-31J"
    assert re.search("電子証明書".encode("cp932"), page.body)
