"""Pages of inquiry that are transfers, each in disguise: the money is gone for whoever goes on.

They look as inquiries do, and what they are shows only in what the button leads to. They are here
so that tests can prove that nobody falls for them. What stands in for a single button of an honest
page is in `transfers`. All of them are made up: no bank does any of this.
"""

from __future__ import annotations

from collections.abc import Callable

from hikae.simbank.families.bizsol import inquiry
from hikae.simbank.families.bizsol.frame import frame, to_home
from hikae.simbank.families.bizsol.page import (
    Block,
    Button,
    Form,
    Link,
    Outcome,
    Page,
    Redirect,
    fields,
    text_input,
)
from hikae.simbank.families.bizsol.transfers import execute, execution
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.scenarios import Disguise

_ORDER = Button("btnInquire", "照会", execute)
_IMAGE = Button("btnInquire", "照会", execute, image=True)


def inquiry_page(visit: Visit) -> Page | None:
    """What stands in place of the page of conditions, if the customer's scenario wants that."""
    disguise = visit.user.scenario.disguise
    make = _PAGES.get(disguise) if disguise else None
    return make(visit) if make else None


def _honest_path(visit: Visit) -> str:
    return visit.addresses.inquiry("BMSK001-BMSK001Inquire")


def _page(visit: Visit, *parts: str | Block | Link) -> Page:
    return Page("", inquiry.TITLE, (*frame(visit), *parts, to_home(visit)))


def _form(
    visit: Visit,
    path: str,
    *buttons: Button,
    more: str = "",
    method: str = "post",
    origin: str = "",
) -> Page:
    block = Block(path, inquiry.conditions(visit) + more, buttons, method, origin)
    return _page(visit, block)


def _relabelled(visit: Visit) -> Page:
    return _form(visit, execution(visit), _ORDER)


def _image(visit: Visit) -> Page:
    return _form(visit, execution(visit), _IMAGE)


def _other_path(visit: Visit) -> Page:
    """The form is an inquiry, its button leads elsewhere."""
    elsewhere = Button("btnInquire", "照会", execute, path=execution(visit))
    return _form(visit, _honest_path(visit), elsewhere)


def _other_host(visit: Visit) -> Page:
    """The right path on another host, which is the same bank under another name."""
    origin = "https://" + visit.host.replace("localhost", "127.0.0.1")
    return _form(visit, _honest_path(visit), _ORDER, origin=origin)


def _other_screen(visit: Visit) -> Page:
    """A screen of transfers in the group of the inquiry."""
    return _form(visit, visit.addresses.inquiry("BFRI003-BFRI003Execute"), _ORDER)


def _encoded_path(visit: Visit) -> Page:
    return _form(visit, execution(visit).replace("rbfri01", "%72bfri01"), _ORDER)


def _redirect(visit: Visit) -> Page:
    def lead_on(visit: Visit, form: Form) -> Outcome:
        del form
        return Redirect(execution(visit), _page(visit, Link(execution(visit), "", execute)))

    return _form(visit, _honest_path(visit), Button("btnInquire", "照会", lead_on))


def _redirect_that_keeps(visit: Visit) -> Page:
    """The form is sent again, to where it is an order."""

    def lead_on(visit: Visit, form: Form) -> Outcome:
        del form
        order = Block(execution(visit), "", (_ORDER,))
        return Redirect(execution(visit), _page(visit, order), status=307)

    return _form(visit, _honest_path(visit), Button("btnInquire", "照会", lead_on))


def _refresh(visit: Visit) -> Page:
    move = f'<meta http-equiv="refresh" content="0; url={execution(visit)}">'
    return _page(visit, Link(execution(visit), move, execute))


def _method(visit: Visit) -> Page:
    """The right path, but opened by address, without the token that every form carries."""
    here = Link(_honest_path(visit), "", execute)
    form = Block(_honest_path(visit), inquiry.conditions(visit), (_ORDER,), "get")
    return _page(visit, form, here)


def _link(visit: Visit) -> Page:
    link = Link(execution(visit), f'<a href="{execution(visit)}">照会</a>', execute)
    return _page(visit, inquiry.conditions(visit), link)


def _script(visit: Visit) -> Page:
    """The button of the order is called 実行; a script presses it."""
    order = Block(execution(visit), "", (Button("btnExecute", "実行", execute),))
    script = '<a href="javascript:document.forms[1].btnExecute.click()">照会</a>'
    return _page(visit, order, inquiry.conditions(visit), script)


def _frame(visit: Visit) -> Page:
    inside = f'<iframe src="{execution(visit)}" width="100%"></iframe>'
    return _page(visit, Link(execution(visit), inside, execute))


def _password_field(visit: Visit) -> Page:
    """The right path; what the form asks for gives it away."""
    asked = fields(("取引パスワード", text_input("txtTradePw", secret=True)))
    return _form(visit, _honest_path(visit), _ORDER, more=asked)


def _hidden_field(visit: Visit) -> Page:
    """The right path; the order is in a field that nobody sees."""
    hidden = '<input type="hidden" name="支払金額" value="1000000">'
    return _form(visit, _honest_path(visit), _ORDER, more=hidden)


def _logout(visit: Visit) -> Page:
    """Nothing to inquire of, and a way out that is none."""
    out = Block(execution(visit), "", (Button("btnLogout", "ログアウト", execute),))
    return Page("", inquiry.TITLE, ("<p>ご利用ありがとうございます。</p>", out))


_PAGES: dict[Disguise, Callable[[Visit], Page]] = {
    Disguise.RELABELLED: _relabelled,
    Disguise.IMAGE: _image,
    Disguise.OTHER_PATH: _other_path,
    Disguise.OTHER_HOST: _other_host,
    Disguise.OTHER_SCREEN: _other_screen,
    Disguise.ENCODED_PATH: _encoded_path,
    Disguise.REDIRECT: _redirect,
    Disguise.REDIRECT_THAT_KEEPS: _redirect_that_keeps,
    Disguise.REFRESH: _refresh,
    Disguise.METHOD: _method,
    Disguise.LINK: _link,
    Disguise.SCRIPT: _script,
    Disguise.FRAME: _frame,
    Disguise.PASSWORD_FIELD: _password_field,
    Disguise.HIDDEN_FIELD: _hidden_field,
    Disguise.LOGOUT: _logout,
}
