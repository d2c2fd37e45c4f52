"""A whole visit to a bank: sign in, take the statements, and always sign out.

What one inquiry brought is read and kept while the dialog is already at the next one, because
reading takes as long as the bank does.

Banks keep out for a while whoever leaves without signing out, so this is the one place that
promises it, after errors and cancellation too.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from datetime import date

from hikae.banks.connector import Connector, Reading
from hikae.banks.session import BankSession
from hikae.model.account import Account
from hikae.model.problems import ProblemError
from hikae.model.statement import Statement

Keep = Callable[[Sequence[Statement]], None]
"""Keeps together the statements that came together; they are safe when it returns.

It is called on the thread that read them, so that the dialog does not wait for the disk.
"""

HEAD_START = 0.002
"""Seconds that the dialog has before reading begins: both need the interpreter, and a request that
is on its way lets the bank work meanwhile."""

LEAVING = 30.0
"""Seconds that signing out may take, also while the visit is being cancelled."""

_log = logging.getLogger(__name__)


def every_account(_account: Account) -> bool:
    """The choice of accounts that leaves none out."""
    return True


async def run(
    connector: Connector,
    session: BankSession,
    since: Callable[[Account], date],
    keep: Keep,
    wanted: Callable[[Account], bool] = every_account,
) -> Sequence[Account]:
    """Take the statements of the wanted accounts, each since its day; returns all accounts.

    All that was taken is kept before the bank is left, in the order in which it was taken, however
    the dialog ends. Raises ProblemError for whatever the bank, the way to it, or `keep` says.
    """
    try:
        await connector.sign_in(session)
        accounts = await connector.accounts(session)
        days: defaultdict[date, list[Account]] = defaultdict(list)
        for account in filter(wanted, accounts):
            days[since(account)].append(account)
        for day, chosen in days.items():
            async with aclosing(connector.statements(session, chosen, day)) as taken:
                await _keep_behind(taken, keep)
    finally:
        if session.began:
            await _leave(connector, session)
    return accounts


async def _keep_behind(taken: AsyncIterator[Reading], keep: Keep) -> None:
    """Read and keep behind the dialog, one inquiry after the other.

    Being cancelled ends the dialog; only being cancelled again ends the keeping.
    """
    behind: asyncio.Task[None] | None = None
    over = asyncio.Event()
    try:
        async for reading in taken:
            if behind is not None and behind.done():
                behind.result()  # raises what went wrong: the dialog need not go on
            behind = asyncio.create_task(_read_and_keep_after(behind, over, reading, keep))
    finally:
        over.set()
        if behind is not None:
            await behind


async def _read_and_keep_after(
    before: asyncio.Task[None] | None, over: asyncio.Event, reading: Reading, keep: Keep
) -> None:
    """Read and keep after what came before; once the dialog is over, it needs no head start."""
    if before is not None:
        await before
    with suppress(TimeoutError):
        await asyncio.wait_for(over.wait(), HEAD_START)
    await asyncio.to_thread(_read_and_keep, reading, keep)


def _read_and_keep(reading: Reading, keep: Keep) -> None:
    keep(reading())


async def _leave(connector: Connector, session: BankSession) -> None:
    """Sign out within `LEAVING`, however often this task is cancelled meanwhile.

    What goes wrong here is only logged: it must not hide what the visit itself came to.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + LEAVING
    # The bank may be a page further than we are, and then it does not take our way out.
    lost = session.driver.unanswered
    leaving = asyncio.ensure_future(connector.sign_out(session))
    cancelled = False
    while not leaving.done() and (left := until - loop.time()) > 0:
        try:
            await asyncio.wait({leaving}, timeout=left)
        except asyncio.CancelledError:
            cancelled = True
    if not leaving.done():
        leaving.cancel()
        _log.warning("%s: did not sign out in time", session.institution.code)
    elif isinstance(error := leaving.exception(), ProblemError):
        _log.warning("%s: could not sign out: %s", session.institution.code, error.problem.code)
    elif error is not None:
        raise error
    else:
        # A page on which the bank broke down offers no way out, so nobody knows where one is.
        answered = not lost and not session.driver.unanswered
        session.left = answered and session.page.status < 500
    if cancelled:
        raise asyncio.CancelledError
