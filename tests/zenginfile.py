"""Writes 全銀 入出金取引明細 as a bank does, for tests that bring files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

_KINDS = {"ordinary": "1", "current": "2", "savings": "4"}


@dataclass(frozen=True, slots=True)
class Booking:
    """A row of a file; description: half-width."""

    day: date
    amount: int
    description: str = "ﾌﾘｺﾐ"


def zengin(
    bookings: Sequence[Booking],
    *,
    opening: int,
    days: tuple[date, date],
    made_on: date,
    bank: str = "0138",
    branch: str = "001",
    number: str = "1234567",
    kind: str = "ordinary",
) -> bytes:
    """One account of yen; days: first and last of the period."""
    records = [
        "".join(
            (
                *("1", "03", "0", _day(made_on), _day(days[0]), _day(days[1])),
                *(bank, " " * 15, branch, " " * 15, "000", _KINDS[kind], number.zfill(10)),
                *(" " * 40, _sign(opening), "1", f"{abs(opening):014}"),
            )
        ),
        *map(_booking, bookings),
        _trailer(bookings, opening),
    ]
    records.append(f"9{len(records) + 1:010}{1:05}")
    return b"".join(record.encode("cp932").ljust(200) + b"\r\n" for record in records)


def _booking(booking: Booking) -> str:
    side = "1" if booking.amount >= 0 else "2"
    day = _day(booking.day)
    head = f"2{0:08}{day}{day}{side}11{abs(booking.amount):012}{0:012}"
    return head + "0" * 33 + " " * 78 + booking.description.ljust(20) + " " * 21


def _trailer(bookings: Sequence[Booking], opening: int) -> str:
    came = [b.amount for b in bookings if b.amount >= 0]
    went = [-b.amount for b in bookings if b.amount < 0]
    closing = opening + sum(came) - sum(went)
    sides = "".join(f"{len(side):06}{sum(side):013}" for side in (came, went))
    return f"8{sides}{_sign(closing)}{abs(closing):014}{len(bookings):07}"


def _day(day: date) -> str:
    return f"{day.year - 2018:02}{day:%m%d}"


def _sign(balance: int) -> str:
    return "2" if balance < 0 else "1"
