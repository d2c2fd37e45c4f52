"""出力 on both databases: which rows, marked for whom, in which file, and taken back."""

import csv
import hashlib
import io
import json
import tracemalloc
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from hikae.cloud.people.models import AuditEntry, User
from hikae.cloud.statements.books import Exported, Wanted, wanted_rows
from hikae.cloud.statements.exports import exporting
from hikae.cloud.statements.exports.changed import amendments, count_changed
from hikae.cloud.statements.exports.exporting import Asked, StaleError
from hikae.cloud.statements.exports.keeping import (
    KEPT,
    LOOKED_AT,
    ForgottenError,
    file_of,
    forget_old,
)
from hikae.cloud.statements.exports.names import Against, Names, OwnName, remember
from hikae.cloud.statements.exports.record import Reason, Refusal, Told
from hikae.cloud.statements.models import (
    Account,
    AccountDay,
    Export,
    ExportedRow,
    ExportPart,
    Transaction,
)
from hikae.formats.detect import open_statements
from hikae.model.clock import system_clock
from hikae.model.statement import Period
from hikae.model.statement import Transaction as Row
from tests.unit.cloud.conftest import NOW
from tests.unit.cloud.test_delivery import (
    AS_OF,
    NOVEMBER,
    ORDINARY,
    ROWS,
    Pc,
    connection,
    pc,
    statement,
)

__all__ = ["connection", "pc"]

FIRST = date(2026, 8, 1)
NEW_ROW = Row(date(2026, 11, 20), 9_000, description="フリコミ", counterparty="アオバ")


def export(owner: User, form: str, asked: str = "", *, only_new: bool = True) -> Export:
    """Look at it and make it."""
    drafted = look(owner, form, asked, only_new=only_new)
    exporting.make(drafted.id, owner, system_clock())
    return Export.objects.get(pk=drafted.id)


def look(owner: User, form: str, asked: str = "", *, only_new: bool = True) -> Export:
    drafted = exporting.draft(Asked(form, asked, only_new), owner, system_clock())
    exporting.prepare(drafted, system_clock())
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
    now = system_clock()
    exporting.undo(first.id, owner, now)
    undone = Export.objects.get(pk=first.id)
    assert (undone.undone_at, undone.undone_by) == (now, owner)
    assert unexported("other") == 1  # the receipt, which only the first one had
    assert ExportedRow.objects.filter(export=second).count() == 3


