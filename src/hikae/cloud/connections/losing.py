"""Days that a bank soon shows no more, or already does not, and that nobody has fetched."""

from dataclasses import dataclass
from datetime import date, timedelta

from hikae.catalogue.institution import Institution
from hikae.cloud.connections.registered import Registered

WARNED = timedelta(days=14)
"""How long before the first day is lost people are told."""


@dataclass(frozen=True, slots=True)
class Losing:
    """since: the first day that is missing. until: the last day on which the bank shows it.

    over: that has passed, so only a file can fill the hole.
    """

    since: date
    until: date
    over: bool


def losing(row: Registered, institution: Institution | None, today: date) -> Losing | None:
    """What a registration is about to lose at its bank; None while there is time."""
    newest = row.covered_until
    if institution is None or row.by_file or newest is None:
        return None
    window = timedelta(days=institution.window_days)
    if newest >= today - window + WARNED:
        return None
    since = newest + timedelta(days=1)
    return Losing(since, since + window, over=since + window < today)
