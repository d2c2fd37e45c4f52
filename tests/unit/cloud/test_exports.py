"""出力 on both databases: which rows, marked for whom, in which file, and taken back."""

import csv
import io
from contextlib import closing
from datetime import date, datetime, timedelta
from itertools import count

import msgspec

from hikae.cloud.people.models import AuditEntry, User
from hikae.cloud.statements.books import Exported, Wanted, wanted_rows
from hikae.cloud.statements.exports import exporting
from hikae.cloud.statements.exports.exporting import Asked
from hikae.cloud.statements.exports.keeping import (
    file_of,
)
from hikae.cloud.statements.exports.record import Reason, Refusal
from hikae.cloud.statements.models import Export, ExportedRow
from hikae.model.statement import Transaction as Row
from tests.unit.cloud.conftest import NOW
from tests.unit.cloud.test_delivery import (
    AS_OF,
    ROWS,
    Pc,
    connection,
    pc,
    statement,
)

__all__ = ["connection", "pc"]

LATER = NOW + timedelta(days=1)
NEW_ROW = Row(date(2026, 11, 20), 9_000, description="フリコミ", counterparty="アオバ")


_minutes = count()


def clock() -> datetime:
    """A minute later each time."""
    return NOW + timedelta(minutes=next(_minutes))


def export(owner: User, form: str, asked: str = "", *, only_new: bool = True) -> Export:
    """Look at it and make it."""
    drafted = look(owner, form, asked, only_new=only_new)
    exporting.make(drafted.id, owner, clock())
    return Export.objects.get(pk=drafted.id)


def look(owner: User, form: str, asked: str = "", *, only_new: bool = True) -> Export:
    drafted = exporting.draft(Asked(form, asked, only_new), owner, clock())
    exporting.prepare(drafted, clock())
    return Export.objects.get(pk=drafted.id)


def refusal(drafted: Export) -> Reason:
    return msgspec.convert(drafted.refusal, Refusal).reason


def content(made: Export) -> bytes:
    with closing(file_of(made)) as file:
        return file.read()


def table(made: Export) -> list[dict[str, str]]:
    text = content(made).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def unexported(target: str) -> int:
    return wanted_rows(Wanted(exported=Exported(target, yes=False))).count()


def test_all_rows_go_out_oldest_first_and_are_marked(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    made = export(owner, "csv")
    assert [row["取引日"] for row in table(made)] == [
        *("2026/11/02", "2026/11/02", "2026/11/02", "2026/11/10"),
    ]
    assert (made.rows, made.first, made.last) == (4, date(2026, 11, 2), date(2026, 11, 10))
    assert unexported("other") == 0
    assert wanted_rows(Wanted(exported=Exported("other", yes=True))).count() == 4


def test_what_one_program_has_another_one_does_not(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    export(owner, "freee-lines")
    assert unexported("freee") == 0
    assert unexported("yayoi") == 4
    assert look(owner, "yayoi-journal").rows == 4


def test_two_forms_of_one_program_know_of_each_other(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    export(owner, "freee-lines")
    assert refusal(look(owner, "freee-ofx")) is Reason.NOTHING


def test_only_new_rows_go_out_the_next_time(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    export(owner, "csv")
    pc.deliver(statement((*ROWS, NEW_ROW), as_of=AS_OF + timedelta(hours=1)))
    (row,) = table(export(owner, "csv"))
    assert (row["摘要"], row["入金額"]) == ("フリコミ", "9000")
    again = export(owner, "csv", only_new=False)
    assert again.rows == 5


def test_only_what_the_filter_wants_goes_out(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    made = export(owner, "csv", "way=out&words=手数料&until=2026-11-05")
    assert [row["出金額"] for row in table(made)] == ["330", "330"]
    assert unexported("other") == 2


def test_taking_back_makes_rows_new_again_but_not_those_of_a_later_export(
    pc: Pc, owner: User
) -> None:
    pc.deliver(statement())
    first = export(owner, "csv", "until=2026-11-05")
    second = export(owner, "csv", "way=out", only_new=False)
    exporting.undo(first.id, owner, LATER)
    undone = Export.objects.get(pk=first.id)
    assert (undone.undone_at, undone.undone_by) == (LATER, owner)
    assert unexported("other") == 1  # the receipt, which only the first one had
    assert ExportedRow.objects.filter(export=second).count() == 3


def test_making_and_taking_back_stand_in_the_audit_log_once(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    made = export(owner, "csv")
    exporting.make(made.id, owner, LATER)
    exporting.undo(made.id, owner, LATER)
    exporting.undo(made.id, owner, LATER)
    entries = AuditEntry.objects.filter(subject=str(made.id)).order_by("sequence")
    assert [entry.action for entry in entries] == ["export.made", "export.undone"]
    assert entries[0].details == {"format": "csv", "rows": 4, "sha256": made.sha256}
