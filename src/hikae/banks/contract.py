"""The promises that every family of banks must keep, as checks that anybody can run.

Each check gives the promises that are broken, as sentences; none is what a family must come to.
`check_lists` looks at what a family would press and reach, `check_guard` meets it with hostile
pages that are made here, `check_visits` breaks off real visits at every step.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Protocol

from hikae.banks.connector import Connector, Login
from hikae.banks.errors import (
    BankError,
    ForbiddenError,
    ForbiddenFieldError,
    LabelMissingError,
    NotUsableError,
)
from hikae.banks.labels import fold
from hikae.banks.rehearsal import BreakingOff, Scripted, page, redirect
from hikae.banks.session import BankSession, open_session
from hikae.banks.visit import run
from hikae.catalogue.institution import Institution
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import Clock, system_clock
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.model.secret import Secret
from hikae.model.statement import Statement
from hikae.transport.exchange import Response, Transport

_MOVES_OR_CHANGES = re.compile(
    r"振込|振替(?!明細)|送金|資金移動|支払|実行|承認|送信|登録(?!する)|申込|解約|発行|失効|削除|更新$"
    r"|^変更する|同意|確認しました|総合|給与|データ伝送|利用者管理"
)
_HARMLESS = frozenset(map(fold, ("照会実行", "後で登録する", "後で更新する")))
_SCREENS = (
    "rbfkf01/BFKF001-BFKF001Execute.do",
    "rbsfk01/BSFK002-BSFK002Select.do",
    "rbsgf01/BSGF013-BSGF013Confirm.do",
    "rbrsk01/BRSK001-BRSK001Select.do",
    "rbkgk01/BKGK001-BKGK001Menu.do",
    "rbsms01/BSMS002-BSMS002Issue.do",
    "rbssk01/BSSK007-BSSK007Confirm.do",
    "rbssk01/BSSK001-BFKF001Execute.do",
    "rbfri01/BSSK001-BSSK001Transfer.do",
    "rblgi01/BLIS005-BLIS005Register.do",
    "rblgi01/BSGF013-BSGF013Confirm.do",
    "rbtop01/BRSK031-BRSK031Revoke.do",
    "rbmsk01/BSFK002-BSFK002Select.do",
    "rbmsk01/BMSK001-BSFK002Select.do",
    "rbmsk01/BMSK001-BMSK001Inquire.do/rbsfk01/BSFK002-BSFK002Select.do",
)
_PLACES = (
    *(f"/{site}/{screen}" for site in ("0138c", "WUC_USR0104") for screen in _SCREENS),
    "/transfer",
    "/furikomi/execute",
    "/api/payments",
)
"""Places that move money or change something, as published screens are called."""

_FORBIDDEN_FIELDS = (
    "取引パスワード",
    "確認用パスワード",
    "確認 パスワード",
    "承認用パスワード",
    "ﾄﾗﾝｻﾞｸｼｮﾝ認証番号",
    "乱数表 ア-1",
)
_UNUSABLE = (
    "<script>document.write('<button>{label}</button>')</script>",
    '<a href="javascript:document.forms[0].submit()">{label}</a>',
    '<a href="#" onclick="document.forms[0].submit()">{label}</a>',
    '<form method=post action="{target}"><button type=button>{label}</button></form>',
    '<iframe src="{target}"></iframe><noframes>{label}</noframes>',
    '<frameset><frame src="{target}"></frameset>',
    '<object data="{target}">{label}</object>',
)
"""What a browser with scripts and frames would follow, and nobody follows here."""

_LONG_AGO = date(2000, 1, 1)


class Stage(Protocol):
    """A bank to visit for trial, with a customer that it lets in without questions."""

    @property
    def institution(self) -> Institution:
        """The bank."""

    @property
    def login(self) -> Login:
        """The customer's login information."""

    @property
    def clock(self) -> Clock:
        """The bank's present."""

    def transport(self) -> Transport:
        """A new session with the customer's certificate."""


def check_lists(connector: Connector) -> Iterator[str]:
    """What a family says that it presses and reaches."""
    for words in sorted(connector.presses):
        if _MOVES_OR_CHANGES.search(fold(words)) and fold(words) not in _HARMLESS:
            yield f"it may press 「{words}」"
    for reach in connector.reaches:
        if reach.method not in {"GET", "POST"}:
            yield f"it may send {reach.method}"
        for place in _PLACES:
            if re.fullmatch(reach.path, place):
                yield f"it may reach {place}"


async def check_guard(connector: Connector, institution: Institution) -> list[str]:
    """Every label that a family presses, on pages that lead elsewhere under that label."""
    origin = f"https://{institution.hosts[0]}"
    targets = [origin + place for place in _PLACES]
    targets += ["https://bank.example/0138c/rblgi01/BLGI001.do", "http://localhost/", "file:///x"]
    led_astray = [
        f"「{label}」 led to {target}"
        for label in sorted(connector.presses)
        for target in targets
        for answers in _disguises(label, target, institution.sign_in)
        if not await _is_refused(connector, institution, label, target, answers)
    ]
    followed = [
        f"it followed {html}"
        for label in sorted(connector.presses)
        for html in (each.format(label=label, target=targets[0]) for each in _UNUSABLE)
        if not await _is_left_alone(connector, institution, label, html)
    ]
    filled = [
        f"it filled in 「{field}」"
        for field in _FORBIDDEN_FIELDS
        if not await _is_left_blank(connector, institution, field)
    ]
    ordered = [
        f"it sent a form that asks for 「{field}」 by 「{label}」"
        for label in sorted(connector.presses)
        for field in _FORBIDDEN_FIELDS
        if not await _is_no_order(connector, institution, label, field)
    ]
    return led_astray + followed + filled + ordered


