"""The named scenarios: what a customer meets at the bank, each one small declaration.

A scenario says what is special; the families say how it looks. It may know the ledger's types,
because some scenarios are about the book. To add one: declare it in SCENARIOS, and when nothing
here can say it yet, give Scenario one more field and let the family honour it. What is only played
later, without a customer of its own, stands in DISGUISES.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto

from hikae.simbank.business import Size
from hikae.simbank.ledger import Extract, Kind, Ledger, Posting, Row, same_again


class Interstitial(Enum):
    """A page between the password and the top page."""

    NOTICE = auto()
    NOTICE_MUST_CONFIRM = auto()
    PASSWORD_CHANGE = auto()
    EXTRA_REGISTRATION = auto()
    RENEWAL_NOTICE = auto()


class OneTimePassword(Enum):
    """Whether the bank asks for a one-time password after the password."""

    NEVER = auto()
    ASKED = auto()
    REFUSED_ONCE = auto()


class Closed(Enum):
    """A page that stands in the way right after the certificate."""

    OUT_OF_HOURS = auto()
    MAINTENANCE = auto()
    RATE_LIMITED = auto()


class Trouble(Enum):
    """What goes wrong when the statements are asked for."""

    HTTP_500 = auto()
    HANG = auto()
    RESET_MIDWAY = auto()
    SIGNED_IN_ELSEWHERE = auto()
    CHANGED_PAGE = auto()


class Disguise(Enum):
    """How a transfer passes itself off as part of an inquiry; whoever falls for it has paid."""

    RELABELLED = auto()
    MENU = auto()
    NOTICE = auto()
    IMAGE = auto()
    OTHER_PATH = auto()
    OTHER_HOST = auto()
    OTHER_SCREEN = auto()
    ENCODED_PATH = auto()
    REDIRECT = auto()
    REDIRECT_THAT_KEEPS = auto()
    REFRESH = auto()
    METHOD = auto()
    LINK = auto()
    SCRIPT = auto()
    FRAME = auto()
    DOWNLOAD = auto()
    PASSWORD_FIELD = auto()
    HIDDEN_FIELD = auto()
    LOGOUT = auto()


def _as_it_is(extract: Extract) -> Extract:
    return extract


def _whole(content: bytes) -> bytes:
    return content


@dataclass(frozen=True, slots=True)
class Scenario:
    """One customer's lot.

    `prepare` shapes the book once, before anybody looks; `later` changes it at the second sign-in
    or on a later day, whichever comes first. `show` falsifies what the bank shows of a true book,
    `send` what it sends of a true file, `words` what the labels say.
    """

    name: str
    story: str
    one_time_password: OneTimePassword = OneTimePassword.NEVER
    interstitials: tuple[Interstitial, ...] = ()
    closed: Closed | None = None
    trouble: Trouble | None = None
    disguise: Disguise | None = None
    password_changed: bool = False
    locked: bool = False
    certificate_expired: bool = False
    blank_when_expired: bool = False
    delay_seconds: float = 0
    size: Size | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Ledger], None] | None = None
    later: Callable[[Ledger], None] | None = None
    show: Callable[[Extract], Extract] = _as_it_is
    send: Callable[[bytes], bytes] = _whole


def _past_row(ledger: Ledger) -> Row:
    """The last row that is at least three days older than the newest one."""
    rows = ledger.rows()
    until = rows[-1].posting.booked_on - timedelta(days=3)
    return [row for row in rows if row.posting.booked_on <= until][-1]


def _repeat_a_payment(ledger: Ledger) -> None:
    day = _past_row(ledger).posting.booked_on
    payment = Posting(day, day, -55_000, Kind.TRANSFER, "ｶ)ﾐﾅﾐﾘ-ｽ")
    for one in same_again(payment, 3):
        ledger.post(one)


def _post_late(ledger: Ledger) -> None:
    day = _past_row(ledger).posting.booked_on
    name = "ｶ)ｵｸﾚｼﾖｳｼﾞ"
    ledger.post(Posting(day, day, 123_400, Kind.TRANSFER, name, name, "0000000077"))


def _correct_a_row(ledger: Ledger) -> None:
    row = _past_row(ledger)
    larger = row.posting.amount + (1_000 if row.posting.amount > 0 else -1_000)
    ledger.correct(row.key, replace(row.posting, amount=larger))


def _falsify_a_balance(extract: Extract) -> Extract:
    if not extract.rows:
        return extract
    *before, last = extract.rows
    return replace(extract, rows=(*before, replace(last, balance=last.balance + 1)))


def _cut(content: bytes) -> bytes:
    return content[: len(content) * 2 // 3]


_RENAMED = {"ログイン": "ログオン", "ログアウト": "ログオフ", "ホームへ": "トップページへ"}

_ALL = (
    Scenario("ok", "Nothing special: signs in, sees all accounts."),
    Scenario(
        "otp",
        "A one-time password is asked after the password.",
        one_time_password=OneTimePassword.ASKED,
    ),
    Scenario(
        "otp_wrong_once",
        "The first one-time password of each sign-in is refused, the next right one taken.",
        one_time_password=OneTimePassword.REFUSED_ONCE,
    ),
    Scenario(
        "wrong_password",
        "The customer's password is no longer the one the bank knows; three tries lock the user.",
        password_changed=True,
    ),
    Scenario("notice", "A notice that 次へ passes.", interstitials=(Interstitial.NOTICE,)),
    Scenario(
        "notice_must_confirm",
        "A notice that a person must confirm, once.",
        interstitials=(Interstitial.NOTICE_MUST_CONFIRM,),
    ),
    Scenario(
        "identical_rows",
        "Three truly identical payments on one day.",
        prepare=_repeat_a_payment,
    ),
    Scenario(
        "late_posting",
        "A row appears afterwards on a past day.",
        later=_post_late,
    ),
    Scenario("corrected_row", "The amount of a past row changes afterwards.", later=_correct_a_row),
    Scenario(
        "must_change_password",
        "The bank insists on a new password.",
        interstitials=(Interstitial.PASSWORD_CHANGE,),
    ),
    Scenario(
        "extra_registration",
        "The bank wants questions and answers registered.",
        interstitials=(Interstitial.EXTRA_REGISTRATION,),
    ),
    Scenario(
        "renewal_notice",
        "The certificate can be renewed; 後で passes.",
        interstitials=(Interstitial.RENEWAL_NOTICE,),
    ),
    Scenario("locked", "The user is locked.", locked=True),
    Scenario(
        "signed_in_elsewhere",
        "Another sign-in of the same user ends this one when statements are asked for.",
        trouble=Trouble.SIGNED_IN_ELSEWHERE,
    ),
    Scenario("out_of_hours", "The service is closed at this hour.", closed=Closed.OUT_OF_HOURS),
    Scenario("maintenance", "The service is down for work.", closed=Closed.MAINTENANCE),
    Scenario("rate_limited", "The bank asks to come later.", closed=Closed.RATE_LIMITED),
    Scenario("http_500", "The inquiry fails with status 500.", trouble=Trouble.HTTP_500),
    Scenario("slow", "The inquiry takes its time.", delay_seconds=1),
    Scenario("hang", "The inquiry never answers.", trouble=Trouble.HANG),
    Scenario("reset_midway", "The line breaks in a download.", trouble=Trouble.RESET_MIDWAY),
    Scenario("renamed_labels", "Labels in other words of the same family.", words=_RENAMED),
    Scenario("changed_page", "The inquiry page has become another.", trouble=Trouble.CHANGED_PAGE),
    Scenario(
        "disguised_transfer",
        "A transfer that calls itself an inquiry.",
        disguise=Disguise.RELABELLED,
    ),
    Scenario("truncated_download", "Files end in the middle.", send=_cut),
    Scenario("inconsistent_balance", "The last balance shown is wrong.", show=_falsify_a_balance),
    Scenario(
        "100000_rows",
        "One account with a hundred thousand rows.",
        size=Size(accounts=1, transactions=100_000, days=60),
    ),
    Scenario(
        "blank_page_for_expired",
        "The certificate has expired, and the bank says nothing: a blank page.",
        certificate_expired=True,
        blank_when_expired=True,
    ),
)

SCENARIOS: Mapping[str, Scenario] = {scenario.name: scenario for scenario in _ALL}

DISGUISES: Mapping[str, Scenario] = {
    f"disguised_transfer/{disguise.name.lower()}": Scenario(
        f"disguised_transfer/{disguise.name.lower()}",
        "A transfer that passes itself off as part of an inquiry.",
        disguise=disguise,
        interstitials=(Interstitial.NOTICE,) if disguise is Disguise.NOTICE else (),
    )
    for disguise in Disguise
}
"""Scenarios that nobody has from the beginning; any customer can be made to meet them."""
