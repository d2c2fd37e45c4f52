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
