"""What a BizSOL inquiry came to: statements, proven against what was asked and what is shown.

It reads files and result pages; it sends nothing.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from hikae.banks.bizsol.refusals import refusal
from hikae.banks.errors import BankError, PageError
from hikae.banks.page import Download, Page
from hikae.formats import anser, zengin
from hikae.formats.unreadable import UnreadableFile
from hikae.model.account import Account
from hikae.model.problems import Problem, ProblemCode
from hikae.model.statement import Channel, Period, Source, Statement

Reader = Callable[[bytes, str, datetime], Sequence[Statement]]
"""A reader of files: bytes, name, moment."""

_NO_ROWS = re.compile(
    r"(明細|データ|取引).{0,12}(ありません|ございません|存在しません)|該当.*[^\d]0件"
)
_COUNT = re.compile(r"(?:全|計|総件数|件数)[^\d]{0,3}([\d,]+)件|([\d,]+)件中")
_COLUMN_OF_ROWS = "勘定日"


@dataclass(frozen=True, slots=True)
class Asked:
    """One inquiry: these accounts for these days, at this moment."""

    accounts: tuple[Account, ...]
    period: Period
    as_of: datetime

    def nothing(self) -> list[Statement]:
        """The bank said that there are no rows."""
        return [self._empty(account) for account in self.accounts]

    def from_file(self, file: Download, channel: Channel, shown: Page) -> list[Statement]:
        """The statements in a downloaded file, checked against the page that offered it."""
        read = anser.read if channel is Channel.ANSER_CSV else zengin.read
        found = _consistent(read, file.data, file.name, self.as_of)
        return self._proven(found, Source(channel, file.name), shown)

    def from_pages(self, pages: Sequence[Page]) -> list[Statement]:
        """The statements on result pages, which have the columns of the bank's file."""
        rows = csv_of(pages)
        found = _consistent(anser.read, rows, pages[0].heading, self.as_of)
        return self._proven(found, Source(Channel.PAGE, pages[0].heading), pages[0])

    def _proven(self, found: Sequence[Statement], source: Source, shown: Page) -> list[Statement]:
        """One statement for each account asked for, complete; raises BankError where it is not."""
        rows = sum(len(each.transactions) for each in found)
        counts = set(_said_counts(shown))
        if counts and rows not in counts | {sum(counts)}:
            details = {"row": 0, "expected": max(counts), "found": rows}
            raise BankError(Problem(ProblemCode.STATEMENT_INCONSISTENT, details))
        statements = [self._of(account, found, source) for account in self.accounts]
        if sum(len(each.transactions) for each in statements) != rows:
            raise PageError(shown.heading, wanted="照会口座", found=_accounts(found))
        for statement in statements:
            if problem := statement.check() or self._outside(statement):
                raise BankError(problem)
        return statements

    def _of(self, account: Account, found: Sequence[Statement], source: Source) -> Statement:
        for statement in found:
            if _is_same(account, statement.account):
                branch = account.branch_name or statement.account.branch_name
                return replace(
                    statement,
                    account=replace(account, branch_name=branch),
                    period=self.period,
                    as_of=self.as_of,
                    complete=True,
                    source=source,
                )
        return self._empty(account)

    def _empty(self, account: Account) -> Statement:
        source = Source(Channel.PAGE)
        return Statement(account, self.period, self.as_of, True, None, None, (), source)

    def _outside(self, statement: Statement) -> Problem | None:
        for row, each in enumerate(statement.transactions, start=1):
            if not self.period.first <= each.booked_on <= self.period.last:
                details: dict[str, str | int] = {"row": row, "found": each.booked_on.isoformat()}
                return Problem(ProblemCode.STATEMENT_INCONSISTENT, details)
        return None


def _consistent(read: Reader, data: bytes, name: str, as_of: datetime) -> Sequence[Statement]:
    """What a reader makes of the bank's own rows.

    A bank's file with a figure that does not fit is not the person's file to repair, but a
    statement that cannot be trusted: statement_inconsistent with row and figures.
    """
    try:
        return read(data, name, as_of)
    except UnreadableFile as error:
        details = error.problem.details
        raise BankError(Problem(ProblemCode.STATEMENT_INCONSISTENT, details)) from error


def shows_no_rows(page: Page) -> bool:
    """Whether the bank says that nothing happened; raises BankError for a refusing page."""
    if page.status >= 400:
        raise refusal(page)
    return any(_NO_ROWS.search(line) for line in _narrow_lines(page))


def csv_of(pages: Sequence[Page]) -> bytes:
    """The rows of result pages in the form of the bank's own file."""
    tables = [page.table(_COLUMN_OF_ROWS) for page in pages]
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(tables[0].headings)
    for table in tables:
        writer.writerows(table.rows)
    return text.getvalue().encode("cp932", "replace")


def _said_counts(page: Page) -> Iterator[int]:
    """How many rows the page says that there are."""
    for line in _narrow_lines(page):
        for found in _COUNT.finditer(line):
            yield int((found[1] or found[2]).replace(",", "") or 0)


def _narrow_lines(page: Page) -> Iterator[str]:
    """Lines that may speak of a number of rows (件) or of none (ません).

    The cells of rows do not, which are most of a page.
    """
    for line in page.lines_with("件せ"):
        yield unicodedata.normalize("NFKC", line).replace(" ", "")


def _is_same(listed: Account, read: Account) -> bool:
    """Whether a file means the account of the list; it may leave the branch code out."""
    if None in (listed.branch_code, read.branch_code):
        return (listed.kind, listed.number) == (read.kind, read.number)
    return listed.key == read.key


def _accounts(found: Sequence[Statement]) -> str:
    accounts = (each.account for each in found)
    return " / ".join(f"{each.branch_code or ''} {each.kind}" for each in accounts)
