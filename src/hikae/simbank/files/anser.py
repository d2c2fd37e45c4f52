"""The ANSER statement CSV: 13 columns, one row for each transaction, all accounts in one file.

cp932, CR LF, every item in quotes, an empty one as `""`; headings with full-width or half-width
brackets, by bank. As banks publish it in 入出金明細〔ANSER〕照会結果ファイル.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from hikae.simbank.ledger import Account, Extract, Kind, Row

HEADINGS = (
    "照会口座",
    "番号",
    "勘定日",
    "(起算日)",
    "出金金額(円)",
    "入金金額(円)",
    "小切手区分",
    "残高(円)",
    "取引区分",
    "明細区分",
    "金融機関名",
    "支店名",
    "摘要",
)
_WIDEN = str.maketrans("()", "\uff08\uff09")


def headings(*, full_width_brackets: bool) -> tuple[str, ...]:
    """The 13 headings as this bank writes them."""
    if not full_width_brackets:
        return HEADINGS
    return tuple(heading.translate(_WIDEN) for heading in HEADINGS)


def cells(account: Account, number: int, row: Row) -> tuple[str, ...]:
    """One transaction as the result screen and the file show it."""
    posting = row.posting
    value_on = "" if posting.value_on == posting.booked_on else _day(posting.value_on)
    return (
        account.label,
        f"{number:03}",
        _day(posting.booked_on),
        value_on,
        f"{-posting.amount:,}" if posting.amount < 0 else "",
        f"{posting.amount:,}" if posting.amount >= 0 else "",
        "小切手" if posting.cheque else "",
        f"{row.balance:,}",
        _word(posting.kind, posting.amount),
        "",
        posting.bank,
        posting.branch,
        posting.description,
    )


def write(extracts: Iterable[tuple[Account, Extract]], *, full_width_brackets: bool) -> bytes:
    """The file for one inquiry over any number of accounts."""
    lines = [_line(headings(full_width_brackets=full_width_brackets))]
    for account, extract in extracts:
        lines += [_line(cells(account, n, row)) for n, row in enumerate(extract.rows, start=1)]
    return "".join(lines).encode("cp932")


def _word(kind: Kind, amount: int) -> str:
    if kind is Kind.OTHER:
        return "出金" if amount < 0 else "入金"
    return kind.word


def _day(day: date) -> str:
    return f"{day:%Y年%m月%d日}"


def _line(items: Sequence[str]) -> str:
    return ",".join('"' + item.replace('"', '""') + '"' for item in items) + "\r\n"
