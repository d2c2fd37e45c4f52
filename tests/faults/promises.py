"""What holds after every combination, once all is in order again."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from demo.household import Books
from hikae.agent.latches import REJECTIONS
from hikae.model.fetch import FetchState
from hikae.model.problems import ProblemCode
from tests.faults.office import Office
from tests.faults.town import LOCKOUT
from tests.system.agent.books import SIGNED_OUT, trespasses

_REJECTING = {
    "wrong_password": {ProblemCode.WRONG_PASSWORD},
    "locked": {ProblemCode.ACCOUNT_LOCKED},
    "otp_wrong_once": {ProblemCode.CHALLENGE_WRONG},
}
"""Where a bank really rejects, and what."""

_PASSWORD, _CODE = "txtLoginPw", "txtOtp"
"""What the simulated bank's forms call the password and the one-time password."""

_BEFORE = {"", "電子証明書ログイン", "ログイン", "ログオン", "電子証明書ログオン"}
"""What is pressed before the bank knows who is there."""

_OUTSIDE = {
    *("ログイン", "ご利用停止", "ログイン制限", "エラー"),
    *("ワンタイムパスワード認証確認", "ワンタイムパスワード認証エラー"),
}
"""Pages after which nobody is inside."""


async def prove(office: Office) -> None:
    """Fetch until it is done, and once more; nothing lost, nothing doubled, nothing rejected."""
    last = await office.fetch_all()
    assert last.state is FetchState.DONE, last.problem
    truth = office.bank.books(office.customer)
    wrong = differences(office.house.books(office.organisation), truth)
    assert wrong == [], wrong
    again = await office.fetch_all()
    assert again.state is FetchState.DONE, again.problem
    assert again.counts.added == 0, again.counts
    wrong = differences(office.house.books(office.organisation), truth)
    assert wrong == [], wrong
    prove_manners(office)


def differences(books: Books, truth: Books) -> list[str]:
    """What the cloud's books lack of the bank's own, what they have besides, or another order."""
    found = []
    for number in {*books, *truth}:
        kept, real = Counter(books.get(number, ())), Counter(truth.get(number, ()))
        found += [f"{number} lost {row}" for row in (real - kept).elements()]
        found += [f"{number} besides {row}" for row in (kept - real).elements()]
    return found or ([] if books == truth else ["another order"])


def prove_manners(office: Office) -> None:
    """At the bank: one visit at a time, left or waited out, at most one wrong password."""
    plan, log = office.plan, office.bank.log(office.customer)
    rejected = REJECTIONS & set(office.played.codes)
    assert rejected <= _REJECTING.get(plan.scenario, set()), rejected
    if plan.scenario != "signed_in_elsewhere":  # there the bank itself has ended the visit
        assert ProblemCode.SIGNED_IN_ELSEWHERE not in office.played.codes
        assert overlaps(log) == [], overlaps(log)
    assert trespasses(office.bank, office.customer) == []
    assert _buttons(log)[-1] in SIGNED_OUT
    (known,) = [
        c for c in office.bank.ask("/customers") if c["login_id"] == office.customer.login_id
    ]
    assert not known["locked"]


def wrong_passwords(office: Office) -> int:
    """How often the password was given while the bank knew another one."""
    return sum(_PASSWORD in entry["filled"] for entry in office.bank.log(office.customer))


def overlaps(log: Sequence[Mapping[str, Any]]) -> list[str]:
    """Sign-ins that came before the visit before was left or its time was over."""
    found = []
    inside: datetime | None = None
    for entry in log:
        at = datetime.fromisoformat(entry["time"])
        if entry["button"] in SIGNED_OUT:
            inside = None
        elif _lets_in(entry):
            if inside is not None and at - inside < timedelta(seconds=LOCKOUT):
                found.append(f"signed in at {at} while inside since {inside}")
            inside = at
        elif inside is not None and entry["button"] not in _BEFORE:
            inside = at
    return found


def _lets_in(entry: Mapping[str, Any]) -> bool:
    """Whether the bank lets its user in on this request, after the password or the code."""
    gives = {_PASSWORD, _CODE} & set(entry["filled"])
    return bool(gives) and entry["page"] not in _OUTSIDE


def leaks(folder: Path, secrets: set[str]) -> list[str]:
    """Names of logs below a folder that hold a secret."""
    wanted = re.compile("|".join(rf"(?<!\d){re.escape(each)}(?!\d)" for each in sorted(secrets)))
    logs = {log.name: log.read_text("utf-8", "replace") for log in folder.rglob("*.log")}
    return [name for name, said in logs.items() if secrets and wanted.search(said)]


def _buttons(log: Sequence[Mapping[str, Any]]) -> list[str]:
    return [entry["button"] for entry in log if entry["button"]]
