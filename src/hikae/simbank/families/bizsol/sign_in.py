"""Signing in: [BLGI001] → certificate → ログインパスワード → one-time password → interstitials.

Wordings of refusals are guesses; that a refusal exists, and what it depends on, is published.
"""

from __future__ import annotations

from datetime import timedelta
from html import escape

from hikae.simbank.families.bizsol import interstitials
from hikae.simbank.families.bizsol.addresses import CERTIFICATE
from hikae.simbank.families.bizsol.page import (
    Block,
    Button,
    Form,
    Outcome,
    Page,
    Redirect,
    fields,
    first,
    message,
    text_input,
)
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.scenarios import Closed, OneTimePassword

_CODE_TRIES = 3

# guess: no bank publishes the wording of its closed pages
_CLOSED = {
    Closed.OUT_OF_HOURS: (
        "サービス時間外",
        "ただいまの時間は、サービスをご利用いただけません。",
        200,
    ),
    Closed.MAINTENANCE: (
        "メンテナンス中",
        "システムメンテナンスのため、サービスを停止しております。終了予定 6:00",
        200,
    ),
    Closed.RATE_LIMITED: (
        "アクセス集中",
        "ただいま大変混み合っております。しばらくしてから再度ログインしてください。",
        503,
    ),
}


def login_page(visit: Visit) -> Page:
    """[BLGI001]: ID and password on one side, the certificate on the other."""
    image = visit.bank.image_buttons
    by_id = Block(
        visit.addresses.sign_in("BLGI001-BLGI001Login"),
        fields(
            ("ログインID", text_input("txtUserId")),
            ("ログインパスワード", text_input("txtLoginPw", secret=True)),
        ),
        (Button("btnLogin", "ログイン", refuse_password_customers),),
    )
    by_certificate = Block(
        CERTIFICATE,
        "<p>電子証明書方式のお客さまは、こちらからログインしてください。</p>",
        (Button("btnDsLogin", "電子証明書ログイン", take_certificate, image=image),),
    )
    notice = "<p>ブラウザの「戻る」ボタンは使用しないでください。</p>"
    parts = ("<p>■ID・パスワード方式</p>", by_id, "<p>■電子証明書方式</p>", by_certificate, notice)
    return Page("BLGI001", "ログイン", parts)


def refuse_password_customers(visit: Visit, form: Form) -> Outcome:
    """Customers with a certificate cannot sign in with ID and password."""
    del visit, form
    return refusal(
        "ログイン", "電子証明書方式をご利用のお客さまは、電子証明書ログインを押してください。"
    )


def take_certificate(visit: Visit, form: Form) -> Outcome:
    """Judge the certificate that the connection has shown, by the bank's clock."""
    del form
    certificate, customer, now = visit.certificate, visit.customer, visit.clock.now()
    if certificate is None:
        return refusal("電子証明書エラー", "電子証明書が提示されませんでした。", status=403)
    if certificate.not_valid_after_utc < now:
        blank = customer is not None and customer.scenario.blank_when_expired
        words = "電子証明書の有効期限が満了しています。電子証明書を再取得してください。"
        return refusal("電子証明書エラー", words, blank=blank)
    if certificate.not_valid_before_utc > now:
        return refusal("電子証明書エラー", "電子証明書の有効期間が開始していません。")
    if visit.revoked or customer is None:
        return refusal("電子証明書エラー", "この電子証明書は失効しているか、登録されていません。")
    if customer.scenario.closed:
        title, words, status = _CLOSED[customer.scenario.closed]
        return refusal(title, words, status=status)
    return Redirect(visit.addresses.password_page, password_page(visit))


def password_page(visit: Visit, error: str = "") -> Page:
    """The second ログイン screen: only ログインパスワード, the ID is in the certificate."""
    block = Block(
        visit.addresses.sign_in("BLGI002-BLGI002Login"),
        message(error)
        + fields(
            ("ログインパスワード", text_input("txtLoginPw", secret=True)),
            ("ソフトウェアキーボード", '<input type="checkbox" name="chkSoftKey"> 使用する'),
        ),
        (Button("btnLogin", "ログイン", take_password),),
    )
    return Page("", "ログイン", (block,))


def take_password(visit: Visit, form: Form) -> Outcome:
    """Compare, count, lock; then keep out whoever is still signed in."""
    user = visit.user
    if user.is_locked:
        return locked()
    if first(form, "txtLoginPw") != user.accepted_password:
        user.wrong_passwords += 1
        user.locked = user.wrong_passwords >= visit.bank.password_tries
        if user.locked:
            return locked()
        return password_page(visit, "ログインパスワードに誤りがあります。(E0101)")
    user.wrong_passwords = 0
    barred = visit.doors.barred_for(visit)
    if barred > timedelta(0):
        return refusal("ログイン制限", _still_signed_in(barred))
    if user.scenario.one_time_password is not OneTimePassword.NEVER:
        return code_page(visit)
    return enter(visit)


def code_page(visit: Visit, error: str = "") -> Page:
    """ワンタイムパスワード認証確認."""
    block = Block(
        visit.addresses.sign_in("BLGI031-BLGI031Confirm"),
        message(error)
        + "<p>お手元のトークンに表示されている6桁の数字を入力してください。</p>"
        + fields(("ワンタイムパスワード", text_input("txtOtp", size=6))),
        (Button("btnConfirm", "認証確認", take_code),),
    )
    return Page("", "ワンタイムパスワード認証確認", (block,))


def take_code(visit: Visit, form: Form) -> Outcome:
    """Accept the code once; a scenario may refuse the first entry of each sign-in."""
    user = visit.user
    refuse = user.scenario.one_time_password is OneTimePassword.REFUSED_ONCE
    refuse = refuse and visit.wrong_codes == 0
    if first(form, "txtOtp") != user.one_time_password() or refuse:
        visit.wrong_codes += 1
        if visit.wrong_codes >= _CODE_TRIES:
            return refusal("ワンタイムパスワード認証エラー", "認証に規定回数失敗しました。")
        words = "ワンタイムパスワードに誤りがあります。再度入力してください。(E0203)"
        return code_page(visit, words)
    user.codes_used += 1
    return enter(visit)


def enter(visit: Visit) -> Page:
    """The user is in from here on: whoever leaves without ログアウト leaves the door locked."""
    visit.sign_in()
    return interstitials.next_page(visit)


def locked() -> Page:
    """ロックアウト: only the branch can lift it."""
    return refusal(
        "ご利用停止",
        "ログインパスワードを規定回数以上誤って入力されたため、ご利用を停止しています。"
        "取引店へお問い合わせください。(E0109)",
    )


def refusal(title: str, words: str, *, status: int = 200, blank: bool = False) -> Page:
    """A page that ends the visit and says why, or nothing at all."""
    return Page("", title, (f"<p>{escape(words)}</p>",), status, last=True, blank=blank)


def _still_signed_in(barred: timedelta) -> str:
    minutes = -(-int(barred.total_seconds()) // 60)
    return (
        "前回、ログアウトの操作をせずに終了されたため、ログインできません。"
        f"{minutes}分以上たってから、再度ログインしてください。(E0305)"
    )
