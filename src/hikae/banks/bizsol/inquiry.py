"""Inquiries at a BizSOL bank: 入出金明細照会 by dates, month by month, taken as files.

Only 日付範囲指定 is used: the plain inquiry would mark rows as read for the person. The file of a
result holds all its rows, so its further pages are opened only where a bank offers no file.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing
from datetime import date, timedelta
from functools import partial

from hikae.banks.bizsol.accounts import Listed, listed_accounts
from hikae.banks.bizsol.refusals import refusal
from hikae.banks.bizsol.result import Asked, shows_no_rows
from hikae.banks.bizsol.words import Buttons, Fields
from hikae.banks.connector import Reading, Session
from hikae.banks.controls import Control
from hikae.banks.errors import NotAFileError, PageError
from hikae.banks.labels import fold, spellings
from hikae.banks.page import Download, Page
from hikae.model.account import Account
from hikae.model.clock import japan_day
from hikae.model.statement import Channel, Period, Statement

_PARTS = ("%Y", "%m", "%d")
_MOST_PAGES_OF_ROWS = 200


class Inquiry:
    """The inquiries of one visit, with the words of one bank."""

    def __init__(self, session: Session, buttons: Buttons, fields: Fields) -> None:
        """Prepare; nothing is sent yet."""
        self._session = session
        self._buttons = buttons
        self._fields = fields
        self._rows = 0

    async def accounts(self) -> Sequence[Account]:
        """The accounts that the inquiry offers, in its order."""
        self._session.step("口座一覧")
        page = await self._conditions()
        return [each.account for each in listed_accounts(page, self._session.institution)[1]]

    async def statements(
        self, accounts: Sequence[Account], since: date
    ) -> AsyncGenerator[Reading, None]:
        """One statement for each account and month, from `since` but not beyond the window."""
        unread: list[Reading] = []
        try:
            async with aclosing(self._inquiries(accounts, since)) as inquiries:
                async for page, asked in inquiries:
                    # Handed over now, because the bank takes its time to answer what comes next.
                    while unread:
                        yield unread.pop()
                    unread.append(await self._inquire(page, asked))
        finally:
            while unread:
                yield unread.pop()

    async def _inquiries(
        self, accounts: Sequence[Account], since: date
    ) -> AsyncGenerator[tuple[Page, Asked], None]:
        """The page of conditions for each inquiry, filled in, and what it asks for."""
        today = japan_day(self._session.clock())
        window = timedelta(days=self._session.institution.window_days - 1)
        for period in months(max(since, today - window), today):
            choice, listed = listed_accounts(await self._conditions(), self._session.institution)
            wanted = [each for each in listed if each.account in accounts]
            for group in [wanted] if choice.several else [[each] for each in wanted]:
                yield await self._filled_in(group, period)

    async def _conditions(self) -> Page:
        """The page of accounts and conditions, from wherever the dialog is.

        Each press leads nearer; on a page that leads no nearer the dialog has lost its way.
        """
        page = self._session.page
        b = self._buttons
        ways = [b.conditions, b.statements, b.inquiries, b.home]
        while not self._asks_for_dates(page):
            nearest = next((way for way in ways if page.offers(way)), None)
            if nearest is None:
                raise refusal(page)
            ways = ways[: ways.index(nearest)]
            page = await page.press(nearest)
        return page

    def _asks_for_dates(self, page: Page) -> bool:
        return page.asks(self._fields.period) or page.asks(self._fields.first_day)

    async def _filled_in(self, group: Sequence[Listed], period: Period) -> tuple[Page, Asked]:
        """The page of conditions with these accounts and days."""
        page = await self._conditions()
        choice, _ = listed_accounts(page, self._session.institution)
        page.choose(choice, *(each.option for each in group))
        self._choose_dates(page, period)
        accounts = tuple(each.account for each in group)
        return page, Asked(accounts, period, self._session.clock())

    async def _inquire(self, page: Page, asked: Asked) -> Reading:
        """What the bank gives to what is filled in."""
        month = asked.period.first
        self._session.step(f"入出金明細照会 {month.year}年{month.month}月", self._rows)
        return partial(self._read, await self._take(await page.press(self._buttons.inquire), asked))

    def _read(self, taken: Reading) -> Sequence[Statement]:
        """Read what was taken, and count its rows for those who watch."""
        statements = taken()
        self._rows += sum(len(each.transactions) for each in statements)
        return statements

    def _choose_dates(self, page: Page, period: Period) -> None:
        """Ask by dates; raises PageError where that is not offered beside the plain inquiry."""
        by_date = set(spellings(self._fields.by_date))
        ways = [(c, o) for c in page.choices for o in c.options if fold(o) in by_date]
        for choice, option in ways:
            page.choose(choice, option)
        if not ways and page.has("未照会"):
            raise PageError(page.heading, wanted=self._fields.by_date[0])
        if fields := page.fields(self._fields.period):
            half = len(fields) // 2
            first, last = _dates(fields[:half], period.first), _dates(fields[half:], period.last)
            page.fill(self._fields.period, *first, *last)
            return
        for label, day in (
            (self._fields.first_day, period.first),
            (self._fields.last_day, period.last),
        ):
            page.fill(label, *_dates(page.fields(label), day))

    async def _take(self, page: Page, asked: Asked) -> Reading:
        """What a result page leads to: the bank's best file, else its rows."""
        if shows_no_rows(page):
            return asked.nothing
        for button, channel in (
            (self._buttons.anser_file, Channel.ANSER_CSV),
            (self._buttons.zengin_file, Channel.ZENGIN),
        ):
            if page.offers(button):
                return partial(asked.from_file, await self._download(page, button), channel, page)
        return partial(asked.from_pages, [page async for page in self._all_pages(page)])

    async def _download(self, page: Page, button: tuple[str, ...]) -> Download:
        try:
            return await page.download(button)
        except NotAFileError:
            raise refusal(self._session.page) from None

    async def _all_pages(self, page: Page) -> AsyncIterator[Page]:
        for _ in range(_MOST_PAGES_OF_ROWS):
            yield page
            if not page.offers(self._buttons.next_rows):
                return
            page = await page.press(self._buttons.next_rows)
        raise PageError(page.heading, limit=_MOST_PAGES_OF_ROWS)


def months(first: date, last: date) -> Iterator[Period]:
    """The days from first to last, cut at the ends of months; nothing when first is later."""
    while first <= last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        yield Period(first, min(following - timedelta(days=1), last))
        first = following


def _dates(fields: Sequence[Control], day: date) -> list[str]:
    """A date as these fields take it: one field, or year, month and day."""
    if len(fields) == len(_PARTS):
        return [day.strftime(part) for part in _PARTS]
    return [_as_one_text(fields[0], day)] if fields else []


def _as_one_text(field: Control, day: date) -> str:
    if field.takes_iso_date:
        return day.isoformat()
    separated = field.maximum is None or field.maximum >= len("2026/11/24")
    return day.strftime("%Y/%m/%d" if separated else "%Y%m%d")
