"""The days that a statement is about."""

from hikae.formats.stream import StatementStream
from hikae.model.clock import japan_day
from hikae.model.statement import Period


def covered_days(statement: StatementStream) -> Period:
    """The period; where it is not said, the days of the rows, or of nothing the day it was seen."""
    if statement.period is not None:
        return statement.period
    first = last = None
    for transaction in statement.transactions:
        day = transaction.booked_on
        first, last = min(first or day, day), max(last or day, day)
    seen = japan_day(statement.as_of)
    return Period(first or seen, last or seen)
