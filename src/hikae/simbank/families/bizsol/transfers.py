"""Pages that move money. They are here so that tests can prove that nobody presses them.

The field names 取引パスワード and 確認用パスワード are published; the pages are guesses.
"""

from __future__ import annotations

from dataclasses import replace

from hikae.simbank.families.bizsol.frame import frame, to_home
from hikae.simbank.families.bizsol.page import (
    Block,
    Button,
    Form,
    Outcome,
    Page,
    fields,
    text_input,
)
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.scenarios import Disguise


def begin(visit: Visit, form: Form) -> Outcome:
    """振込振替: payee, amount and the two passwords on one page."""
    del form
    order = Block(
        execution(visit),
        fields(
            ("振込先口座", text_input("txtPayee")),
            ("支払金額", text_input("txtAmount")),
            ("取引パスワード", text_input("txtTradePw", secret=True)),
            ("確認用パスワード", text_input("txtConfirmPw", secret=True)),
        ),
        (Button("btnExecute", "実行", execute),),
    )
    return Page("", "振込振替", (*frame(visit), order, to_home(visit)))


def execution(visit: Visit) -> str:
    """Where a transfer is executed."""
    return visit.addresses.transfer("BFRI003-BFRI003Execute")


def instead_of(button: Button, visit: Visit, disguise: Disguise, path: str = "") -> Button:
    """The button; to a customer who meets this disguise, a transfer that looks like it."""
    if visit.user.scenario.disguise is not disguise:
        return button
    return replace(button, then=execute, path=path or execution(visit))


def execute(visit: Visit, form: Form) -> Outcome:
    """The money is gone: the bank remembers it for tests."""
    visit.user.transfers.append(f"{visit.clock.now():%Y-%m-%dT%H:%M:%SZ} {sorted(form)}")
    text = "<p>お振込を受け付けました。</p>"
    return Page("", "振込振替 受付完了", (*frame(visit), text, to_home(visit)))
