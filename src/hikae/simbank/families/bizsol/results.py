"""入出金明細照会[ANSER]結果: the list in pages, and its two downloads.

The title and the headings are published (those of the file). guess: rows on a page, the paging
labels, the labels of the downloads, file names, and that an empty result offers no download.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from hikae.simbank.families.bizsol import transfers
from hikae.simbank.families.bizsol.frame import frame, to_home
from hikae.simbank.families.bizsol.page import Block, Button, File, Form, Outcome, Page, grid
from hikae.simbank.families.bizsol.visit import Visit
from hikae.simbank.files import anser, zengin
from hikae.simbank.ledger import Account, Extract
from hikae.simbank.scenarios import Disguise, Trouble

_TITLE = "入出金明細照会[ANSER]結果"

Extracts = Sequence[tuple[Account, Extract]]


def page(visit: Visit, extracts: Extracts, number: int = 0) -> Page:
    """One page of the list, counted from 0."""
    rows = [
        (account, n, row)
        for account, extract in extracts
        for n, row in enumerate(extract.rows, start=1)
    ]
    if not rows:
        text = "<p>該当する明細はありません。</p>"
        return Page("", _TITLE, (*frame(visit), text, to_home(visit)))
    size = visit.bank.page_rows
    pages = -(-len(rows) // size)
    headings = anser.headings(full_width_brackets=visit.bank.full_width_brackets)
    shown = [anser.cells(*row) for row in rows[number * size : (number + 1) * size]]
    table = grid("入出金明細", headings, shown)
    where = f"<p>全{len(rows)}件 {number + 1}/{pages}ページ</p>"
    buttons = Block(
        visit.addresses.inquiry("BMSK002-BMSK002Page"), "", _turns(extracts, number, pages)
    )
    parts = (*frame(visit), where, table, buttons, _downloads(visit, extracts), to_home(visit))
    return Page("", _TITLE, parts)


def _turns(extracts: Extracts, number: int, pages: int) -> tuple[Button, ...]:
    def turn(visit: Visit, form: Form, *, to: int) -> Outcome:
        del form
        return page(visit, extracts, to)

    buttons = []
    if number > 0:
        buttons.append(Button("btnPrev", "前ページ", partial(turn, to=number - 1)))
    if number + 1 < pages:
        buttons.append(Button("btnNext", "次ページ", partial(turn, to=number + 1)))
    return tuple(buttons)


def _downloads(visit: Visit, extracts: Extracts) -> Block:
    def as_anser(visit: Visit, form: Form) -> Outcome:
        del form
        brackets = visit.bank.full_width_brackets
        content = anser.write(extracts, full_width_brackets=brackets)
        return _file(visit, f"ANSER{visit.clock.today():%Y%m%d}.csv", content)

    def as_zengin(visit: Visit, form: Form) -> Outcome:
        del form
        content = zengin.write(visit.bank, visit.clock.today(), extracts)
        return _file(visit, f"ZENGIN{visit.clock.today():%Y%m%d}.txt", content)

    return Block(
        visit.addresses.inquiry("BMSK003-BMSK003Download"),
        "",
        (
            transfers.instead_of(
                Button("btnAnser", "ファイル取得(ANSER形式)", as_anser), visit, Disguise.DOWNLOAD
            ),
            Button("btnZengin", "ファイル取得(全銀形式)", as_zengin),
        ),
    )


def _file(visit: Visit, name: str, content: bytes) -> File:
    scenario = visit.user.scenario
    return File(name, scenario.send(content), cut=scenario.trouble is Trouble.RESET_MIDWAY)
