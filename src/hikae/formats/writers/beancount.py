"""Writes a ledger of beancount: UTF-8, one transaction each, payee and narration in quotes.

Source: beancount's description of its language. An assertion there holds at the beginning of its
day, so what an account holds after its last day is asserted on the next one.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from hikae.formats.stream import StatementStream
from hikae.formats.writers.plain import one_line
from hikae.formats.writers.plain_text_accounts import PlainTextAccounts, Totals
from hikae.formats.writers.writer import Tell
from hikae.model.currency import decimal_text
from hikae.model.statement import Transaction

ACCOUNTS = PlainTextAccounts(
    bank="Assets:Bank",
    receipts="Income:Unknown",
    payments="Expenses:Unknown",
    equity="Equity:Opening-Balances",
)

_OPEN_SINCE = "1900-01-01"
_ESCAPED = str.maketrans({"\\": "\\\\", '"': '\\"'})


def write(
    statements: Iterable[StatementStream],
    tell: Tell,  # noqa: ARG001 - loses nothing
    accounts: PlainTextAccounts = ACCOUNTS,
) -> Iterator[bytes]:
    """Accounts, opening balances, transactions, and at the end what each account must hold.

    Raises Unwritable for a statement that goes back before days that are written already.
    """
    totals = Totals(accounts)
    opened = {accounts.receipts, accounts.payments, accounts.equity}
    yield "".join(map(_open, sorted(opened))).encode()
    for statement in statements:
        account, currency = accounts.own(statement.account), statement.account.currency
        if account not in opened:
            opened.add(account)
            yield _open(account).encode()
        if missing := totals.begin(statement):
            yield _entry(missing.day, '"繰越"', account, accounts.equity, missing.minor, currency)
        for transaction in statement.transactions:
            totals.add(account, currency, transaction)
            yield _entry_of(transaction, account, accounts.contra(transaction), currency)
    for holding in totals.stated():
        if holding.day < date.max:
            held = f"{decimal_text(holding.minor, holding.currency)} {holding.currency}"
            next_day = holding.day + timedelta(days=1)
            yield f"\n{next_day} balance {holding.account}  {held}\n".encode()


def _open(account: str) -> str:
    return f"{_OPEN_SINCE} open {account}\n"


def _entry_of(transaction: Transaction, to: str, other: str, currency: str) -> bytes:
    texts = [_quoted(" ".join(filter(None, (transaction.description, transaction.edi))))]
    if transaction.counterparty:
        texts.insert(0, _quoted(transaction.counterparty))
    reference = transaction.bank_reference
    return _entry(
        transaction.booked_on,
        " ".join(texts) + (f"\n  reference: {_quoted(reference)}" if reference else ""),
        to,
        other,
        transaction.amount,
        currency,
    )


def _entry(day: date, words: str, to: str, other: str, minor: int, currency: str) -> bytes:
    moved, back = decimal_text(minor, currency), decimal_text(-minor, currency)
    postings = f"  {to}  {moved} {currency}\n  {other}  {back} {currency}\n"
    return f"\n{day} * {words}\n{postings}".encode()


def _quoted(text: str) -> str:
    return f'"{one_line(text).translate(_ESCAPED)}"'
