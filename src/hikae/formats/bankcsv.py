"""Reads CSV files of banks, each told by its headings and read by a small description of them.

Lines of other things may stand above the heading row and totals below the rows; the newest or
the oldest row may come first. The descriptions are in `bankcsvs`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date, datetime
from functools import lru_cache

from hikae.formats.accounts import account_number
from hikae.formats.cells import Damage
from hikae.formats.cleaning import clean, heading
from hikae.formats.csvfile import Block, CsvFile
from hikae.formats.csvstatements import Run, statements, together
from hikae.formats.days import read_day
from hikae.formats.figures import read_yen
from hikae.formats.stream import FileStatement
from hikae.formats.zengin_parts import ACCOUNT_KINDS
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.statement import Channel, Source, Transaction, TransactionKind

Cells = Mapping[str, str]
"""Heading → cell of one row."""


_TOTALS = {"合計", "総合計", "小計", "総計", "計"}
_UNNAMED = Account(branch_code=None, kind=AccountKind.OTHER, number="")
"""The account of a file that does not say whose it is."""


@dataclass(frozen=True, slots=True)
class SplitDay:
    """A day in three columns."""

    year: str
    month: str
    day: str


@dataclass(frozen=True, slots=True)
class Sides:
    """Money in two columns, one of them blank, a dash or 0."""

    out: str
    into: str

    def amount(self, cells: Cells) -> int:
        """Positive where money came in. Raises Damage."""
        out, into = (_yen(cells, heading) or 0 for heading in (self.out, self.into))
        blank = not (cells[self.out].strip() or cells[self.into].strip())
        if (out and into) or blank:
            found = f"{cells[self.out]}, {cells[self.into]}"
            raise Damage(f"{self.out}, {self.into} (一方だけ)", found)
        return into - out


@dataclass(frozen=True, slots=True)
class Signed:
    """Money in one column, negative where it went out."""

    column: str

    def amount(self, cells: Cells) -> int:
        """Positive where money came in. Raises Damage."""
        yen = _yen(cells, self.column)
        if yen is None:
            raise Damage(f"{self.column} (数字)", cells[self.column])
        return yen


@dataclass(frozen=True, slots=True)
class Directed:
    """Money in one column, its direction in another one."""

    column: str
    direction: str
    into: str
    out: str

    def amount(self, cells: Cells) -> int:
        """Positive where money came in. Raises Damage."""
        yen, direction = _yen(cells, self.column), clean(cells[self.direction])
        if yen is None:
            raise Damage(f"{self.column} (数字)", cells[self.column])
        if direction not in {self.into, self.out}:
            raise Damage(f"{self.direction} {self.into}/{self.out}", cells[self.direction])
        return yen if direction == self.into else -yen


@dataclass(frozen=True, slots=True)
class AccountColumns:
    """An account that each row names; its kind is a code (預金種目)."""

    bank_code: str
    bank_name: str
    branch_code: str
    branch_name: str
    kind: str
    number: str
    holder: str

    def headings(self) -> tuple[str, ...]:
        """The columns in the order of the fields."""
        return astuple(self)


@dataclass(frozen=True, slots=True)
class BankCsv:
    """What the columns of a bank's CSV mean, by their headings (NFKC, without spaces).

    headings: all that stand in the heading row; they tell the file from others. without_era: days
    have the year of an era that is not named. kinds: code in the column `kind` → kind of
    transaction. marks: a row that has something in this column is of this kind, and where it has no
    balance, not booked yet. source: who says that the file looks so.
    """

    name: str
    source: str
    headings: tuple[str, ...]
    day: str | SplitDay
    money: Sides | Signed | Directed
    description: tuple[str, ...]
    balance: str | None = None
    counterparty: str | None = None
    reference: str | None = None
    edi: str | None = None
    kind: str | None = None
    kinds: Mapping[str, TransactionKind] = field(default_factory=dict)
    marks: Mapping[str, TransactionKind] = field(default_factory=dict)
    account: AccountColumns | None = None
    without_era: bool = False


def open_statements(
    file: CsvFile, form: BankCsv, heading_row: int, fields: Sequence[str], as_of: datetime
) -> list[FileStatement]:
    """One statement per account of a file whose heading row is known, incomplete, without period.

    The account of a file that does not name it has no number and the kind OTHER. Raises
    UnreadableFile.
    """
    reading = _Reading(file, form, heading_row, list(map(heading, fields)), japan_day(as_of))
    return statements(file, reading, as_of, Source(Channel.BANK_CSV, file.name))


class _Reading:
    """How the rows below one heading row are read."""

    def __init__(
        self, file: CsvFile, form: BankCsv, heading_row: int, headings: list[str], today: date
    ) -> None:
        self.balance = form.balance or "残高"
        self._file, self._form, self._heading_row = file, form, heading_row
        self._headings, self._today = headings, today
        again = [name for name in form.headings if headings.count(name) > 1]
        if again:
            raise file.error(heading_row, f"{again[0]} (1列だけ)", " ".join(headings))

    def runs(self, block: Block, *, first: bool) -> Iterator[Run]:  # noqa: ARG002 - see Reading
        rows, places, transactions = [], [], []
        for row, fields in zip(block.numbers, block.rows, strict=True):
            if row <= self._heading_row:
                continue
            try:
                cells = self._cells(fields)
                if cells is None:
                    continue
                transaction = _transaction(self._form, cells, self._today)
                account = _account(self._form.account, cells)
            except Damage as damage:
                raise self._file.error(row, damage.expected, damage.found) from None
            rows.append(row)
            places.append((account, self._is_booked(cells, transaction)))
            transactions.append(transaction)
        for (account, booked), own in together(places):
            yield Run(account, rows[own], transactions[own], booked)

    def _is_booked(self, cells: Cells, transaction: Transaction) -> bool:
        """Whether the balance counts a row: one that is marked is not, unless it has a balance."""
        marked = any(clean(cells[column]) for column in self._form.marks)
        return transaction.balance is not None or not marked

    def finish(self) -> bool:
        return False

    def _cells(self, fields: Sequence[str]) -> Cells | None:
        """A row by its headings, None where it is a row of totals."""
        width = len(self._headings)
        if not _TOTALS.isdisjoint(map(str.strip, fields[:width])):
            return None
        if len(fields) < width or any(fields[width:]):
            raise Damage(f"{width} columns", f"{len(fields)} columns")
        return dict(zip(self._headings, fields, strict=False))


def _transaction(form: BankCsv, cells: Cells, today: date) -> Transaction:
    described = (clean(cells[name]) for name in form.description)
    return Transaction(
        booked_on=_day(form, cells, today),
        amount=form.money.amount(cells),
        balance=_yen(cells, form.balance) if form.balance else None,
        kind=_kind(form, cells),
        description=" ".join(filter(None, described)) or None,
        counterparty=clean(cells[form.counterparty]) if form.counterparty else None,
        bank_reference=clean(cells[form.reference]) if form.reference else None,
        edi=clean(cells[form.edi]) if form.edi else None,
    )


def _day(form: BankCsv, cells: Cells, today: date) -> date:
    if isinstance(form.day, SplitDay):
        name = form.day.year
        written = "/".join(cells[part] for part in (name, form.day.month, form.day.day))
    else:
        name = form.day
        written = cells[name]
    try:
        return read_day(written, today, without_era=form.without_era)
    except ValueError:
        raise Damage(f"{name} (年月日)", written) from None


def _yen(cells: Cells, name: str) -> int | None:
    try:
        return read_yen(cells[name])
    except ValueError:
        raise Damage(f"{name} (数字)", cells[name]) from None


def _kind(form: BankCsv, cells: Cells) -> TransactionKind | None:
    for column, kind in form.marks.items():
        if clean(cells[column]):
            return kind
    return form.kinds.get(clean(cells[form.kind]) or "") if form.kind else None


def _account(columns: AccountColumns | None, cells: Cells) -> Account:
    if columns is None:
        return _UNNAMED
    return _named(columns, tuple(cells[name] for name in columns.headings()))


@lru_cache(maxsize=64)  # row after row repeats it
def _named(columns: AccountColumns, cells: tuple[str, ...]) -> Account:
    texts = dict(zip(columns.headings(), map(clean, cells), strict=True))
    digits = texts[columns.number] or ""
    if not (digits.isascii() and digits.isdigit()):
        raise Damage(f"{columns.number} (数字)", digits)
    return Account(
        bank_code=texts[columns.bank_code],
        bank_name=texts[columns.bank_name],
        branch_code=texts[columns.branch_code],
        branch_name=texts[columns.branch_name],
        kind=ACCOUNT_KINDS.get(texts[columns.kind] or "", AccountKind.OTHER),
        number=account_number(digits),
        holder=texts[columns.holder],
    )
