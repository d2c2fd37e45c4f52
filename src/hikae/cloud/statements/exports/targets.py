"""The programs that rows go to, and the forms in which each takes them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum, auto

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from hikae.formats.stream import StatementStream
from hikae.formats.writers import (
    beancount,
    excel,
    freee,
    hledger,
    moneyforward,
    ofx,
    statement_csv,
    statement_json,
    yayoi,
    zengin,
)
from hikae.formats.writers.bookkeeping import Bookkeeping
from hikae.formats.writers.writer import Tell, Writer


class Target(StrEnum):
    """出力先: what has one program need not have another, so each remembers its own rows."""

    YAYOI = "yayoi"
    FREEE = "freee"
    MONEYFORWARD = "moneyforward"
    HLEDGER = "hledger"
    BEANCOUNT = "beancount"
    OTHER = "other"
    EXCEL = "excel"


TARGETS: Mapping[str, Promise | str] = {
    Target.YAYOI: _("弥生会計"),
    Target.FREEE: _("freee会計"),
    Target.MONEYFORWARD: _("マネーフォワード クラウド会計"),
    Target.HLEDGER: "hledger",
    Target.BEANCOUNT: "beancount",
    Target.OTHER: _("ほかのソフト"),
    Target.EXCEL: "Excel",
}


class Balances(Enum):
    """What a form does with the balances before and after the rows."""

    UNUSED = auto()
    WELCOME = auto()  # left out where they cannot be true
    ONCE = auto()  # the same, and in a file that goes on where an earlier one ended
    REQUIRED = auto()  # no file without them


BookkeepingWriter = Callable[[Iterable[StatementStream], Tell, Bookkeeping], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A form that a program takes.

    yen_only: accounts in other currencies are left out. journal: writes entries, so it needs to
    be told the names of accounts; in its stead, `plain` needs nothing.
    """

    code: str
    target: Target
    title: Promise | str
    ending: str
    balances: Balances = Balances.UNUSED
    yen_only: bool = False
    plain: Writer | None = None
    journal: BookkeepingWriter | None = None

    def write(
        self, statements: Iterable[StatementStream], tell: Tell, names: Bookkeeping
    ) -> Iterator[bytes]:
        """The bytes of a file; as `Writer`."""
        if self.journal is not None:
            return self.journal(statements, tell, names)
        if self.plain is None:
            raise TypeError(f"{self.code} has no writer")
        return self.plain(statements, tell)


_ZENGIN = _("全銀 入出金取引明細")

_ALL = (
    Format(
        *("yayoi-journal", Target.YAYOI, _("仕訳データ(25項目)"), "txt"),
        yen_only=True,
        journal=yayoi.write,
    ),
    Format(
        *("yayoi-zengin", Target.YAYOI, _ZENGIN, "txt", Balances.REQUIRED),
        yen_only=True,
        plain=zengin.write,
    ),
    Format(
        *("freee-lines", Target.FREEE, _("明細CSV"), "csv"),
        yen_only=True,
        plain=freee.lines_of_bank,
    ),
    Format("freee-ofx", Target.FREEE, _("明細OFX"), "ofx", Balances.WELCOME, plain=ofx.write),
    Format("freee-deals", Target.FREEE, _("取引"), "csv", yen_only=True, journal=freee.deals),
    Format("freee-journal", Target.FREEE, _("仕訳"), "csv", yen_only=True, journal=freee.journal),
    Format(
        *("moneyforward-journal", Target.MONEYFORWARD, _("仕訳帳(27項目)"), "csv"),
        yen_only=True,
        journal=moneyforward.write,
    ),
    Format(
        *("hledger", Target.HLEDGER, _("仕訳帳"), "journal", Balances.ONCE),
        plain=hledger.write,
    ),
    Format(
        *("beancount", Target.BEANCOUNT, _("仕訳帳"), "beancount", Balances.ONCE),
        plain=beancount.write,
    ),
    Format("csv", Target.OTHER, _("CSV(取り込み用)"), "csv", plain=statement_csv.for_import),
    Format(
        *("zengin", Target.OTHER, _ZENGIN, "txt", Balances.REQUIRED),
        yen_only=True,
        plain=zengin.write,
    ),
    Format("ofx", Target.OTHER, "OFX", "ofx", Balances.WELCOME, plain=ofx.write),
    Format("json", Target.OTHER, "JSON", "json", Balances.WELCOME, plain=statement_json.write),
    Format("excel", Target.EXCEL, _("ブック(.xlsx)"), "xlsx", plain=excel.write),
    Format("excel-csv", Target.EXCEL, "CSV", "csv", plain=statement_csv.for_excel),
)

FORMATS: Mapping[str, Format] = {each.code: each for each in _ALL}
"""By code."""


def choices() -> list[tuple[str, Promise]]:
    """The forms to choose among, each with the program that takes it."""
    return [(each.code, format_lazy("{} {}", TARGETS[each.target], each.title)) for each in _ALL]
