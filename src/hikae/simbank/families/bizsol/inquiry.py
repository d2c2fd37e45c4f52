"""残高照会 and 入出金明細照会: choosing accounts and a period.

The four ways of inquiry and what 照会 does to unread rows are published. guess: the layout of the
condition screen, its identifiers, and the wording of its errors.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from html import escape

from hikae.simbank.families.bizsol import results
from hikae.simbank.families.bizsol.frame import frame, to_home
from hikae.simbank.families.bizsol.page import (
    Block,
    Button,
    Form,
    Outcome,
    Page,
    first,
    grid,
    message,
    text_input,
)
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.ledger import Account, Extract
from hikae.simbank.scenarios import Trouble

_METHODS = (
    ("unread", "照会"),
    ("this_month", "当月分"),
    ("last_month", "前月分"),
    ("range", "日付範囲指定"),
)
_UNREAD_DAYS = 15
TITLE = "入出金明細照会[ANSER] 口座選択"


class ConditionError(ValueError):
    """A condition that the bank refuses, in the bank's words."""


def balances(visit: Visit, form: Form) -> Outcome:
    """残高照会: the present balance of every account."""
    del form
    today = visit.clock.today()
    rows = [
        (account.label, f"{extract.closing:,}")
        for account, extract in visit.user.truth(today, today)
    ]
    table = grid("残高照会結果", ("照会口座", "現在残高(円)"), rows)
    return Page("", "残高照会結果", (*frame(visit), table, to_home(visit)))


def not_permitted(visit: Visit, form: Form) -> Outcome:
    """A business that this user's rights do not cover."""
    del form
    text = "<p>この業務の利用権限がありません。</p>"
    return Page("", "利用権限エラー", (*frame(visit), text, to_home(visit)))


def begin(visit: Visit, form: Form) -> Outcome:
    """The condition screen, or what the scenario puts in its place."""
    del form
    match visit.user.scenario.trouble:
        case Trouble.HTTP_500:
            return Page("", "システムエラー", ("<p>Internal Server Error</p>",), status=500)
        case Trouble.HANG:
            return Page("", "入出金明細照会", hang=True)
        case Trouble.SIGNED_IN_ELSEWHERE:
            visit.sign_out()
            words = "<p>同一のログインIDで、別のユーザがログインしました。</p>"
            return Page("", "二重ログインエラー", (words,), last=True)
        case Trouble.CHANGED_PAGE:
            return _changed(visit)
        case _:
            return condition_page(visit)


def condition_page(visit: Visit, error: str = "") -> Page:
    """What to inquire of, and the button."""
    block = Block(
        visit.addresses.inquiry("BMSK001-BMSK001Inquire"),
        message(error) + conditions(visit),
        (Button("btnInquire", "照会", inquire, image=visit.bank.image_buttons),),
    )
    return Page("", TITLE, (*frame(visit), block, to_home(visit)))


def conditions(visit: Visit) -> str:
    """Accounts to tick, one of four ways of inquiry, and the days for the fourth."""
    boxes = "".join(
        f'<tr><td><input type="checkbox" name="chkAccount" value="{n}"></td>'
        f"<td>{escape(account.label)}</td><td>{escape(account.holder)}</td></tr>"
        for n, account in enumerate(visit.user.accounts)
    )
    accounts = (
        f'<table border="1"><tr><th>選択</th><th>照会口座</th><th>口座名義</th></tr>{boxes}</table>'
    )
    ways = "".join(
        f'<input type="radio" name="rdoMethod" value="{value}"{" checked" if not n else ""}>'
        f"{label}<br>"
        for n, (value, label) in enumerate(_METHODS)
    )
    days = "".join(
        f"<tr><th>{label}</th><td>{_day_input(visit, name)}</td></tr>"
        for label, name in (("照会開始日", "txtFrom"), ("照会終了日", "txtTo"))
    )
    method = f'<table border="1"><tr><th>照会方法</th><td>{ways}</td></tr>{days}</table>'
    return f"<p>■口座選択</p>{accounts}<p>■照会条件</p>{method}"