async def check_visits(connector: Connector, stage: Stage) -> list[str]:
    """A whole visit, then visits that break off or are cancelled at each of its requests.

    A bank keeps out whoever has not signed out, so the proof is that it lets in again.
    """
    whole = BreakingOff(stage.transport())
    broken = [] if await _ends_well(connector, stage, whole) else ["a whole visit failed"]
    for at in range(1, whole.count):
        for how in ("broken off", "cancelled"):
            if await _breaks_off(connector, stage, at, cancelled=how == "cancelled"):
                broken.append(f"it went on when {how} at request {at}")
            if not await _is_let_in(connector, stage):
                broken.append(f"it did not sign out when {how} at request {at}")
    return broken


async def _breaks_off(connector: Connector, stage: Stage, at: int, *, cancelled: bool) -> bool:
    """Whether a visit ends as if nothing had happened although it broke off."""
    transport = BreakingOff(stage.transport(), at)
    visit = asyncio.create_task(_ends_well(connector, stage, transport))
    if cancelled:
        transport.instead = visit.cancel
    return await visit


async def _ends_well(connector: Connector, stage: Stage, transport: Transport) -> bool:
    """Whether a visit comes to its end."""
    session = _session(connector, stage.institution, transport, stage.login, stage.clock)

    def keep(_statements: Sequence[Statement]) -> None:
        return None

    try:
        await run(connector, session, lambda _: _LONG_AGO, keep)
    except (ProblemError, asyncio.CancelledError):
        return False
    finally:
        await transport.close()
    return True


async def _is_let_in(connector: Connector, stage: Stage) -> bool:
    transport = stage.transport()
    session = _session(connector, stage.institution, transport, stage.login, stage.clock)
    try:
        await connector.sign_in(session)
        await connector.sign_out(session)
    except ProblemError:
        return False
    finally:
        await transport.close()
    return True


def _disguises(label: str, target: str, allowed: str) -> Iterator[tuple[Response, ...]]:
    """Answers of a bank whose button says one thing and leads to another.

    allowed: a place that may be reached, from which the bank then leads on.
    """
    yield (page(f'<form method=post action="{target}"><input type=submit value="{label}"></form>'),)
    yield (page(f'<form method=post><button formaction="{target}">{label}</button></form>'),)
    yield (page(f'<a href="{target}">{label}</a>'),)
    yield (page(f'<form action="{target}"><input type=image alt="{label}"></form>'),)
    honest = page(f'<form method=post action="{allowed}"><button>{label}</button></form>')
    yield honest, redirect(target)
    yield honest, redirect(target, 307)
    yield honest, page(f'<meta http-equiv=refresh content="0; url={target}">')


async def _is_refused(
    connector: Connector,
    institution: Institution,
    label: str,
    target: str,
    answers: tuple[Response, ...],
) -> bool:
    """Whether the disguise is refused, and nothing was sent to where it leads."""
    transport = Scripted(*answers)
    opened = await _session(connector, institution, transport).open()
    try:
        await opened.press(label)
    except ForbiddenError:
        return all(request.url != target for request in transport.sent)
    except BankError:
        return False
    return False


async def _is_left_alone(
    connector: Connector, institution: Institution, label: str, html: str
) -> bool:
    """Whether a page that needs scripts or frames is not followed."""
    transport = Scripted(page(html))
    opened = await _session(connector, institution, transport).open()
    try:
        await opened.press(label)
    except (NotUsableError, LabelMissingError):
        return len(transport.sent) == 1
    return False


async def _is_no_order(
    connector: Connector, institution: Institution, label: str, field: str
) -> bool:
    """Whether a form is not sent, to a place that may be reached, where it has such a field."""
    for control in (f"{field}<input name=p>", f'<input type=hidden name="{field}" value=1>'):
        form = f"<form method=post action='{institution.sign_in}'>{control}<button>{label}</button>"
        transport = Scripted(page(form))
        opened = await _session(connector, institution, transport).open()
        try:
            await opened.press(label)
        except ForbiddenFieldError:
            continue
        return False
    return True


async def _is_left_blank(connector: Connector, institution: Institution, field: str) -> bool:
    row = f"<form><table><tr><th>{field}</th><td><input type=password name=p></td></tr></table>"
    opened = await _session(connector, institution, Scripted(page(row))).open()
    try:
        opened.fill(field, Secret("x"))
    except ForbiddenFieldError:
        return True
    return False


def _session(
    connector: Connector,
    institution: Institution,
    transport: Transport,
    login: Login | None = None,
    clock: Clock = system_clock,
) -> BankSession:
    return open_session(
        connector,
        institution,
        login or {},
        transport,
        clock=clock,
        ask=_nobody_answers,
        on_step=lambda _words, _count: None,
    )


async def _nobody_answers(_challenge: Challenge) -> Answer:
    raise ProblemError(Problem(ProblemCode.CHALLENGE_WAITING))
