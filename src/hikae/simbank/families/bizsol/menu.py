"""[BTOP001] トップページ and [BSSK001] 業務選択."""

from __future__ import annotations

from datetime import timedelta

from hikae.simbank.clock import TOKYO
from hikae.simbank.families.bizsol import disguises, inquiry, transfers
from hikae.simbank.families.bizsol.frame import frame, home, to_home
from hikae.simbank.families.bizsol.page import Block, Button, Form, Outcome, Page, grid
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.scenarios import Disguise

_RENEWABLE = timedelta(days=40)


def top_page(visit: Visit) -> Page:
    """[BTOP001]: menus, the last sign-ins, notices, the certificate's expiry."""
    path = visit.addresses.menu("BTOP001-BTOP001Menu")
    buttons = (
        Button("mnuHome", "ホーム", home),
        Button("mnuInquiry", "明細照会", inquiries, image=visit.bank.image_buttons),
        Button("mnuTransfer", "資金移動(振込振替)", fund_transfers),
        Button("mnuBulk", "総合振込・給与振込", bulk_transfers),
    )
    sign_ins = [
        (f"{at.astimezone(TOKYO):%Y年%m月%d日 %H時%M分}",) for at in visit.user.sign_ins[-3:]
    ]
    history = grid("ログイン履歴", ("日時",), sign_ins)
    notices = "<p>■お知らせ</p><p>振り込め詐欺にご注意ください。</p>"
    menus = Block(path, "", buttons)
    parts = (*frame(visit), menus, history, notices, _leaving(visit), *_expiry(visit))
    return Page("BTOP001", "トップページ", parts)


def _leaving(visit: Visit) -> str:
    minutes = visit.bank.lockout // timedelta(minutes=1)
    warning = f"押さずに終了すると、{minutes}分間ログインできません。" if minutes else ""
    return f"<p>終了するときは、必ずログアウトボタンを押してください。{warning}</p>"


def _expiry(visit: Visit) -> tuple[str | Block, ...]:
    if visit.certificate is None:
        return ()
    until = visit.certificate.not_valid_after_utc
    words = f"<p>電子証明書有効期限 {until.astimezone(TOKYO):%Y年%m月%d日}</p>"
    if until - visit.clock.now() > _RENEWABLE:
        return (words,)
    path = visit.addresses.administration("BSMS002-BSMS002Renew")
    return (words, Block(path, "", (Button("btnRenew", "更新", renewal),)))


def inquiries(visit: Visit, form: Form) -> Outcome:
    """明細照会: which inquiry."""
    del form
    # guess: that the three inquiries stand on this page
    return _choice(
        visit,
        visit.addresses.choice("BSSK001-BSSK001Inquiry"),
        Button("btnBalance", "残高照会", inquiry.balances),
        transfers.instead_of(
            Button("btnStatement", "入出金明細照会", statements), visit, Disguise.MENU
        ),
        Button("btnIncoming", "振込入金明細照会", inquiry.not_permitted),
    )


def statements(visit: Visit, form: Form) -> Outcome:
    """入出金明細照会, or what passes itself off as that."""
    return disguises.inquiry_page(visit) or inquiry.begin(visit, form)


def fund_transfers(visit: Visit, form: Form) -> Outcome:
    """資金移動: single transfers."""
    del form
    path = visit.addresses.transfer("BSSK001-BSSK001Transfer")
    return _choice(visit, path, Button("btnTransfer", "振込振替", transfers.begin))


def bulk_transfers(visit: Visit, form: Form) -> Outcome:
    """総合振込・給与振込: transfers by file."""
    del form
    return _choice(
        visit,
        visit.addresses.transfer("BSSK001-BSSK001Bulk"),
        Button("btnBulk", "総合振込", transfers.begin),
        Button("btnSalary", "給与・賞与振込", transfers.begin),
    )


def renewal(visit: Visit, form: Form) -> Outcome:
    """[BSMS002]: the certificate is renewed by the person's own program, not by this page."""
    del form
    text = "<p>証明書発行アプリを起動して、電子証明書を更新してください。</p>"
    return Page("BSMS002", "証明書取得 証明書発行確認", (*frame(visit), text, to_home(visit)))


def _choice(visit: Visit, path: str, *buttons: Button) -> Page:
    return Page("BSSK001", "業務選択", (*frame(visit), Block(path, "", buttons), to_home(visit)))
