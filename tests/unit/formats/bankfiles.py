"""Writes bank files from figures, by the specification's column numbers and by nothing of ours."""

import csv
import io
from dataclasses import dataclass, field

ANSER_HEADINGS = (
    *("照会口座", "番号", "勘定日", "(起算日)", "出金金額(円)", "入金金額(円)", "小切手区分"),
    *("残高(円)", "取引区分", "明細区分", "金融機関名", "支店名", "摘要"),
)


def anser_row(  # noqa: PLR0913 - one parameter per column that matters
    number: int = 1,
    *,
    account: str = "蔵王支店(017) 普通 0036041",
    booked: str = "2026年05月01日",
    value: str = "",
    out: str = "",
    into: str = "",
    balance: str = "",
    kind: str = "振込",
    description: str = "ｶ.ﾀｶﾐﾔﾘﾖｶﾝ",
) -> list[str]:
    """The thirteen columns of one transaction."""
    return [
        *(account, f"{number:03}", booked, value, out, into, ""),
        *(balance, kind, "明細", "ﾎｸﾄ", "ﾎﾝﾃﾝ", description),
    ]


def anser_file(*rows: list[str], headings: tuple[str, ...] = ANSER_HEADINGS) -> bytes:
    """Everything quoted, CR LF, cp932."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([headings, *rows])
    return text.getvalue().encode("cp932")


def put(record: bytearray, first: int, last: int, content: str | int) -> None:
    """Fill columns `first` to `last`: figures with zeros on the left, text with spaces behind."""
    width = last - first + 1
    if isinstance(content, int):
        written = str(content).zfill(width).encode("ascii")
    else:
        written = content.encode("cp932").ljust(width)
    if len(written) != width:
        raise ValueError(f"{content!r} does not fit into {width}")
    record[first - 1 : last] = written


@dataclass
class Movement:
    yen: int
    booked: str = "080503"
    credit: bool = True
    value: str = "080503"
    kind: int = 11
    name: str = "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ"
    description: str = "ﾌﾘｺﾐ"
    edi: str = ""
    inquiry: int = 0


@dataclass
class ZenginAccount:
    movements: list[Movement]
    opening: int = 100_000
    made: str = "080511"
    first: str = "080501"
    last: str = "080510"
    kind: int = 1
    number: int = 36041
    species: str = "03"
    trailer: dict[tuple[int, int], int | str] = field(default_factory=dict)

    def header(self) -> bytes:
        record = bytearray(b" " * 200)
        put(record, 1, 1, "1")
        put(record, 2, 3, self.species)
        put(record, 4, 4, "0")
        put(record, 5, 10, self.made)
        put(record, 11, 16, self.first)
        put(record, 17, 22, self.last)
        put(record, 23, 26, "0123")
        put(record, 27, 41, "ﾎｸﾄｷﾞﾝｺｳ")
        put(record, 42, 44, "017")
        put(record, 45, 59, "ｻﾞｵｳ")
        put(record, 60, 62, "000")
        put(record, 63, 63, self.kind)
        put(record, 64, 73, self.number)
        put(record, 74, 113, "ｶ)ﾐﾎﾝｼﾖｳｼﾞ")
        put(record, 114, 114, "2" if self.opening < 0 else "1")
        put(record, 115, 115, "1")
        put(record, 116, 129, abs(self.opening))
        return bytes(record)

    def data(self, movement: Movement) -> bytes:
        record = bytearray(b" " * 200)
        put(record, 1, 1, "2")
        put(record, 2, 9, movement.inquiry)
        put(record, 10, 15, movement.booked)
        put(record, 16, 21, movement.value)
        put(record, 22, 22, "1" if movement.credit else "2")
        put(record, 23, 24, movement.kind)
        put(record, 25, 36, movement.yen)
        put(record, 37, 81, 0)
        if self.kind in {5, 6, 7}:
            put(record, 82, 170, 0)
            put(record, 171, 190, movement.description)
        else:
            put(record, 82, 129, movement.name)
            put(record, 160, 179, movement.description)
            put(record, 180, 199, movement.edi)
        return bytes(record)

    def closing(self) -> int:
        return self.opening + sum(m.yen if m.credit else -m.yen for m in self.movements)

    def end(self) -> bytes:
        credits_ = [m.yen for m in self.movements if m.credit]
        debits = [m.yen for m in self.movements if not m.credit]
        record = bytearray(b" " * 200)
        put(record, 1, 1, "8")
        put(record, 2, 7, len(credits_))
        put(record, 8, 20, sum(credits_))
        put(record, 21, 26, len(debits))
        put(record, 27, 39, sum(debits))
        put(record, 40, 40, "2" if self.closing() < 0 else "1")
        put(record, 41, 54, abs(self.closing()))
        put(record, 55, 61, len(self.movements))
        for (first, last), content in self.trailer.items():
            put(record, first, last, content)
        return bytes(record)

    def records(self) -> list[bytes]:
        return [self.header(), *map(self.data, self.movements), self.end()]


def zengin_records(*accounts: ZenginAccount) -> list[bytes]:
    """All records of a file, the end record last."""
    records = [record for account in accounts for record in account.records()]
    last = bytearray(b" " * 200)
    put(last, 1, 1, "9")
    put(last, 2, 11, len(records) + 1)
    put(last, 12, 16, len(accounts))
    return [*records, bytes(last)]


def zengin_file(*accounts: ZenginAccount, separator: bytes = b"") -> bytes:
    return b"".join(record + separator for record in zengin_records(*accounts))


@dataclass
class Notice:
    """A transfer that came in (振込入金通知), in layout B where `wide` is given."""

    yen: int
    booked: str = "080503"
    name: str = "ｶ)ﾔﾏﾀﾞｼﾖｳﾃﾝ"
    inquiry: int = 0
    cancelled: bool = False
    edi: str = ""
    wide: int | None = None

    def record(self) -> bytes:
        record = bytearray(b" " * 200)
        put(record, 1, 1, "2")
        put(record, 2, 7, self.inquiry)
        put(record, 8, 13, self.booked)
        put(record, 14, 19, self.booked)
        put(record, 20, 29, self.yen)
        put(record, 30, 49, 0)
        put(record, 50, 97, self.name)
        put(record, 98, 127, "ﾎｸﾄ")
        put(record, 128, 128, "1" if self.cancelled else " ")
        if self.wide is None:
            put(record, 129, 148, self.edi)
        else:
            put(record, 129, 140, self.wide)
            put(record, 141, 152, 0)
            put(record, 153, 172, self.edi)
        return bytes(record)


def notice_records(*notices: Notice) -> list[bytes]:
    """The records of a file of 振込入金通知 with one account."""
    header = bytearray(b" " * 200)
    put(header, 1, 4, "1010")
    put(header, 5, 22, "080511080501080510")
    put(header, 23, 26, "0123")
    put(header, 27, 41, "ﾎｸﾄｷﾞﾝｺｳ")
    put(header, 42, 44, "017")
    put(header, 45, 59, "ｻﾞｵｳ")
    put(header, 60, 60, 1)
    put(header, 61, 67, 36041)
    put(header, 68, 107, "ｶ)ﾐﾎﾝｼﾖｳｼﾞ")
    trailer = bytearray(b" " * 200)
    came = [each.wide or each.yen for each in notices if not each.cancelled]
    went = [each.wide or each.yen for each in notices if each.cancelled]
    put(trailer, 1, 1, "8")
    put(trailer, 2, 7, len(came))
    put(trailer, 8, 19, sum(came))
    put(trailer, 20, 25, len(went))
    put(trailer, 26, 37, sum(went))
    records = [header, *(each.record() for each in notices), trailer, b"9".ljust(200)]
    return list(map(bytes, records))


def balance_records(*balances: int, day: str = "080510", clock: str = "1530") -> list[bytes]:
    """The records of a file of 残高通知, an account for each balance."""
    header = bytearray(b" " * 200)
    put(header, 1, 5, "10410")
    put(header, 6, 11, "080511")
    put(header, 12, 21, 7)
    put(header, 22, 61, "ｶ)ﾐﾎﾝｼﾖｳｼﾞ")
    put(header, 62, 65, "0123")
    put(header, 66, 80, "ﾎｸﾄｷﾞﾝｺｳ")
    put(header, 81, 83, "017")
    put(header, 84, 98, "ｻﾞｵｳ")
    records = [bytes(header)]
    for number, balance in enumerate(balances, start=1):
        record = bytearray(b" " * 200)
        put(record, 1, 1, "2")
        put(record, 2, 7, day)
        put(record, 8, 11, clock)
        put(record, 12, 14, "017")
        put(record, 15, 17, 0)
        put(record, 18, 18, 2)
        put(record, 19, 28, number)
        put(record, 29, 32, 1)
        put(record, 33, 72, "ｶ)ﾐﾎﾝｼﾖｳｼﾞ")
        put(record, 73, 73, "2" if balance < 0 else "1")
        put(record, 74, 87, abs(balance))
        put(record, 88, 151, 0)
        records.append(bytes(record))
    trailer = bytearray(b" " * 200)
    put(trailer, 1, 1, "8")
    put(trailer, 2, 8, len(balances))
    end = bytearray(b" " * 200)
    put(end, 1, 1, "9")
    put(end, 2, 11, len(balances) + 3)
    return [*records, bytes(trailer), bytes(end)]
