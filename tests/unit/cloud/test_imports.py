"""Files of banks: read, looked at, taken like a delivery, kept as they came."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps

from hikae.catalogue.catalogue import Catalogue
from hikae.cloud.connections.models import Connection
from hikae.cloud.connections.registering import register_connection
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device, enrol
from hikae.cloud.devices.models import Device
from hikae.cloud.institutions.offer import Offer
from hikae.cloud.people import audit
from hikae.cloud.people.models import AuditEntry, User
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements import books
from hikae.cloud.statements.closing.adjustments import waiting
from hikae.cloud.statements.closing.months import close_month
from hikae.cloud.statements.imports.files import (
    GotTooEarlyError,
    Received,
    discard,
    files,
    forget_untaken,
    keep,
    say,
    statements_of,
)
from hikae.cloud.statements.imports.importing import OwnerUnknownError, import_file
from hikae.cloud.statements.imports.owners import Missing, Said, missing, said_of
from hikae.cloud.statements.imports.preview import Prospect, prospects
from hikae.cloud.statements.models import (
    Account,
    AccountDay,
    ImportedFile,
    StatementRecord,
    Transaction,
)
from hikae.formats.unreadable import UnreadableFile
from hikae.model.fetch import Counts
from hikae.model.statement import Period
from tests.unit.cloud.conftest import NOW, Computer
from tests.unit.cloud.test_connections import BANK, WISH
from tests.unit.cloud.test_delivery import Pc, connection, kept, pc, statement
from tests.unit.formats.bankfiles import anser_file, anser_row
from tests.unit.formats.test_ofx import not_booked
from tests.zenginfile import Booking, zengin

__all__ = ["connection", "pc"]

TODAY = date(2026, 11, 23)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 20))
BOOKINGS = (
    Booking(date(2026, 11, 2), 110_000),
    Booking(date(2026, 11, 2), -330, "ﾃｽｳﾘﾖｳ"),
    Booking(date(2026, 11, 10), -55_000, "ﾃﾞﾝｷ"),
)


def november(
    bookings: tuple[Booking, ...] = BOOKINGS,
    *,
    opening: int = 1_000_000,
    days: tuple[date, date] = NOVEMBER,
    made_on: date = date(2026, 11, 21),
    bank: str = "9901",
) -> bytes:
    return zengin(bookings, opening=opening, days=days, made_on=made_on, bank=bank)


def anser(*rows: list[str]) -> bytes:
    account = "本店(001) 普通 1234567"
    said = rows or (
        anser_row(1, account=account, booked="2026年11月02日", into="500", balance="1,500"),
        anser_row(2, account=account, booked="2026年11月03日", out="200", balance="1,300"),
    )
    return anser_file(*said)


def brought(
    content: bytes, by: User, *, got_on: date = TODAY, institution: str = ""
) -> ImportedFile:
    return keep(Received(content, "meisai.txt", got_on, institution), by, NOW)


def looked_at(file: ImportedFile) -> Prospect:
    (found,) = prospects(statements_of(file), said_of(file))
    return found


def test_a_file_becomes_books_and_an_entry_that_only_files_fill(owner: User) -> None:
    file = brought(november(), owner)
    assert import_file(file.id, owner, NOW) == Counts(added=3)
    assert [amount for _, amount, _ in kept()] == [110_000, -330, -55_000]
    made = Connection.objects.get()
    assert (made.institution, made.device, made.login_version) == ("9901", None, 0)
    assert Account.objects.get().balance == 1_054_670


def test_nothing_is_written_by_looking(owner: User) -> None:
    prospect = looked_at(brought(november(), owner))
    assert prospect.counts == Counts(added=3)
    assert not prospect.known_account
    assert (prospect.proof.opening, prospect.proof.running, prospect.proof.closing) == (
        True,
        3,
        True,
    )
    assert not Account.objects.exists()


def test_a_file_joins_what_was_fetched_before(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    file = brought(november(bank="9901"), owner)
    prospect = looked_at(file)
    assert prospect.known_account
    assert prospect.counts.known == 3
    assert import_file(file.id, owner, NOW).added == 0
    assert Connection.objects.count() == 1


def test_the_same_file_again_is_the_file_of_before_and_adds_nothing(owner: User) -> None:
    first = brought(november(), owner)
    import_file(first.id, owner, NOW)
    again = brought(november(), owner)
    assert again.id == first.id
    assert again.imported_at is not None
    assert import_file(again.id, owner, NOW) == Counts()
    assert len(kept()) == 3


def test_a_file_is_kept_as_it_came_with_hash_and_person(owner: User) -> None:
    content = november()
    brought(content, owner)
    (file,) = files()
    assert bytes(file.content) == content
    assert file.received_by == owner
    assert len(file.sha256) == 64
    assert AuditEntry.objects.get(action="file.received").details == {"sha256": file.sha256}


def test_who_imported_a_file_is_in_the_audit(owner: User) -> None:
    file = brought(november(), owner)
    import_file(file.id, owner, NOW)
    entry = AuditEntry.objects.get(action="file.imported")
    assert (entry.actor, entry.details["added"]) == (owner.email, 3)
    assert audit.first_broken() is None


def test_another_organisation_sees_neither_file_nor_its_hash(owner: User) -> None:
    brought(november(), owner)
    other = create_owner("other@example.jp", "となり商店")
    with tenant(other.organisation_id):
        assert not files()
        brought(november(), other.user)
    assert len(files()) == 1


def test_what_cannot_be_read_is_not_kept(owner: User) -> None:
    for content in (
        b"",
        b"<html></html>",
        november()[:-250],
        november().replace(b"000055000", b"000055001", 1),
    ):
        with pytest.raises(UnreadableFile):
            brought(content, owner)
    assert not ImportedFile.objects.exists()


def test_a_file_whose_balances_break_off_names_row_and_figures(owner: User) -> None:
    account = "本店(001) 普通 1234567"
    rows = (
        anser_row(1, account=account, booked="2026年11月02日", into="500", balance="1,500"),
        anser_row(2, account=account, booked="2026年11月03日", out="200", balance="1,301"),
    )
    with pytest.raises(UnreadableFile) as refused:
        brought(anser(*rows), owner)
    assert "1,300" in refused.value.expected
    assert "1,301" in refused.value.found
    assert refused.value.row is not None


def test_a_complete_file_covers_the_days_before_it_was_made(owner: User) -> None:
    file = brought(
        november(days=(NOVEMBER[0], date(2026, 11, 22)), made_on=date(2026, 11, 12)), owner
    )
    import_file(file.id, owner, NOW)
    assert books.accounts()[0].covered == Period(date(2026, 11, 1), date(2026, 11, 11))


def test_a_file_that_does_not_say_its_period_covers_nothing(owner: User) -> None:
    file = brought(anser(), owner, institution="9901")
    import_file(file.id, owner, NOW)
    assert books.accounts()[0].covered is None
    assert len(kept()) == 2


def test_a_file_that_begins_within_a_day_removes_nothing_of_that_day(owner: User) -> None:
    morning = november(
        BOOKINGS[:2], days=(NOVEMBER[0], date(2026, 11, 2)), made_on=date(2026, 11, 3)
    )
    import_file(brought(morning, owner).id, owner, NOW)
    rest = november(BOOKINGS[2:], opening=1_109_670, days=(date(2026, 11, 2), NOVEMBER[1]))
    file = brought(rest, owner)
    assert not looked_at(file).continues
    assert import_file(file.id, owner, NOW) == Counts(added=1)
    assert len(kept()) == 3


def test_a_file_that_goes_on_where_the_books_end_is_complete(owner: User) -> None:
    days = (NOVEMBER[0], date(2026, 11, 8))
    import_file(brought(november(BOOKINGS[:2], days=days), owner).id, owner, NOW)
    rest = november(BOOKINGS[2:], opening=1_109_670, days=(date(2026, 11, 9), NOVEMBER[1]))
    file = brought(rest, owner)
    assert looked_at(file).continues
    import_file(file.id, owner, NOW)
    assert books.accounts()[0].covered == Period(*NOVEMBER)


def test_the_preview_shows_what_would_be_corrected_and_removed(pc: Pc, owner: User) -> None:
    early = statement(as_of=datetime(2026, 11, 20, tzinfo=UTC))
    pc.deliver(early)
    shown = november((*BOOKINGS[:2], replace(BOOKINGS[2], amount=-56_000)))
    prospect = looked_at(brought(shown, owner))
    assert {each.kind for each in prospect.differs} == {"corrected", "removed"}
    assert prospect.new == ()
    assert len(kept()) == 4


def test_the_preview_shows_which_holes_a_file_fills(pc: Pc, owner: User) -> None:
    for first, last in ((20, 25), (29, 31)):
        period = Period(date(2026, 10, first), date(2026, 10, last))
        pc.deliver(statement((), period=period, closing=None, opening=None))
    days = (date(2026, 10, 26), date(2026, 10, 27))
    file = brought(november((), days=days), owner)
    assert looked_at(file).fills == (Period(*days),)
    import_file(file.id, owner, NOW)
    assert books.accounts()[0].holes == (Period(date(2026, 10, 28), date(2026, 10, 28)),)


def test_rows_before_the_start_date_do_not_fit(pc: Pc, owner: User) -> None:
    pc.connection.start_on = date(2026, 11, 5)
    pc.connection.save()
    file = brought(november(), owner)
    prospect = looked_at(file)
    assert (prospect.too_early, prospect.counts.added) == (2, 1)
    import_file(file.id, owner, NOW)
    assert [amount for _, amount, _ in kept()] == [-55_000]


def test_rows_of_a_closed_month_wait(owner: User) -> None:
    close_month(None, date(2026, 10, 1), owner, NOW)
    days = (date(2026, 10, 30), NOVEMBER[1])
    file = brought(november((Booking(date(2026, 10, 30), 9), *BOOKINGS), days=days), owner)
    assert [len(looked_at(file).held), looked_at(file).counts.added] == [1, 3]
    assert import_file(file.id, owner, NOW) == Counts(added=3)
    assert len(waiting()) == 1


def test_an_unnamed_bank_is_told_by_the_accounts_that_are_known(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    file = brought(anser(), owner)
    assert missing(statements_of(file), said_of(file)) is None
    import_file(file.id, owner, NOW)
    assert Account.objects.count() == 1


def test_an_unnamed_bank_that_nobody_knows_is_asked_for(owner: User) -> None:
    file = brought(anser(), owner)
    assert missing(statements_of(file), said_of(file)) == Missing(institution=True, account=False)
    with pytest.raises(OwnerUnknownError):
        import_file(file.id, owner, NOW)
    say(file.id, Said(institution="0138"))
    assert import_file(file.id, owner, NOW) == Counts(added=2)
    assert Account.objects.get().institution == "0138"


def test_a_file_got_before_its_newest_row_is_refused(owner: User) -> None:
    with pytest.raises(GotTooEarlyError) as refused:
        brought(anser(), owner, got_on=date(2026, 11, 2))
    assert refused.value.newest == date(2026, 11, 3)


def test_an_old_file_does_not_bring_back_what_the_bank_took_away_since(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    stale = (*BOOKINGS, Booking(date(2026, 11, 12), 777, "ﾄﾘｹｼﾏｴ"))
    file = brought(november(stale, made_on=date(2026, 11, 21)), owner)
    assert import_file(file.id, owner, NOW).added == 0
    assert len(kept()) == 4


def test_the_balance_of_an_old_period_is_not_the_balance_of_today(pc: Pc, owner: User) -> None:
    pc.deliver(statement())
    days = (date(2026, 10, 1), date(2026, 10, 31))
    file = brought(november((), opening=5, days=days, made_on=TODAY), owner)
    import_file(file.id, owner, NOW)
    assert Account.objects.get().balance == 1_054_340


def test_an_imported_statement_is_recorded_with_its_file_and_proof(owner: User) -> None:
    file = brought(november(), owner)
    import_file(file.id, owner, NOW)
    record = StatementRecord.objects.get()
    assert (record.file_id, record.fetch, record.running) == (file.id, None, 3)
    assert record.counts["added"] == 3


def test_a_file_that_was_not_taken_can_be_forgotten_and_one_that_was_cannot(owner: User) -> None:
    file = brought(november(), owner)
    discard(file.id, owner, NOW)
    assert not files()
    file = brought(november(), owner)
    import_file(file.id, owner, NOW)
    with pytest.raises(ImportedFile.DoesNotExist):
        discard(file.id, owner, NOW)


def test_a_file_that_was_only_looked_at_is_forgotten_after_a_week(owner: User) -> None:
    brought(november(), owner)
    forget_untaken(NOW + timedelta(days=6))
    assert len(files()) == 1
    forget_untaken(NOW + timedelta(days=8))
    assert not files()


def test_all_statements_of_a_file_are_taken_or_none(owner: User, tmp_path: Path) -> None:
    mixed = anser(
        anser_row(1, account="本店(001) 普通 1234567", into="5", balance="5"),
        anser_row(1, account="新宿(012) 当座 7654321", into="5", balance="5"),
    )
    file = brought(mixed, owner)
    with pytest.raises(OwnerUnknownError):
        import_file(file.id, owner, NOW)
    assert not Transaction.objects.exists()
    say(file.id, Said(institution="0138"))
    assert import_file(file.id, owner, NOW) == Counts(added=2)
    assert AccountDay.objects.count() == 2


def test_what_only_files_fill_needs_no_pc(owner: User, computer: Computer) -> None:
    import_file(brought(november(), owner).id, owner, NOW)
    enrolled = enrol(computer.wish(issue_auth_key(owner, NOW).text()), NOW)
    confirm_device(enrolled.id, owner, NOW)
    assert Connection.objects.get().device is None


def test_registering_makes_a_fetched_connection_of_what_files_filled(
    owner: User, device: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apps.get_app_config("institutions"), "offer", Offer(Catalogue((BANK,))))
    import_file(brought(november(), owner).id, owner, NOW)
    register_connection(WISH, owner, NOW)
    made = Connection.objects.get()
    assert (made.device, made.login_version) == (device, 1)
    assert made.accounts.count() == 1


def test_what_a_file_shows_as_not_booked_yet_is_kept_apart(owner: User) -> None:
    content = not_booked(("20261124", "-700")).replace(b"0123", b"9901")
    file = brought(content, owner)
    assert import_file(file.id, owner, NOW).added == 1
    (shown,) = books.accounts()
    assert [(row.booked_on, row.amount) for row in shown.pending] == [(date(2026, 11, 24), -700)]
    assert [amount for _, amount, _ in kept()] == [5_000]
