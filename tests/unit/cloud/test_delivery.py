"""How a delivered statement joins the books, on both databases."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from django.apps import apps

from hikae.catalogue.catalogue import Catalogue
from hikae.cloud.connections.models import Connection, ConnectionAccount
from hikae.cloud.connections.problem_record import read_problem
from hikae.cloud.connections.registering import register_connection, take_account
from hikae.cloud.connections.serving import served_by
from hikae.cloud.devices.models import Device
from hikae.cloud.institutions.offer import Offer
from hikae.cloud.people.models import User
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements import books, paging
from hikae.cloud.statements.delivery import DeliveryError, complete, keep_part
from hikae.cloud.statements.following import follow
from hikae.cloud.statements.models import (
    Account,
    AccountDay,
    Change,
    StatementPart,
    StatementRecord,
    Transaction,
)
from hikae.link import delivery
from hikae.link.messages import Delivered
from hikae.model import account as model
from hikae.model.account import AccountKind
from hikae.model.fetch import Counts
from hikae.model.problems import ProblemCode
from hikae.model.statement import Channel, Period, Source, Statement
from hikae.model.statement import Transaction as Row
from tests.unit.cloud.conftest import NOW
from tests.unit.cloud.test_connections import BANK, WISH

ORDINARY = model.Account("001", AccountKind.ORDINARY, "1234567", holder="ミナトシヨウテン")
AS_OF = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 22))
ROWS = (
    Row(date(2026, 11, 2), 110_000, 1_110_000, description="振込 カ)オオカワ"),
    Row(date(2026, 11, 2), -330, 1_109_670, description="手数料"),
    Row(date(2026, 11, 2), -330, 1_109_340, description="手数料"),
    Row(date(2026, 11, 10), -55_000, 1_054_340, description="口座振替 デンキ"),
)


def statement(rows: tuple[Row, ...] = ROWS, **more: object) -> Statement:
    balance = 1_000_000
    said = []
    for row in rows:
        balance += row.amount
        said.append(msgspec.structs.replace(row, balance=balance))
    whole = Statement(
        ORDINARY, NOVEMBER, AS_OF, True, 1_000_000, balance, tuple(said), Source(Channel.PAGE)
    )
    return replace(whole, **more)  # type: ignore[arg-type]  # plain test data


@pytest.fixture
def connection(owner: User, device: Device, monkeypatch: pytest.MonkeyPatch) -> Connection:
    """A connection that the device serves, without a start date."""
    monkeypatch.setattr(apps.get_app_config("institutions"), "offer", Offer(Catalogue((BANK,))))
    return register_connection(replace(WISH, start_on=None), owner, NOW)


@pytest.fixture
def pc(connection: Connection) -> "Pc":
    return Pc(connection)


class Pc:
    """Delivers as an agent does."""

    def __init__(self, connection: Connection) -> None:
        assert connection.device is not None
        self.device = connection.device
        self.connection = connection
        self.fetch = uuid4()

    def deliver(self, said: Statement, name: UUID | None = None) -> Delivered:
        name = name or uuid4()
        self.parts(said, name)
        return self.complete(said, name)

    def parts(self, said: Statement, name: UUID) -> None:
        for number, part in enumerate(delivery.parts(self.connection.id, said.transactions)):
            keep_part(self.device, name, number, part, NOW)

    def complete(self, said: Statement, name: UUID) -> Delivered:
        head = delivery.head(said, fetch=self.fetch, connection=self.connection.id)
        return complete(self.device, name, head, NOW)


def kept() -> list[tuple[date, int, int | None]]:
    rows = Transaction.objects.order_by("booked_on", "position")
    return [(row.booked_on, row.amount, row.balance) for row in rows]


def amount(kept_row: object) -> int:
    return msgspec.convert(kept_row, Row).amount


def test_a_statement_is_kept_row_by_row(pc: Pc) -> None:
    delivered = pc.deliver(statement())
    assert delivered.counts == Counts(added=4)
    assert kept() == [(row.booked_on, row.amount, row.balance) for row in ROWS]
    assert Account.objects.get().balance == 1_054_340
    assert not StatementPart.objects.exists()


def test_days_without_rows_are_covered_too(pc: Pc) -> None:
    pc.deliver(statement())
    assert AccountDay.objects.exclude(as_of=None).count() == 22


def test_fetching_the_same_again_adds_nothing(pc: Pc) -> None:
    pc.deliver(statement())
    changes = Change.objects.count()
    again = pc.deliver(statement(as_of=AS_OF + timedelta(hours=2)))
    assert again.counts == Counts(known=4)
    assert len(kept()) == 4
    assert Change.objects.count() == changes
    assert set(AccountDay.objects.values_list("as_of", flat=True)) == {AS_OF + timedelta(hours=2)}


def test_the_same_delivery_again_gets_the_same_answer(pc: Pc) -> None:
    name = uuid4()
    assert pc.deliver(statement(), name) == pc.deliver(statement(), name)
    assert len(kept()) == 4
    assert StatementRecord.objects.count() == 1


def test_the_same_id_with_another_digest_is_refused(pc: Pc) -> None:
    name = uuid4()
    pc.deliver(statement(), name)
    with pytest.raises(DeliveryError) as refused:
        pc.deliver(statement(ROWS[:2]), name)
    assert refused.value.problem.details == {"part": "digest"}
    assert len(kept()) == 4


def test_a_missing_part_is_named(pc: Pc) -> None:
    many = tuple(Row(date(2026, 11, 5), 1 + n) for n in range(1001))
    said, name = statement(many), uuid4()
    parts = list(delivery.parts(pc.connection.id, said.transactions))
    for number in (2, 0, 2):
        keep_part(pc.device, name, number, parts[number], NOW)
    with pytest.raises(DeliveryError) as refused:
        pc.complete(said, name)
    assert refused.value.problem.details == {"part": "missing", "number": 1}
    keep_part(pc.device, name, 1, parts[1], NOW)
    assert pc.complete(said, name).counts == Counts(added=1001)


def test_a_statement_whose_sums_are_wrong_is_refused_and_the_refusal_kept(pc: Pc) -> None:
    name = uuid4()
    with pytest.raises(DeliveryError) as refused:
        pc.deliver(statement(closing=1), name)
    assert refused.value.problem.code is ProblemCode.STATEMENT_INCONSISTENT
    assert kept() == []
    record = StatementRecord.objects.get()
    assert record.state == "refused"
    assert read_problem(record.problem) == refused.value.problem
    with pytest.raises(DeliveryError):
        pc.complete(statement(closing=1), name)


def test_a_statement_with_characters_that_cannot_be_seen_is_refused(pc: Pc) -> None:
    hidden = (msgspec.structs.replace(ROWS[0], description="a\u202eb"),)
    with pytest.raises(DeliveryError) as refused:
        pc.deliver(statement(hidden))
    assert refused.value.problem.details == {"part": "text"}


def test_a_late_row_is_added_once_and_traced_as_late(pc: Pc) -> None:
    pc.deliver(statement())
    late = (*ROWS[:3], Row(date(2026, 11, 9), 7_000, description="振込 オクレ"), ROWS[3])
    later = AS_OF + timedelta(days=1)
    assert pc.deliver(statement(late, as_of=later)).counts == Counts(added=1, known=4)
    (told,) = (event for event in follow(0) if event.late)
    assert told.after is not None
    assert told.after.amount == 7_000
    assert len(kept()) == 5


def test_a_pc_whose_clock_is_ahead_does_not_outdo_what_is_read_later(pc: Pc) -> None:
    pc.deliver(statement(ROWS[:3], as_of=NOW + timedelta(days=3)))
    head = delivery.head(
        said := statement(as_of=NOW + timedelta(hours=1)),
        fetch=pc.fetch,
        connection=pc.connection.id,
    )
    pc.parts(said, name := uuid4())
    assert complete(pc.device, name, head, NOW + timedelta(hours=1)).counts.added == 1
    assert len(kept()) == 4


def test_a_corrected_row_keeps_its_identity(pc: Pc) -> None:
    pc.deliver(statement())
    before = Transaction.objects.get(amount=-55_000).id
    right = (*ROWS[:3], msgspec.structs.replace(ROWS[3], amount=-56_000))
    counts = pc.deliver(statement(right, as_of=AS_OF + timedelta(days=1))).counts
    assert counts == Counts(corrected=1, known=3)
    assert Transaction.objects.get(amount=-56_000).id == before
    (added, corrected) = books.history(before)
    assert (added.kind, corrected.kind) == ("added", "corrected")
    assert (amount(corrected.before), amount(corrected.after)) == (-55_000, -56_000)


def test_a_row_that_the_bank_took_back_is_removed(pc: Pc) -> None:
    pc.deliver(statement())
    counts = pc.deliver(statement(ROWS[:3], as_of=AS_OF + timedelta(days=1))).counts
    assert counts == Counts(removed=1, known=3)
    assert len(kept()) == 3


def test_changes_are_numbered_without_a_gap(pc: Pc) -> None:
    pc.deliver(statement())
    pc.deliver(statement(ROWS[:3], as_of=AS_OF + timedelta(days=1)))
    assert [event.number for event in follow(0)] == [1, 2, 3, 4, 5]


def test_nothing_before_the_start_date_is_kept(pc: Pc) -> None:
    pc.connection.start_on = date(2026, 11, 10)
    pc.connection.save()
    assert pc.deliver(statement()).counts == Counts(added=1)
    assert [row[0] for row in kept()] == [date(2026, 11, 10)]
    assert books.accounts()[0].covered == Period(date(2026, 11, 10), date(2026, 11, 22))


def test_an_account_left_out_is_acknowledged_but_not_kept(pc: Pc, owner: User) -> None:
    pc.deliver(statement(ROWS[:1]))
    account = Account.objects.get()
    take_account(pc.connection.id, account.id, owner, NOW, taken=False)
    view = served_by(pc.device).connections[0]
    assert view.accounts_left_out == (delivery.account_label(ORDINARY),)
    assert pc.deliver(statement(as_of=AS_OF + timedelta(days=1))).counts == Counts()
    assert len(kept()) == 1
    assert StatementRecord.objects.filter(state="left_out").count() == 1
    assert ConnectionAccount.objects.count() == 1


def test_a_hole_between_two_statements_shows(pc: Pc) -> None:
    pc.deliver(statement((), period=Period(date(2026, 10, 1), date(2026, 10, 2)), closing=None))
    pc.deliver(statement((), period=Period(date(2026, 10, 6), date(2026, 10, 7)), closing=None))
    assert books.accounts()[0].holes == (Period(date(2026, 10, 3), date(2026, 10, 5)),)


def test_pages_of_rows_join_without_a_gap_or_a_double(pc: Pc) -> None:
    many = tuple(Row(date(2026, 11, 1 + n % 20), 1 + n) for n in range(120))
    pc.deliver(statement(tuple(sorted(many, key=lambda row: row.booked_on))))
    first = paging.page(books.Wanted())
    assert first.older is not None
    second = paging.page(books.Wanted(), first.older)
    assert second.older is not None
    third = paging.page(books.Wanted(), second.older)
    rows = [*first.rows, *second.rows, *third.rows]
    assert third.older is None
    assert len({row.id for row in rows}) == 120
    days = [row.booked_on for row in rows]
    assert days == sorted(days, reverse=True)


def test_rows_are_found_by_words_in_any_kana_and_width(pc: Pc) -> None:
    pc.deliver(statement())
    for words in ("でんき", "ﾃﾞﾝｷ", "デンキ", "口座振替 でんき"):
        (found,) = paging.page(books.Wanted(words=words)).rows
        assert found.amount == -55_000
    assert paging.page(books.Wanted(words="ガス")).rows == ()


def test_rows_are_filtered_by_day_and_by_way(pc: Pc) -> None:
    pc.deliver(statement())
    paid = paging.page(books.Wanted(way=books.Way.OUT, until=date(2026, 11, 5))).rows
    assert [row.amount for row in paid] == [-330, -330]
    account = Account.objects.get()
    received = paging.page(books.Wanted(account=account.id, way=books.Way.IN)).rows
    assert [row.amount for row in received] == [110_000]


def test_a_place_that_is_none_is_refused() -> None:
    with tenant(uuid4()), pytest.raises(ValueError, match="no place"):
        paging.page(books.Wanted(), "nonsense")
