"""One fetch: unseal the login, visit the bank, put its statements into the outbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hikae.agent.dialing import dial_bank
from hikae.agent.engine import EngineError
from hikae.agent.fetches import Progress
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.outbox import Outbox
from hikae.agent.restraint import Restraint
from hikae.agent.roster import Roster
from hikae.agent.surroundings import Surroundings
from hikae.agent.unsealing import Unsealer
from hikae.banks.families import connector_for
from hikae.banks.session import open_session
from hikae.banks.visit import run
from hikae.catalogue.institution import Institution
from hikae.killpoint import killpoint
from hikae.link.delivery import account_label
from hikae.model.account import Account
from hikae.model.certificate import Certificate
from hikae.model.challenge import Answer, Challenge
from hikae.model.clock import Clock, japan_day
from hikae.model.fetch import Fetch
from hikae.model.problems import Problem, ProblemCode
from hikae.model.statement import Statement

_log = logging.getLogger(__name__)

OVERLAP = timedelta(days=7)
"""How far a later fetch reaches back, for rows that banks post late."""

SIGHTING = timedelta(seconds=10)
"""How exactly the last moment of a visit is known after it was cut off."""

_WAITING_OUT = "前回のログインが銀行側で終わるのを待っています"

Ask = Callable[[UUID, UUID, Challenge], Awaitable[Answer]]
Waiting = Callable[[UUID, bool], None]


class Fetching:
    """What every visit to a bank needs, put together once."""

    def __init__(  # noqa: PLR0913 - each is another part of the engine
        self,
        *,
        given: Surroundings,
        memory: Memory,
        outbox: Outbox,
        restraint: Restraint,
        roster: Roster,
        unsealer: Unsealer,
        clock: Clock,
        ask: Ask,
        waiting: Waiting,
    ) -> None:
        """`ask` brings a challenge to a person; `waiting` hears that a fetch waits for one."""
        self._given = given
        self._memory = memory
        self._outbox = outbox
        self._restraint = restraint
        self._unsealer = unsealer
        self._roster = roster
        self._clock = clock
        self._ask = ask
        self._waiting = waiting

    async def fetch(
        self, fetch: Fetch, connection: RememberedConnection, progress: Progress
    ) -> None:
        """Visit the bank and sign out again; raises ProblemError."""
        institution = self._roster.institution(connection)
        certificate = self._roster.certificate(connection)
        identity = self._roster.identity(certificate)
        login = self._unsealer.login(connection.view)
        connector = connector_for(institution.family)
        await self._wait_out(connection, institution, progress)
        given = self._given
        transport = dial_bank(institution, identity, given, fetch.id)
        session = open_session(
            connector,
            institution,
            login,
            transport,
            clock=self._clock,
            ask=lambda challenge: self._asked(fetch, challenge),
            on_step=self._sighted(connection.view.id, progress),
            on_count=lambda unanswered: self._restraint.asking(
                replace(connection, certificate=certificate), unanswered=unanswered
            ),
        )
        kept: dict[Account, date] = {}
        try:
            self._remember(connection, certificate)
            await run(
                connector,
                session,
                lambda account: self._since(connection, institution, account),
                lambda statements: self._keep(fetch, statements, kept),
                lambda account: account_label(account) not in connection.view.accounts_left_out,
            )
        finally:
            await transport.close()
            killpoint("fetching.left")
            # Told at the end: cut off before, the next fetch only reaches further back.
            self._memory.keep_until(connection.view.id, kept)
            left = session.left or not session.began
            self._may_be_signed_in(connection.view.id, None if left else self._restraint.now())

    async def _wait_out(
        self, connection: RememberedConnection, institution: Institution, progress: Progress
    ) -> None:
        """Where this PC was cut off while signed in, the bank keeps its user out for a while.

        That goes by the PC's own time: the time that a cloud tells may be adopted in between.
        """
        if connection.signed_in_at is None:
            return
        longest = SIGHTING + timedelta(minutes=institution.lockout_minutes)
        # A clock that was put back since must not keep this PC waiting for longer than the bank.
        left = min(
            connection.signed_in_at + longest - self._restraint.now(), longest
        ).total_seconds()
        if left > 0:
            progress(_WAITING_OUT, 0)
            await asyncio.sleep(left)

    def _remember(self, connection: RememberedConnection, certificate: Certificate) -> None:
        """From here on this PC may be signed in, with this certificate.

        A power cut may take it back: that the fetch runs is on the disk, which says the same.
        """
        now = self._restraint.now()
        self._memory.change_connection(
            connection.view.id,
            lambda known: replace(known, certificate=certificate, signed_in_at=now),
            durable=False,
        )

    def _sighted(self, connection_id: UUID, progress: Progress) -> Progress:
        """Progress that also keeps written down when this PC was last seen at the bank.

        The bank counts from the last request, not from the sign-in.
        """
        seen = self._restraint.now()

        def step(words: str, rows: int) -> None:
            nonlocal seen
            killpoint("fetching.step")
            if self._restraint.now() - seen >= SIGHTING:
                seen = self._restraint.now()
                self._may_be_signed_in(connection_id, seen)
            progress(words, rows)

        return step

    def _may_be_signed_in(self, connection_id: UUID, at: datetime | None) -> None:
        """When this PC was last at the bank without having left it; None: it has left.

        To forget that it has left costs a wait, so the disk is waited for only before.
        """
        self._memory.change_connection(
            connection_id,
            lambda known: replace(known, signed_in_at=at),
            durable=at is not None,
        )

    def _since(
        self, connection: RememberedConnection, institution: Institution, account: Account
    ) -> date:
        """As far back as the bank shows at first, later with an overlap; never before 開始日."""
        today = japan_day(self._clock())
        since = today - timedelta(days=institution.window_days)
        kept_until = self._memory.kept_until(connection.view.id, account)
        if kept_until is not None and kept_until <= today:
            since = max(since, kept_until - OVERLAP)
        return max(since, connection.view.start_on or since)

    def _keep(
        self, fetch: Fetch, statements: Sequence[Statement], kept: dict[Account, date]
    ) -> None:
        """Prove statements, put them into the outbox, and note in `kept` up to which day they go.

        It runs on the thread that read them. Raises EngineError, StorageError; then none is kept.
        """
        killpoint("fetching.downloaded")
        for statement in statements:
            if problem := statement.check():
                raise EngineError(problem)
        identified = {self._given.new_id(): statement for statement in statements}
        self._outbox.put(identified, fetch=fetch.id, connection=fetch.connection)
        for statement in statements:
            if statement.complete and statement.period is not None:
                # Not beyond today by this PC's own clock: a cloud whose clock is ahead must not
                # make the next fetch begin too late.
                days = statement.period.last, japan_day(statement.as_of)
                kept[statement.account] = min(*days, japan_day(self._given.clock()))

    async def _asked(self, fetch: Fetch, challenge: Challenge) -> Answer:
        if not fetch.trigger.attended:
            raise EngineError(Problem(ProblemCode.CHALLENGE_WAITING))
        self._waiting(fetch.id, True)
        try:
            answer = await self._ask(fetch.id, fetch.connection, challenge)
        finally:
            self._waiting(fetch.id, False)
        killpoint("fetching.answered")
        return answer
