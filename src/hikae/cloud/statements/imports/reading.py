"""What a file says, and how far it may be believed.

A file's rows were read at the bank when the file was made (作成日), or where it does not say that,
on the day when the person got it; a day that is not over then is not covered by it.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from hikae.cloud.statements.believing import unbelievable
from hikae.formats import detect
from hikae.formats.unreadable import UnreadableFile
from hikae.model.clock import JAPAN, japan_day
from hikae.model.statement import Channel, Statement


def read_file(content: bytes, name: str, got_on: date, received_at: datetime) -> list[Statement]:
    """Read all statements of a file; raises UnreadableFile, also for one that cannot be true.

    got_on: the day on which the person got it from the bank. received_at: when it came here.
    """
    found = detect.read(content, name, _moment(got_on, received_at))
    if not found:
        raise UnreadableFile(name, expected="明細", found="")
    return [_proven(_dated(each), name) for each in found]


def newest_day(statements: list[Statement]) -> date | None:
    """The newest booking day."""
    days = (row.booked_on for statement in statements for row in statement.transactions)
    return max(days, default=None)


def covers_its_period(statement: Statement) -> bool:
    """Whether a file shows every row of its period.

    Only 全銀 入出金取引明細 does: its header says the period and when it was made, and both
    balances, counts and totals agree with the rows, so no row of the period can be missing. Other
    files are what the person had chosen to see.
    """
    return (
        statement.source.channel is Channel.ZENGIN
        and statement.source.made_on is not None
        and statement.period is not None
        and statement.opening is not None
        and statement.closing is not None
    )


def _moment(day: date, received_at: datetime) -> datetime:
    """The latest moment that is surely not after the reading at the bank."""
    if day >= japan_day(received_at):
        return received_at
    return datetime.combine(day, time(), JAPAN).astimezone(UTC)


def _dated(statement: Statement) -> Statement:
    made_on = statement.source.made_on
    as_of = statement.as_of if made_on is None else _moment(made_on, statement.as_of)
    return replace(statement, as_of=as_of, complete=covers_its_period(statement))


def _proven(statement: Statement, name: str) -> Statement:
    part = unbelievable(statement)
    if part is not None:
        raise UnreadableFile(name, expected="口座、期間、文字、金額の正しい明細", found=part)
    problem = statement.check()
    if problem is not None:
        row, expected, found = (problem.details[key] for key in ("row", "expected", "found"))
        raise UnreadableFile(
            name,
            row=int(row) or None,
            expected=f"残高 {int(expected):,}",
            found=f"{int(found):,}",
        )
    return statement
