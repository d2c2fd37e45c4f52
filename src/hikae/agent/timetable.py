"""When a connection is fetched by itself: a person's plan, within the hours of its bank.

All of it is arithmetic on moments that are passed in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Annotated
from uuid import UUID

from msgspec import Meta

from hikae.catalogue.institution import Hours
from hikae.catalogue.opening import Opening, opening
from hikae.model.clock import JAPAN, japan_day

SPREAD = timedelta(minutes=20)
"""Within which the PCs of a bank's customers go there after a planned time."""

CATCHING_UP = timedelta(minutes=30)
"""Within which what was missed is made good."""

_AFTER_OPENING, _BEFORE_CLOSING = timedelta(minutes=5), timedelta(minutes=30)
_AHEAD = 31
"""Days that are looked at for a next time: longer than any bank stays closed."""

TimeOfDay = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


@dataclass(frozen=True, slots=True)
class Plan:
    """自動取得. times: HH:MM in Japan. every: hours between two from the bank's opening on.

    every 0: at `times`; where there are none either, nothing is fetched by itself.
    """

    times: tuple[TimeOfDay, ...] = ("08:30", "12:30", "16:30")
    every: Annotated[int, Meta(ge=0, le=24)] = 0


NEVER = Plan(times=())


def share(device: UUID, connection: UUID) -> float:
    """Where in a spread of time a connection of a PC has its place, always the same: 0 to 1."""
    digest = blake2b(device.bytes + connection.bytes, digest_size=4).digest()
    return int.from_bytes(digest) / 2**32


@dataclass(frozen=True, slots=True)
class Timetable:
    """The times of one connection. share: its place in each spread."""

    plan: Plan
    hours: Hours
    share: float

    def after(self, moment: datetime) -> datetime | None:
        """The first time after a moment; None where there is none."""
        day = japan_day(moment) - timedelta(days=1)  # an opening may end on the next day
        for number in range(_AHEAD):
            for at in self._of(day + timedelta(days=number)):
                if at > moment:
                    return at
        return None

    def missed(self, since: datetime, until: datetime) -> bool:
        """Whether there was a time after `since`, up to and with `until`."""
        at = self.after(since)
        return at is not None and at <= until

    def soon(self, moment: datetime) -> datetime | None:
        """When what was missed is made good: within half an hour, while the bank is open."""
        at = moment + CATCHING_UP * self.share
        return at if self.is_open(at) else None

    def is_open(self, moment: datetime) -> bool:
        """Whether the bank answers, as far as its hours are known."""
        today = japan_day(moment)
        openings = (opening(self.hours, day) for day in (today - timedelta(days=1), today))
        return any(each is not None and each.opens <= moment < each.closes for each in openings)

    def _of(self, day: date) -> Iterator[datetime]:
        """The times of a day in their order, each once."""
        open_ = opening(self.hours, day)
        if open_ is None:
            return
        first = min(open_.opens + _AFTER_OPENING, open_.closes)
        last = max(first, open_.closes - _BEFORE_CLOSING)
        before: datetime | None = None
        for planned in sorted(self._planned(day, open_)):
            at = min(max(planned, first), last)
            if at != before:
                yield min(at + SPREAD * self.share, open_.closes)
            before = at

    def _planned(self, day: date, open_: Opening) -> Iterator[datetime]:
        if not self.plan.every:
            for text in self.plan.times:
                yield datetime.combine(day, time.fromisoformat(text), JAPAN)
            return
        at = open_.opens
        while at < open_.closes:
            yield at
            at += timedelta(hours=self.plan.every)
