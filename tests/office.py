"""An office with people, a PC and registrations, for tests of the pages and for their pictures.

It does through the cloud's own functions what people do on pages and what a PC reports.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.test import Client

from hikae.cloud.connections.challenges import report_challenge
from hikae.cloud.connections.fetching import report_fetch
from hikae.cloud.connections.models import Connection
from hikae.cloud.connections.registering import Registration, register_connection
from hikae.cloud.connections.serving import report_connection
from hikae.cloud.devices import presence
from hikae.cloud.devices.auth_keys import issue_auth_key
from hikae.cloud.devices.enrolment import confirm_device, enrol
from hikae.cloud.devices.models import Device
from hikae.cloud.institutions.offer import catalogue
from hikae.cloud.people.models import Membership, Organisation, Role, User
from hikae.cloud.people.organisations import create_owner
from hikae.cloud.people.tenancy import tenant
from hikae.cloud.statements import delivery as cloud_delivery
from hikae.cloud.statements.closing.months import close_month
from hikae.cloud.statements.exports import exporting
from hikae.cloud.statements.exports.exporting import Asked
from hikae.cloud.statements.imports.files import Received, keep
from hikae.cloud.statements.models import Export, ImportedFile
from hikae.link import delivery
from hikae.link.messages import (
    CertificateShown,
    ChallengeReport,
    ConnectionReport,
    Enrol,
    FetchReport,
)
from hikae.model.account import Account, AccountKind
from hikae.model.clock import japan_day
from hikae.model.fetch import Counts, FetchState, Trigger
from hikae.model.problems import Problem
from hikae.model.secret import Secret
from hikae.model.statement import Channel, Period, Source, Statement, Transaction
from tests.cloud_agent import public
from tests.zenginfile import Booking, zengin

PASSWORD = "koukyuu-na-kami-3"


@dataclass(slots=True)
class Office:
    """people: an owner, one who may only look, an accountant, one of another organisation."""

    now: datetime
    organisation: Organisation
    owner: User
    viewer: User
    accountant: User
    outsider: User
    device: Device | None = None
    connections: list[Connection] = field(default_factory=list)

    @property
    def pc(self) -> Device:
        """The owner's PC."""
        assert self.device is not None
        return self.device

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Work for the organisation."""
        with tenant(self.organisation.id):
            yield

    def enrol(self, *, confirmed: bool = True) -> Device:
        """A PC that answers with a fresh 認証キー."""
        signing, sealing = Ed25519PrivateKey.generate(), X25519PrivateKey.generate()
        with self.at_work():
            wish = Enrol(
                device=uuid4(),
                key=issue_auth_key(self.owner, self.now).text(),
                signing=public(signing),
                sealing=public(sealing),
                name="KEIRI-01",
                system="Windows 11 Pro",
                agent="0.1.0",
                protocol=1,
            )
            self.device = enrol(wish, self.now)
            if confirmed:
                self.device = confirm_device(self.device.id, self.owner, self.now)
                presence.links_opened({self.device.id: uuid4()}, self.now)
        return self.device

    def register(self, code: str) -> Connection:
        """A registration with an institution."""
        institution = catalogue().find(code)
        assert institution is not None
        login = {wanted.name: Secret("himitsu") for wanted in institution.login}
        with self.at_work():
            at = self.now + timedelta(seconds=len(self.connections))
            made = register_connection(Registration(code, login), self.owner, at)
        self.connections.append(made)
        return made

    def enable(self, connection: Connection, days_left: int = 300) -> None:
        """Choose a certificate on the PC and enable the registration."""
        certificate = CertificateShown(
            "ab" * 20, "MIHON0001", "CN=Test CA", self.now + timedelta(days=days_left)
        )
        following = self.now + timedelta(hours=5)
        report = ConnectionReport(enabled=True, certificate=certificate, next_fetch_at=following)
        with self.at_work():
            report_connection(self.pc, connection.id, report, self.now)

    def fetch(
        self,
        connection: Connection,
        state: FetchState,
        *,
        fetch: UUID | None = None,
        step: str = "",
        rows: int = 0,
        added: int = 0,
        problem: Problem | None = None,
        minutes_ago: int = 0,
    ) -> UUID:
        """Report a fetch from the PC."""
        at = self.now - timedelta(minutes=minutes_ago)
        report = FetchReport(
            connection=connection.id,
            trigger=Trigger.DESKTOP,
            state=state,
            queued_at=at - timedelta(seconds=20),
            started_at=at - timedelta(seconds=15),
            ended_at=at if state.final else None,
            step=step,
            rows=rows,
            counts=Counts(added=added),
            problem=problem,
        )
        fetch_id = fetch or uuid4()
        with self.at_work():
            report_fetch(self.pc, fetch_id, report)
        return fetch_id

    def ask(  # noqa: PLR0913 - each is a word of the report
        self,
        connection: Connection,
        fetch: UUID,
        prompt: str,
        *,
        challenge: UUID | None = None,
        choices: Sequence[str] = (),
        image: str = "",
        again: str = "",
        state: str = "waiting",
        seconds: int = 240,
    ) -> UUID:
        """Report what the bank asks."""
        kind = "choice" if choices else "one_time_password"
        report = ChallengeReport(
            fetch=fetch,
            connection=connection.id,
            state=state,
            challenge=kind,
            prompt=prompt,
            code="4821",
            expires_at=datetime.now(UTC) + timedelta(seconds=seconds),
            length=None if choices else 6,
            choices=tuple(choices),
            image=image,
            again=again,
        )
        challenge_id = challenge or uuid4()
        with self.at_work():
            report_challenge(self.pc, challenge_id, report, self.now)
        return challenge_id

    def deliver(self, connection: Connection, statement: Statement) -> None:
        """Deliver a statement from the PC."""
        statement_id = uuid4()
        with self.at_work():
            for number, part in enumerate(delivery.parts(connection.id, statement.transactions)):
                cloud_delivery.keep_part(self.pc, statement_id, number, part, self.now)
            head = delivery.head(statement, fetch=uuid4(), connection=connection.id)
            cloud_delivery.complete(self.pc, statement_id, head, self.now)

    def close_and_correct(self, connection: Connection) -> None:
        """Close last month, whose last row the bank then corrects, and shows one more."""
        last = japan_day(self.now).replace(day=1) - timedelta(days=1)
        first = last - timedelta(days=4)
        rows = [
            Transaction(first, -8_800, description="スイドウリョウ"),
            Transaction(last, 240_000, description="フリコミ", counterparty="カ)アオバデザイン"),
        ]
        self.deliver(connection, statement(ORDINARY, first, last, rows, 1_000_000))
        with self.at_work():
            close_month(None, last, self.owner, self.now)
        late = Transaction(first, -550, description="テスウリョウ")
        rows = [rows[0], late, msgspec.structs.replace(rows[1], amount=242_000)]
        corrected = statement(ORDINARY, first, last, rows, 1_000_000)
        self.deliver(connection, replace(corrected, as_of=self.now))

    def bring(self, name: str, bank: str = "0138") -> ImportedFile:
        """Bring a file of a bank with rows of the last days, to be looked at."""
        today = japan_day(self.now)
        days = [today - timedelta(days=back) for back in (3, 2, 1)]
        bookings = [Booking(day, 1_000 + day.day, "ｶ)ﾔﾏﾃｼﾖｳｶｲ") for day in days]
        period = (days[0], days[-1])
        content = zengin(bookings, opening=70_000, days=period, made_on=today, bank=bank)
        with self.at_work():
            return keep(Received(content, name, today), self.owner, self.now)

    def look(self, form: str) -> Export:
        """Ask for all rows in a form, and write the file to look at, where names are known."""
        with self.at_work():
            drafted = exporting.draft(Asked(form, "", only_new=True), self.owner, self.now)
            if not exporting.names_missing(drafted):
                exporting.prepare(drafted, self.now)
            return drafted

    def export(self, form: str) -> Export:
        """Export all rows in a form that asks for nothing."""
        drafted = self.look(form)
        with self.at_work():
            exporting.make(drafted.id, self.owner, self.now)
        return drafted


def open_office(now: datetime) -> Office:
    """People of two organisations; no PC, no registration yet."""
    owner = create_owner("hanako@example.jp", "株式会社みほん商店", PASSWORD)
    outsider = create_owner("soto@example.jp", "よその会社", PASSWORD)
    viewer = User.objects.create_user("miru@example.jp", PASSWORD, "鈴木 次郎")
    Membership.objects.create(organisation=owner.organisation, user=viewer, role=Role.VIEWER)
    accountant = User.objects.create_user("zeiri@example.jp", PASSWORD, "佐藤 税理士事務所")
    Membership.objects.create(
        organisation=owner.organisation, user=accountant, role=Role.ACCOUNTANT
    )
    owner.user.name = "山田 花子"
    owner.user.save(update_fields=["name"])
    return Office(now, owner.organisation, owner.user, viewer, accountant, outsider.user)


def prove(browser: Client, person: User) -> None:
    """Let somebody who is signed in have typed their password again just now."""
    session = browser.session
    proof = {"method": "password", "at": time.time(), "reauthenticated": True}
    session["account_authentication_methods"] = [proof]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


def statement(
    account: Account, first: date, last: date, rows: Sequence[Transaction], opening: int
) -> Statement:
    """A complete statement with running balances, read on the morning after its last day."""
    balance, written = opening, []
    for row in rows:
        balance += row.amount
        written.append(
            Transaction(
                booked_on=row.booked_on,
                amount=row.amount,
                balance=balance,
                kind=row.kind,
                description=row.description,
                counterparty=row.counterparty,
            )
        )
    as_of = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    source = Source(Channel.PAGE)
    whole = tuple(written)
    return Statement(account, Period(first, last), as_of, True, opening, balance, whole, source)


def daily(
    account: Account, now: datetime, *, days: int, back: int = 1, opening: int = 1_250_000
) -> Statement:
    """A statement of `days` days that ends `back` days before today, with one row every day."""
    last = japan_day(now) - timedelta(days=back)
    first = last - timedelta(days=days - 1)
    kinds = (
        (-33_000, "ソウキン", "サクラショウジ(カ"),
        (128_400, "フリコミ", "カ)アオバデザイン"),
        (-2_475, "デンワリョウ", None),
        (-86_200, "カード", "ミナトカード"),
        (540_000, "フリコミ", "ヤマト物産(カ"),
    )
    rows = [
        Transaction(
            booked_on=first + timedelta(days=place),
            amount=amount,
            description=description,
            counterparty=counterparty,
        )
        for place in range(days)
        for amount, description, counterparty in [kinds[place % len(kinds)]]
    ]
    return statement(account, first, last, rows, opening)


ORDINARY = Account("001", AccountKind.ORDINARY, "1234567", branch_name="本店営業部")
CURRENT = Account("012", AccountKind.CURRENT, "7654321", branch_name="新宿支店")
