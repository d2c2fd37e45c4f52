"""Writes OFX 2.0 (XML), which bookkeeping programs in Japan and elsewhere take up.

Source: Open Financial Exchange 2.0, and what Japanese writers of it agree on: four digits of
the unified bank code as BANKID (0000 where it is not known), days with +9:JST. An account is
CHECKING (当座) or SAVINGS, because OFX knows no other of ours. NAME is the counterparty, or the
description where there is none; MEMO has what is not in NAME, or not whole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, islice
from xml.sax.saxutils import escape

from hikae.formats.stream import StatementStream
from hikae.formats.writers.covered_days import covered_days
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.writer import Tell, Unwritable, kept
from hikae.model.account import AccountKind
from hikae.model.clock import JAPAN
from hikae.model.currency import decimal_text
from hikae.model.statement import Period, Transaction

_PROLOGUE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<?OFX OFXHEADER="200" VERSION="200" SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n'
)
_STATUS = "<STATUS><CODE>0</CODE><SEVERITY>INFO</SEVERITY></STATUS>"
_LENGTHS = {"BANKID": 9, "BRANCHID": 22, "ACCTID": 22, "REFNUM": 32, "NAME": 32, "MEMO": 255}
_UNKNOWN_BANK, _UNKNOWN_NUMBER = "0000", "0000000"


def write(statements: Iterable[StatementStream], tell: Tell) -> Iterator[bytes]:
    """One sign-on and a statement response for each account. Raises Unwritable for none."""
    waiting = iter(statements)
    some = list(islice(waiting, 1))
    if not some:
        raise Unwritable("STMTTRNRS", "")
    now = some[0].as_of.astimezone(JAPAN)
    yield (
        f"{_PROLOGUE}<OFX>\n<SIGNONMSGSRSV1><SONRS>{_STATUS}"
        f"<DTSERVER>{now:%Y%m%d%H%M%S}[+9:JST]</DTSERVER><LANGUAGE>JPN</LANGUAGE>"
        "</SONRS></SIGNONMSGSRSV1>\n<BANKMSGSRSV1>\n"
    ).encode()
    row = 0
    for statement in chain(some, waiting):
        days, identities = covered_days(statement), _Identities()
        yield _head(statement, days, tell).encode()
        for transaction in statement.transactions:
            row += 1
            fitid = identities.next(transaction)
            yield _transaction(transaction, statement.account.currency, fitid, row, tell).encode()
        yield _foot(statement, days).encode()
    yield b"</BANKMSGSRSV1>\n</OFX>\n"


def _head(statement: StatementStream, days: Period, tell: Tell) -> str:
    account = statement.account
    kind = "CHECKING" if account.kind is AccountKind.CURRENT else "SAVINGS"
    parts = [
        f"<STMTTRNRS><TRNUID>0</TRNUID>{_STATUS}",
        f"<STMTRS><CURDEF>{escape(account.currency)}</CURDEF>\n<BANKACCTFROM>",
        _element("BANKID", account.bank_code or _UNKNOWN_BANK, None, tell),
        _element("BRANCHID", account.branch_code, None, tell),
        _element("ACCTID", account.number or _UNKNOWN_NUMBER, None, tell),
        f"<ACCTTYPE>{kind}</ACCTTYPE></BANKACCTFROM>\n",
        f"<BANKTRANLIST><DTSTART>{_day(days.first)}</DTSTART><DTEND>{_day(days.last)}</DTEND>\n",
    ]
    return "".join(parts)


def _foot(statement: StatementStream, days: Period) -> str:
    balance = ""
    if statement.closing is not None:
        closing = decimal_text(statement.closing, statement.account.currency)
        as_of = _day(days.last)
        balance = f"<LEDGERBAL><BALAMT>{closing}</BALAMT><DTASOF>{as_of}</DTASOF></LEDGERBAL>\n"
    return f"</BANKTRANLIST>\n{balance}</STMTRS></STMTTRNRS>\n"


def _transaction(transaction: Transaction, currency: str, fitid: str, row: int, tell: Tell) -> str:
    name, memo = _name_and_memo(transaction)
    available = transaction.value_on
    parts = [
        f"<STMTTRN><TRNTYPE>{'DEBIT' if transaction.amount < 0 else 'CREDIT'}</TRNTYPE>",
        f"<DTPOSTED>{_day(transaction.booked_on)}</DTPOSTED>",
        f"<DTAVAIL>{_day(available)}</DTAVAIL>" if available else "",
        f"<TRNAMT>{decimal_text(transaction.amount, currency)}</TRNAMT><FITID>{fitid}</FITID>",
        _element("REFNUM", transaction.bank_reference, row, tell),
        _element("NAME", name, row, tell),
        _element("MEMO", memo, row, tell),
        "</STMTTRN>\n",
    ]
    return "".join(parts)


def _name_and_memo(transaction: Transaction) -> tuple[str, str]:
    texts = (transaction.counterparty, transaction.description, transaction.edi)
    name, *others = [one_line(text) for text in texts if text] or [""]
    if len(name) > _LENGTHS["NAME"]:  # the memo then begins with the whole of it
        others.insert(0, name)
        name = name[: _LENGTHS["NAME"]].rstrip()
    return name, " ".join(others)


def _element(tag: str, text: str | None, row: int | None, tell: Tell) -> str:
    """A leaf; none at all for no text, because an empty one is not allowed."""
    line = one_line(text).strip()
    if not line:
        return ""
    held = kept(tell, row, tag, line, line[: _LENGTHS[tag]].rstrip())
    return f"<{tag}>{escape(held)}</{tag}>"


def _day(day: date) -> str:
    return f"{day.isoformat().replace('-', '')}000000[+9:JST]"


class _Identities:
    """FITID: day, amount, and which of the equal ones it is, so it stays when days come again.

    A day that comes back after another one counts anew, and says so: one day is remembered at
    a time.
    """

    def __init__(self) -> None:
        self._day: date | None = None
        self._visits: Counter[date] = Counter()
        self._equal: Counter[int] = Counter()

    def next(self, transaction: Transaction) -> str:
        """Identity of the next row of an account."""
        if transaction.booked_on != self._day:
            self._day = transaction.booked_on
            self._visits[self._day] += 1
            self._equal.clear()
        self._equal[transaction.amount] += 1
        visit, which = self._visits[self._day], self._equal[transaction.amount]
        day = self._day.isoformat().replace("-", "")
        again = f"-{visit}" if visit > 1 else ""
        return f"{day}{transaction.amount:+d}-{which}{again}"
