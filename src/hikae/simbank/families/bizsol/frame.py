"""What every page behind the password has: the user's name, ログアウト, and ホームへ."""

from __future__ import annotations

from hikae.simbank.families.bizsol.page import Block, Button, Form, Outcome, Page
from hikae.simbank.families.bizsol.visit import Visit


def frame(visit: Visit) -> tuple[str | Block, ...]:
    """What stands above everything: who is signed in, and ログアウト at the right."""
    path = visit.addresses.menu("BTOP001-BTOP001Logout")
    out = Block(path, "", (Button("btnLogout", "ログアウト", sign_out),))
    return (f"<p>ログイン名: {visit.user.login_id} 様(一般ユーザ)</p>", out)


def to_home(visit: Visit) -> Block:
    """ホームへ, the way back of every result screen."""
    path = visit.addresses.menu("BTOP001-BTOP001Home")
    return Block(path, "", (Button("btnHome", "ホームへ", home),))


def home(visit: Visit, form: Form) -> Outcome:
    """The top page again."""
    del form
    return visit.top_page(visit)


def sign_out(visit: Visit, form: Form) -> Outcome:
    """ログアウト: the only way to leave without being kept out of the next sign-in."""
    del form
    visit.sign_out()
    text = "<p>ログアウトしました。ご利用ありがとうございました。</p>"
    return Page("", "ログアウト", (text,), last=True)