def _day_input(visit: Visit, name: str) -> str:
    if visit.bank.days_in_parts:
        return "".join(
            f"{text_input(f'{name}{part}', size=size)}{unit}"
            for part, unit, size in (("Y", "年", 4), ("M", "月", 2), ("D", "日", 2))
        )
    return f"{text_input(name, size=10)} (例:2026/04/01)"


def inquire(visit: Visit, form: Form) -> Outcome:
    """Check the condition, take the rows, show the first page of them."""
    visit.user.grow()
    try:
        accounts = _accounts(visit, form)
        unread = first(form, "rdoMethod") == "unread"
        start, end = _period(visit, form)
    except ConditionError as error:
        return condition_page(visit, str(error))
    take = _take_unread if unread else _take
    shown = [(account, take(account, start, end)) for account in accounts]
    falsify = visit.user.scenario.show
    return results.page(visit, [(account, falsify(extract)) for account, extract in shown])


def _accounts(visit: Visit, form: Form) -> list[Account]:
    numbers = {int(value) for value in form.get("chkAccount", ()) if value.isdecimal()}
    chosen = [account for n, account in enumerate(visit.user.accounts) if n in numbers]
    if not chosen:
        raise ConditionError("照会する口座を選択してください。(E1101)")
    return chosen


def _period(visit: Visit, form: Form) -> tuple[date, date]:
    today = visit.clock.today()
    this_month = today.replace(day=1)
    match first(form, "rdoMethod"):
        case "unread":
            return today - timedelta(days=_UNREAD_DAYS - 1), today
        case "this_month":
            return this_month, today
        case "last_month":
            end = this_month - timedelta(days=1)
            return end.replace(day=1), end
        case "range":
            return _range(visit, _day(form, "txtFrom"), _day(form, "txtTo"))
        case _:
            raise ConditionError("照会方法を選択してください。(E1102)")


def _range(visit: Visit, start: date, end: date) -> tuple[date, date]:
    """Today counts as one of the days of the window, as banks state it (当日を含め)."""
    oldest = visit.clock.today() - timedelta(days=visit.bank.window_days - 1)
    if start < oldest:
        words = f"照会開始日は{oldest:%Y年%m月%d日}以降の日付を指定してください。(E1104)"
        raise ConditionError(words)
    if end > visit.clock.today() or end < start:
        raise ConditionError("照会終了日に誤りがあります。(E1105)")
    return start, end


def _day(form: Form, name: str) -> date:
    whole = first(form, name) or "/".join(first(form, f"{name}{part}") for part in "YMD")
    try:
        return datetime.strptime(whole, "%Y/%m/%d").date()  # noqa: DTZ007 - a date
    except ValueError:
        raise ConditionError("日付の指定に誤りがあります。(E1103)") from None


def _take(account: Account, start: date, end: date) -> Extract:
    """日付範囲指定, 当月分, 前月分: any rows, nothing is marked."""
    return account.ledger.extract(start, end)


def _take_unread(account: Account, start: date, end: date) -> Extract:
    """照会: only rows never inquired, and they are marked as read for the person."""
    extract = account.ledger.extract(start, end)
    rows = tuple(row for row in extract.rows if row.key not in account.ledger.inquired)
    account.ledger.inquired.update(row.key for row in rows)
    opening = rows[0].balance - rows[0].posting.amount if rows else extract.closing
    return Extract(start, end, opening, rows)


def _changed(visit: Visit) -> Page:
    block = Block(
        visit.addresses.inquiry("BNEW001-BNEW001Step1"),
        "<p>ステップ1 ご覧になりたい内容をお選びください。</p>",
        (Button("btnStep", "すすむ", not_permitted),),
    )
    return Page("", "かんたん残高・お取引ビュー", (*frame(visit), block, to_home(visit)))