def test_making_and_taking_back_stand_in_the_audit_log_once(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    made = export(owner, "csv")
    exporting.make(made.id, owner, system_clock())
    exporting.undo(made.id, owner, system_clock())
    exporting.undo(made.id, owner, system_clock())
    entries = AuditEntry.objects.filter(subject=str(made.id)).order_by("sequence")
    assert [entry.action for entry in entries] == ["export.made", "export.undone"]
    assert entries[0].details == {"format": "csv", "rows": 4, "sha256": made.sha256}


def test_rows_that_change_between_looking_and_making_are_looked_at_again(
    pc: Pc, owner: User
) -> None:
    pc.deliver(statement())
    drafted = look(owner, "csv")
    pc.deliver(statement((*ROWS, NEW_ROW), as_of=AS_OF + timedelta(hours=1)))
    with pytest.raises(StaleError):
        exporting.make(drafted.id, owner, system_clock())
    assert not ExportedRow.objects.exists()
    exporting.prepare(drafted, system_clock())
    exporting.make(drafted.id, owner, system_clock())
    assert Export.objects.get().rows == 5


def test_what_another_person_exported_meanwhile_is_not_exported_twice(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    drafted = look(owner, "csv")
    export(owner, "ofx")
    with pytest.raises(StaleError):
        exporting.make(drafted.id, owner, system_clock())


def test_rows_that_the_bank_changed_or_took_away_are_told_with_both_contents(
    pc: Pc, owner: User
) -> None:
    pc.deliver(statement())
    made = export(owner, "csv")
    assert count_changed(made) == 0
    changed = msgspec.structs.replace(ROWS[0], amount=120_000)
    pc.deliver(statement((changed, *ROWS[1:3]), as_of=AS_OF + timedelta(hours=1)))
    assert count_changed(made) == 2
    told = {each.before.amount: each.after and each.after.amount for each in amendments(made)}
    assert told == {110_000: 120_000, -55_000: None}
    assert unexported("other") == 0
    exporting.undo(made.id, owner, system_clock())
    assert count_changed(made) == 0


def test_the_file_comes_back_byte_for_byte_until_it_is_forgotten(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    made = export(owner, "excel")
    kept = content(made)
    assert (len(kept), hashlib.sha256(kept).hexdigest()) == (made.size, made.sha256)
    pc.deliver(statement((*ROWS, NEW_ROW), as_of=AS_OF + timedelta(hours=1)))
    assert content(made) == kept
    assert made.exported_at is not None
    forget_old(made.exported_at + KEPT + timedelta(minutes=1))
    with pytest.raises(ForgottenError):
        file_of(made)
    assert Export.objects.filter(pk=made.id).exists()
    assert unexported("excel") == 1


def test_what_was_only_looked_at_is_forgotten_with_its_file(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    drafted = look(owner, "csv")
    forget_old(drafted.drafted_at + LOOKED_AT + timedelta(minutes=1))
    assert not Export.objects.exists()
    assert not ExportPart.objects.exists()


def test_zengin_has_the_balances_of_the_books_and_the_days_known_to_be_empty(
    pc: Pc, owner: User
) -> None:
    pc.deliver(statement())
    made = export(owner, "zengin")
    with closing(file_of(made)) as file:
        (read,) = open_statements(file, made.name, NOW)
        assert [row.amount for row in read.transactions] == [row.amount for row in ROWS]
    assert (read.opening, read.closing) == (1_000_000, 1_054_340)
    assert read.period == NOVEMBER


def test_a_filter_that_breaks_days_apart_is_refused_where_balances_are_needed(
    pc: Pc, owner: User
) -> None:
    pc.deliver(statement())
    assert refusal(look(owner, "zengin", "way=out")) is Reason.SOME_ROWS
    drafted = look(owner, "json", "way=out")
    (said,) = json.loads(content(drafted))
    assert (said["opening_balance"], said["closing_balance"]) == (None, None)
    assert look(owner, "zengin", "since=2026-11-05").refusal is None


def test_a_hole_is_refused_with_its_days_where_balances_do_not_meet(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    AccountDay.objects.filter(day=date(2026, 11, 10)).update(closing=1)
    refused = msgspec.convert(look(owner, "zengin").refusal, Refusal)
    assert (refused.reason, refused.days) == (
        Reason.GAP,
        Period(date(2026, 11, 2), date(2026, 11, 10)),
    )


def test_a_ledger_begins_with_what_was_there_and_later_files_go_on(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    assert "繰越" in content(export(owner, "hledger")).decode()
    pc.deliver(statement((*ROWS, NEW_ROW), as_of=AS_OF + timedelta(hours=1)))
    assert "繰越" not in content(export(owner, "hledger")).decode()
    assert "繰越" in content(look(owner, "hledger", only_new=False)).decode()


def test_names_are_asked_once_for_each_program_and_written(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    drafted = exporting.draft(Asked("freee-deals", "", only_new=True), owner, system_clock())
    assert exporting.names_missing(drafted)
    (account,) = Account.objects.all()
    own = {account.id: OwnName("普通預金", "メイン口座")}
    remember("freee", Names(own, Against("売掛金", "未払金", "対象外")))
    assert not exporting.names_missing(drafted)
    exporting.prepare(drafted, system_clock())
    assert {(row["勘定科目"], row["決済口座"]) for row in table(drafted)} == {
        ("売掛金", "メイン口座"),
        ("未払金", "メイン口座"),
    }
    other = exporting.draft(Asked("moneyforward-journal", "", only_new=True), owner, system_clock())
    assert exporting.names_missing(other)


def test_accounts_in_other_currencies_stay_out_of_yen_files_and_unexported(
    pc: Pc, owner: User
) -> None:
    pc.deliver(statement())
    dollars = replace(ORDINARY, number="7654321", currency="USD")
    pc.deliver(statement(account=dollars))
    made = export(owner, "freee-lines")
    figures = exporting.figures_of(made)
    assert [(each.currency, each.left_out) for each in figures] == [("JPY", False), ("USD", True)]
    assert (made.rows, unexported("freee")) == (4, 4)


def test_a_text_that_a_form_cannot_hold_is_told_with_its_first_row_and_how_often(
    pc: Pc, owner: User
) -> None:
    odd = Row(date(2026, 11, 12), -100, description="𠮷野")
    pc.deliver(statement((*ROWS, odd, odd)))
    drafted = look(owner, "yayoi-journal")
    (told,) = msgspec.convert(drafted.losses, list[Told])
    assert (told.field, told.text, told.written, told.times) == ("摘要", "𠮷野", "〓野", 2)
    assert told.row is not None
    first = Transaction.objects.filter(description="𠮷野").order_by("position")[0]
    assert told.row.transaction == first.id
    assert drafted.loss_count == 2


def test_what_a_form_has_no_way_to_say_is_refused_with_its_row(pc: Pc, owner: User) -> None:
    pc.deliver(statement((*ROWS[:3], msgspec.structs.replace(ROWS[3], amount=-(10**15)))))
    refused = msgspec.convert(look(owner, "excel").refusal, Refusal)
    assert (refused.reason, refused.expected) == (Reason.UNWRITABLE, "15桁まで")
    assert refused.row is not None
    assert refused.row.amount == -(10**15)


def test_more_rows_take_no_more_memory(pc: Pc, owner: User) -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        drafted = look(owner, "csv", f"until={FIRST + timedelta(days=rows // 100 - 1)}")
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert drafted.rows == rows
        return highest

    many = [Row(FIRST + timedelta(days=n // 100), n + 1) for n in range(8_000)]
    pc.deliver(statement(tuple(many), period=Period(FIRST, FIRST + timedelta(days=79))))
    peak(1_000)  # what is made once for all files
    assert peak(8_000) - peak(4_000) < 300_000
