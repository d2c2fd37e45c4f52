"""Writes a journal of hledger: UTF-8, one entry for each transaction, payee | note.

Source: hledger's manual of the journal format. `;` begins a comment there, `|` parts payee from
note, and signs may stand before the words; in texts these become their full-width forms.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from hikae.formats.stream import StatementStream
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.plain_text_accounts import PlainTextAccounts, Totals
from hikae.formats.writers.writer import Tell
from hikae.model.currency import decimal_text
from hikae.model.statement import Transaction

ACCOUNTS = PlainTextAccounts(
    bank="assets:bank",
    receipts="income:unknown",
    payments="expenses:unknown",
    equity="equity:opening/closing balances",
)

_WIDE = str.maketrans({";": "；", "|": "｜"})
_WIDE_AT_FIRST = {"(": "（", "*": "＊", "!": "！"}
_WIDE_IN_CODE = str.maketrans({";": "；", "(": "（", ")": "）"})


def write(
    statements: Iterable[StatementStream],
    tell: Tell,  # noqa: ARG001 - loses nothing
    accounts: PlainTextAccounts = ACCOUNTS,
) -> Iterator[bytes]:
    """Opening balances, transactions, and at the end what each account must hold.

    Raises Unwritable for a statement that goes back before days that are written already.
    """
    totals = Totals(accounts)
    yield b"decimal-mark .\n"
    for statement in statements:
        account, currency = accounts.own(statement.account), statement.account.currency
        if missing := totals.begin(statement):
            yield _entry(missing.day, "繰越", account, accounts.equity, missing.minor, currency)
        for transaction in statement.transactions:
            totals.add(account, currency, transaction)
            yield _entry_of(transaction, account, accounts.contra(transaction), currency)
    for holding in totals.stated():
        zero, held = (decimal_text(minor, holding.currency) for minor in (0, holding.minor))
        assertion = f"{zero} {holding.currency} = {held} {holding.currency}"
        yield f"\n{holding.day} * 残高\n    {holding.account}  {assertion}\n".encode()


def _entry_of(transaction: Transaction, to: str, other: str, currency: str) -> bytes:
    code = one_line(transaction.bank_reference).translate(_WIDE_IN_CODE)
    note = " ".join(filter(None, (transaction.description, transaction.edi)))
    texts = filter(None, (_words(transaction.counterparty), _words(note)))
    return _entry(
        transaction.booked_on,
        (f"({code}) " if code else "") + " | ".join(texts),
        to,
        other,
        transaction.amount,
        currency,
    )


def _entry(day: date, words: str, to: str, other: str, minor: int, currency: str) -> bytes:
    moved, back = decimal_text(minor, currency), decimal_text(-minor, currency)
    postings = f"    {to}  {moved} {currency}\n    {other}  {back} {currency}\n"
    return f"\n{day} * {words}\n{postings}".encode()


def _words(text: str | None) -> str:
    line = one_line(text).strip().translate(_WIDE)
    return _WIDE_AT_FIRST.get(line[:1], line[:1]) + line[1:]
