"""What the PC remembers: its device, its connections with what was decided, its fetches."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from sqlite3 import Connection
from typing import TypeVar
from uuid import UUID

import msgspec

from hikae.agent.database import Database
from hikae.link.delivery import account_label
from hikae.link.messages import ConnectionReport, ConnectionView, DeviceState
from hikae.model.account import Account
from hikae.model.certificate import Certificate
from hikae.model.fetch import Fetch

T = TypeVar("T")

FETCHES_KEPT = 200
"""How many fetches of a connection are remembered."""

FETCHES_UNTOLD = 2000
"""How many of them where the cloud has not heard how they ended."""


@dataclass(frozen=True, slots=True)
class EnrolledDevice:
    """The device that this profile is, and where its cloud lives.

    state: as the cloud last said. confirmed: both sides have compared the fingerprint.
    commands_done: seq of the last command that is kept.
    """

    id: UUID
    origin: str
    state: DeviceState | None
    confirmed: bool
    commands_done: int


@dataclass(frozen=True, slots=True)
class RememberedConnection:
    """A connection and what was decided on this PC.

    signed_in_at: set while this PC may be signed in at the bank, so that a restart waits it out.
    reported: what the cloud was last told.
    """

    view: ConnectionView
    enabled: bool = False
    certificate: Certificate | None = None
    signed_in_at: datetime | None = None
    reported: ConnectionReport | None = None


class Memory:
    """The tables of one profile as values."""

    def __init__(self, database: Database) -> None:
        """Remember in `database`."""
        self._database = database

    # device

    def device(self) -> EnrolledDevice | None:
        """The enrolled device, if there is one."""
        row = self._database.row("SELECT id, origin, state, confirmed, commands_done FROM device")
        if row is None:
            return None
        identifier, origin, state, confirmed, done = row
        opened = self._opened(f"device.state/{identifier}", state, DeviceState)
        return EnrolledDevice(UUID(identifier), origin, opened, bool(confirmed), done)

    def keep_device(self, device: EnrolledDevice) -> None:
        """Replace what is known of the device."""
        state = self._sealed(f"device.state/{device.id}", device.state)
        with self._database.transaction() as db:
            db.execute(
                "INSERT OR REPLACE INTO device (one, id, origin, state, confirmed, commands_done)"
                " VALUES (1, ?, ?, ?, ?, ?)",
                (str(device.id), device.origin, state, device.confirmed, device.commands_done),
            )

    def commands_done(self, seq: int) -> None:
        """Commands up to `seq` are kept or carried out."""
        with self._database.transaction() as db:
            db.execute("UPDATE device SET commands_done = MAX(commands_done, ?)", (seq,))

    def erase(self) -> None:
        """Forget everything of the device, unsent statements included."""
        self._database.erase()

    # connections

    def connections(self) -> Sequence[RememberedConnection]:
        """All connections, in the order in which they came."""
        rows = self._database.rows(
            f"SELECT {_CONNECTION_COLUMNS} FROM connection ORDER BY rowid"  # noqa: S608 - constant
        )
        return [self._connection(row) for row in rows]

    def connection(self, connection: UUID) -> RememberedConnection | None:
        """One connection."""
        row = self._database.row(
            f"SELECT {_CONNECTION_COLUMNS} FROM connection WHERE id = ?",  # noqa: S608 - constant
            (str(connection),),
        )
        return None if row is None else self._connection(row)

    def keep_connection(self, connection: RememberedConnection, *, durable: bool = True) -> None:
        """Replace what is known of a connection; `durable` as in `Database.transaction`."""
        values = self._connection_row(connection)
        with self._database.transaction(durable=durable) as db:
            db.execute(
                "INSERT INTO connection"
                " (id, view, enabled, certificate, signed_in_at, reported)"
                " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET view = excluded.view,"
                " enabled = excluded.enabled, certificate = excluded.certificate,"
                " signed_in_at = excluded.signed_in_at, reported = excluded.reported",
                values,
            )

    def change_connection(
        self,
        connection: UUID,
        change: Callable[[RememberedConnection], RememberedConnection],
        *,
        durable: bool = True,
    ) -> None:
        """Change a connection as it stands now, so that nothing else of it is put back."""
        known = self.connection(connection)
        if known is not None:
            self.keep_connection(change(known), durable=durable)

    def keep_views(self, views: Sequence[ConnectionView]) -> None:
        """Take over what the cloud says of connections; those it no longer names are dropped.

        One that is of another bank by now is as new: what was decided here was decided for a bank.
        """
        known = {connection.view.id: connection for connection in self.connections()}
        for view in {view.id: view for view in views}.values():
            before = known.pop(view.id, None)
            if before is None or before.view.institution != view.institution:
                self.keep_connection(RememberedConnection(view))
            elif before.view != view:
                self.keep_connection(replace(before, view=_newer_login(before.view, view)))
        with self._database.transaction() as db:
            for gone in known:
                db.execute("DELETE FROM connection WHERE id = ?", (str(gone),))
                db.execute("DELETE FROM account WHERE connection = ?", (str(gone),))
                db.execute("DELETE FROM fetch WHERE connection = ? AND final = 1", (str(gone),))

    # accounts

    def kept_until(self, connection: UUID, account: Account) -> date | None:
        """Last day of an account whose complete statement went into the outbox."""
        row = self._database.row(
            "SELECT kept_until FROM account WHERE connection = ? AND account = ?",
            (str(connection), self._mark(connection, account)),
        )
        return None if row is None else date.fromisoformat(row[0])

    def keep_until(self, connection: UUID, days: Mapping[Account, date]) -> None:
        """Remember the last day of each account; it never goes back.

        A power cut may take it back: the next fetch then only reaches further back.
        """
        marks = ((self._mark(connection, account), day) for account, day in days.items())
        rows = [(str(connection), mark, day.isoformat()) for mark, day in marks]
        with self._database.transaction(durable=False) as db:
            db.executemany(
                "INSERT INTO account (connection, account, kept_until) VALUES (?, ?, ?)"
                " ON CONFLICT (connection, account) DO UPDATE"
                " SET kept_until = MAX(kept_until, excluded.kept_until)",
                rows,
            )

    # fetches

    def keep_fetch(self, fetch: Fetch, *, dialog_done: bool) -> None:
        """Keep a fetch and mark that the cloud has not heard of its new state.

        Where a cloud never wants to hear of any, the oldest are forgotten in the end.
        """
        sealed = self._sealed(f"fetch.fetch/{fetch.id}", fetch)
        with self._database.transaction() as db:
            db.execute(
                "INSERT INTO fetch (id, connection, queued_at, started_at, fetch, final,"
                " dialog_done, reported) VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id)"
                " DO UPDATE SET started_at = excluded.started_at, fetch = excluded.fetch,"
                " final = excluded.final, dialog_done = excluded.dialog_done, reported = 0",
                (
                    str(fetch.id),
                    str(fetch.connection),
                    fetch.queued_at.isoformat(),
                    None if fetch.started_at is None else fetch.started_at.isoformat(),
                    sealed,
                    fetch.state.final,
                    dialog_done,
                ),
            )
            if fetch.state.final:
                self._forget_oldest(db, fetch.connection, FETCHES_UNTOLD)

    def fetch(self, fetch: UUID) -> Fetch | None:
        """One fetch."""
        row = self._database.row("SELECT fetch FROM fetch WHERE id = ?", (str(fetch),))
        return None if row is None else self._fetch(str(fetch), row[0])

    def unreported(self) -> Sequence[Fetch]:
        """Fetches whose newest state the cloud has not heard, oldest first."""
        rows = self._database.rows(
            "SELECT id, fetch FROM fetch WHERE reported = 0 ORDER BY queued_at"
        )
        return [self._fetch(*row) for row in rows]

    def reported(self, fetch: Fetch) -> None:
        """The cloud has heard this state; a newer one stays unreported. Forgets the oldest."""
        with self._database.transaction() as db:
            if self.fetch(fetch.id) == fetch:
                db.execute("UPDATE fetch SET reported = 1 WHERE id = ?", (str(fetch.id),))
            self._forget_oldest(db, fetch.connection, FETCHES_KEPT, "reported = 1")

    def _forget_oldest(self, db: Connection, connection: UUID, kept: int, which: str = "1") -> None:
        db.execute(
            f"DELETE FROM fetch WHERE connection = :connection AND final = 1 AND {which}"  # noqa: S608 - constants
            " AND id NOT IN (SELECT id FROM fetch WHERE connection = :connection"
            " ORDER BY queued_at DESC LIMIT :kept)",
            {"connection": str(connection), "kept": kept},
        )

    def unfinished(self) -> Sequence[tuple[Fetch, bool]]:
        """Fetches that had not ended, and whether only their delivery is lacking."""
        rows = self._database.rows(
            "SELECT id, fetch, dialog_done FROM fetch WHERE final = 0 ORDER BY queued_at"
        )
        return [(self._fetch(fetch, sealed), bool(done)) for fetch, sealed, done in rows]

    def history(self, connection: UUID, limit: int) -> Sequence[Fetch]:
        """The newest fetches of a connection, newest first."""
        rows = self._database.rows(
            "SELECT id, fetch FROM fetch WHERE connection = ? ORDER BY queued_at DESC LIMIT ?",
            (str(connection), limit),
        )
        return [self._fetch(*row) for row in rows]

    # pauses

    def pauses(self) -> Mapping[str, str]:
        """The operator's words by paused institution; "" is all of them."""
        rows = self._database.rows("SELECT institution, words FROM pause")
        return dict(rows)

    def pause(self, institution: str, words: str) -> None:
        """Remember that an institution is paused."""
        with self._database.transaction() as db:
            db.execute("INSERT OR REPLACE INTO pause VALUES (?, ?)", (institution, words))

    def end_pause(self, institution: str) -> None:
        """Remember that it goes on."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM pause WHERE institution = ?", (institution,))

    # what is sealed

    def _connection(
        self, row: tuple[str, bytes, int, bytes | None, str | None, bytes | None]
    ) -> RememberedConnection:
        of, view, enabled, certificate, signed_in_at, reported = row
        return RememberedConnection(
            view=self._database.opened(f"connection.view/{of}", view, ConnectionView),
            enabled=bool(enabled),
            certificate=self._opened(f"connection.certificate/{of}", certificate, Certificate),
            signed_in_at=None if signed_in_at is None else datetime.fromisoformat(signed_in_at),
            reported=self._opened(f"connection.reported/{of}", reported, ConnectionReport),
        )

    def _connection_row(self, connection: RememberedConnection) -> tuple[object, ...]:
        of, signed_in_at = connection.view.id, connection.signed_in_at
        return (
            str(of),
            self._sealed(f"connection.view/{of}", connection.view),
            connection.enabled,
            self._sealed(f"connection.certificate/{of}", connection.certificate),
            None if signed_in_at is None else signed_in_at.isoformat(),
            self._sealed(f"connection.reported/{of}", connection.reported),
        )

    def _fetch(self, fetch: str, sealed: bytes) -> Fetch:
        return self._database.opened(f"fetch.fetch/{fetch}", sealed, Fetch)

    def _mark(self, connection: UUID, account: Account) -> str:
        """What an account is looked up by."""
        return self._database.padlock.mark(f"{connection}/{account_label(account)}")

    def _sealed(self, place: str, value: object) -> bytes | None:
        return None if value is None else self._database.sealed(place, value)

    def _opened(self, place: str, sealed: bytes | None, of: type[T]) -> T | None:
        return None if sealed is None else self._database.opened(place, sealed, of)


def _newer_login(known: ConnectionView, said: ConnectionView) -> ConnectionView:
    """What is said, but for login information that is older than what is known.

    A bank counts wrong passwords, and an old one is wrong.
    """
    if said.login_version >= known.login_version:
        return said
    return msgspec.structs.replace(said, login=known.login, login_version=known.login_version)


_CONNECTION_COLUMNS = "id, view, enabled, certificate, signed_in_at, reported"
