"""The pages between the password and the top page, each shown until it is passed."""

from __future__ import annotations

from collections.abc import Callable

from hikae.simbank.families.bizsol import transfers
from hikae.simbank.families.bizsol.frame import frame
from hikae.simbank.families.bizsol.page import (
    Block,
    Button,
    Form,
    Outcome,
    Page,
    fields,
    first,
    message,
    text_input,
)
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.scenarios import Disguise, Interstitial


def next_page(visit: Visit) -> Page:
    """The first interstitial not passed yet, or the top page."""
    for interstitial in visit.user.scenario.interstitials:
        if interstitial not in visit.passed and interstitial not in visit.user.confirmed:
            return _PAGES[interstitial](visit)
    return visit.top_page(visit)


def _notice(visit: Visit) -> Page:
    text = "<p>■年末年始のサービス休止について</p><p>12月31日から1月3日まで休止いたします。</p>"
    return _passable(visit, Interstitial.NOTICE, "お知らせ", text, ("btnNext", "次へ"))


def _renewal(visit: Visit) -> Page:
    # guess: some banks show only the row on the top page, others a page like this one before it
    text = "<p>電子証明書の有効期限が近づいています。電子証明書の更新をお願いします。</p>"
    title = "電子証明書更新のお知らせ"
    return _passable(visit, Interstitial.RENEWAL_NOTICE, title, text, ("btnLater", "後で"))


def _passable(
    visit: Visit, which: Interstitial, title: str, text: str, button: tuple[str, str]
) -> Page:
    def go_on(visit: Visit, form: Form) -> Outcome:
        del form
        visit.passed.add(which)
        return next_page(visit)

    onward = transfers.instead_of(
        Button(*button, go_on),
        visit,
        Disguise.NOTICE,
        visit.addresses.inquiry("BMSK001-BMSK001Inquire"),
    )
    parts = (text, Block(visit.addresses.sign_in("BLGI041-BLGI041Next"), "", (onward,)))
    return Page("", title, (*frame(visit), *parts))


def _must_confirm(visit: Visit, error: str = "") -> Page:
    # guess: the tick before 確認; published is only that a person has to confirm
    tick = '<p><input type="checkbox" name="chkRead" value="1"> 上記の内容を確認しました</p>'
    text = (
        "<p>■重要:利用規定の改定について</p><p>内容をご確認のうえ、同意いただく必要があります。</p>"
    )
    path = visit.addresses.sign_in("BLGI042-BLGI042Confirm")
    block = Block(path, message(error) + text + tick, (Button("btnConfirm", "確認", _confirm),))
    return Page("", "重要なお知らせ", (*frame(visit), block))


def _confirm(visit: Visit, form: Form) -> Outcome:
    if not first(form, "chkRead"):
        return _must_confirm(visit, "内容をご確認のうえ、チェックしてください。")
    visit.user.confirmed.add(Interstitial.NOTICE_MUST_CONFIRM)
    return next_page(visit)


def _password_change(visit: Visit, error: str = "") -> Page:
    block = Block(
        visit.addresses.administration("BLGI051-BLGI051Change"),
        message(error)
        + "<p>ログインパスワードの有効期限が切れています。新しいパスワードに変更してください。</p>"
        + fields(
            ("現在のログインパスワード", text_input("txtOldPw", secret=True)),
            ("新しいログインパスワード", text_input("txtNewPw", secret=True)),
            ("新しいログインパスワード(再入力)", text_input("txtNewPw2", secret=True)),
        ),
        (Button("btnChange", "変更する", _change_password),),
    )
    return Page("", "パスワード期限切れ", (*frame(visit), block))


def _change_password(visit: Visit, form: Form) -> Outcome:
    new = first(form, "txtNewPw")
    old_is_right = first(form, "txtOldPw") == visit.user.accepted_password
    if not old_is_right or len(new) < 6 or new != first(form, "txtNewPw2"):
        return _password_change(visit, "入力内容に誤りがあります。")
    visit.user.accepted_password = new
    visit.user.confirmed.add(Interstitial.PASSWORD_CHANGE)
    return next_page(visit)


def _extra_registration(visit: Visit, error: str = "") -> Page:
    rows = []
    for n in range(1, 4):
        options = "".join(f"<option>{question}</option>" for question in _QUESTIONS)
        rows.append((f"質問{n}", f'<select name="selQuestion{n}">{options}</select>'))
        rows.append((f"回答{n}", text_input(f"txtAnswer{n}")))
    path = visit.addresses.administration("BLGI061-BLGI061Register")
    text = "<p>追加認証に使用する質問と回答を登録してください。</p>"
    button = Button("btnRegister", "登録", _register_answers)
    block = Block(path, message(error) + text + fields(*rows), (button,))
    return Page("", "追加認証回答登録", (*frame(visit), block))


def _register_answers(visit: Visit, form: Form) -> Outcome:
    if not all(first(form, f"txtAnswer{n}") for n in range(1, 4)):
        return _extra_registration(visit, "回答を入力してください。")
    visit.user.confirmed.add(Interstitial.EXTRA_REGISTRATION)
    return next_page(visit)


_QUESTIONS = ("子どものころのあだ名は", "初めて行った海外は", "好きな食べ物は", "母校の名前は")

_PAGES: dict[Interstitial, Callable[[Visit], Page]] = {
    Interstitial.NOTICE: _notice,
    Interstitial.NOTICE_MUST_CONFIRM: _must_confirm,
    Interstitial.PASSWORD_CHANGE: _password_change,
    Interstitial.EXTRA_REGISTRATION: _extra_registration,
    Interstitial.RENEWAL_NOTICE: _renewal,
}
