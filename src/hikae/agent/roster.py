"""The connections of this PC: what the cloud says of them, joined with what was decided here."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from hikae.agent.cloud import Cloud
from hikae.agent.database import StorageError
from hikae.agent.dues import Dues
from hikae.agent.engine import ConnectionsChanged, ConnectionState, EngineError, Event
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.restraint import Restraint
from hikae.agent.wallet import Wallet
from hikae.catalogue.catalogue import Catalogue
from hikae.catalogue.institution import Institution
from hikae.certificates.choose import Choice, choose, undecided
from hikae.link.messages import CertificateShown, ConnectionReport
from hikae.model.certificate import Certificate, Identity
from hikae.model.clock import Clock
from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)


class Roster:
    """Connections as a person at this PC sees and changes them."""

    def __init__(
        self,
        *,
        memory: Memory,
        cloud: Cloud,
        catalogue: Catalogue,
        wallet: Wallet,
        restraint: Restraint,
        dues: Dues,
        clock: Clock,
        tell: Callable[[Event], None],
    ) -> None:
        """Join `memory` with institutions of `catalogue` and certificates of `wallet`.

        turn: for whoever asks the cloud of connections, or seals their logins to other keys.
        """
        self._memory = memory
        self._cloud = cloud
        self._catalogue = catalogue
        self._wallet = wallet
        self._restraint = restraint
        self._dues = dues
        self._clock = clock
        self._tell = tell
        self.turn = asyncio.Lock()

    async def refresh(self) -> None:
        """Read the connections from the cloud and tell it what it does not know yet."""
        async with self.turn:
            # An answer from before new keys, kept after them, would bring logins nobody can open.
            await self.read()
        await self._report()
        self._tell(ConnectionsChanged())

    async def read(self) -> None:
        """Read the connections from the cloud, for whoever has the turn; raises ProblemError."""
        answer = await self._cloud.connections()
        self._memory.keep_views(answer.connections)

    async def refreshed(self) -> Sequence[ConnectionState]:
        """All connections, read again where the cloud can be reached."""
        try:
            await self.refresh()
        except ProblemError as error:
            _log.warning("connections as last known: %s", error)
        return self.states()

    def states(self) -> Sequence[ConnectionState]:
        """All connections as they are known now."""
        certificates = self._wallet.read().certificates
        return [self._state(each, certificates) for each in self._memory.connections()]

    def enabled(self) -> Sequence[UUID]:
        """Connections that both sides have switched on."""
        return [
            connection.view.id
            for connection in self._memory.connections()
            if connection.enabled and not connection.view.stopped
        ]

    def institution(self, connection: RememberedConnection) -> Institution:
        """The institution of a connection; raises EngineError when this agent does not know it."""
        institution = self._catalogue.find(connection.view.institution)
        if institution is None:
            details = {"institution": connection.view.institution}
            raise EngineError(Problem(ProblemCode.AGENT_OUTDATED, details=details))
        return institution

    async def select(self, connection_id: UUID, thumbprint: str) -> None:
        """Choose a certificate; raises EngineError(certificate_missing) when it is not here."""
        connection = self._known(connection_id)
        certificates = self._wallet.read().certificates
        chosen = next((each for each in certificates if each.thumbprint == thumbprint), None)
        if chosen is None:
            raise EngineError(Problem(ProblemCode.CERTIFICATE_MISSING))
        connection = replace(connection, certificate=chosen)
        self._restraint.chosen(connection)
        await self._decide(connection)

    async def enable(self, connection_id: UUID, *, on: bool) -> None:
        """Switch a connection on or off; raises EngineError when it has no certificate."""
        connection = self._known(connection_id)
        if on:
            connection = replace(connection, certificate=self.certificate(connection))
        await self._decide(replace(connection, enabled=on))

    def certificate(self, connection: RememberedConnection) -> Certificate:
        """The certificate to sign in with now, a renewed one included; raises EngineError."""
        choice = self._choice(connection, self._wallet.read().certificates)
        if choice.certificate is None:
            raise EngineError(choice.problem or undecided(choice, connection.certificate))
        return choice.certificate

    def identity(self, certificate: Certificate) -> Identity:
        """The way to use a certificate."""
        return self._wallet.identity(certificate)

    async def _decide(self, connection: RememberedConnection) -> None:
        self._memory.keep_connection(connection)
        self._tell(ConnectionsChanged())
        await self.report()

    async def report(self) -> None:
        """Tell the cloud what it does not know yet of what is so here, or later."""
        try:
            await self._report()
        except StorageError:
            raise
        except ProblemError as error:
            _log.warning("the cloud hears of this later: %s", error)

    async def _report(self) -> None:
        for connection in self._memory.connections():
            report = _report(connection, self._next_fetch_at(connection.view.id))
            if report != connection.reported:
                await self._cloud.report_connection(connection.view.id, report)
                self._keep_reported(connection.view.id, report)

    def _keep_reported(self, connection_id: UUID, report: ConnectionReport) -> None:
        self._memory.change_connection(connection_id, lambda known: replace(known, reported=report))

    def _next_fetch_at(self, connection_id: UUID) -> datetime | None:
        due = self._dues.of(connection_id)
        return due.at if due else None

    def _known(self, connection_id: UUID) -> RememberedConnection:
        connection = self._memory.connection(connection_id)
        if connection is None:
            raise EngineError(Problem(ProblemCode.CONNECTION_STOPPED))
        return connection

    def _choice(
        self, connection: RememberedConnection, certificates: Sequence[Certificate]
    ) -> Choice:
        return choose(
            certificates,
            issuers=self.institution(connection).issuers,
            now=self._clock(),
            user_id=connection.view.user_id or None,
            previous=connection.certificate,
        )

    def _state(
        self, connection: RememberedConnection, certificates: Sequence[Certificate]
    ) -> ConnectionState:
        view = connection.view
        fetches = self._memory.history(view.id, 50)
        succeeded = next((each for each in fetches if each.state is FetchState.DONE), None)
        try:
            institution = self.institution(connection)
            choice = self._choice(connection, certificates)
        except EngineError as error:
            institution, choice = None, Choice(None, error.problem, ())
        problem = choice.problem
        if not view.plan_allows:
            problem = Problem(ProblemCode.PLAN_REQUIRED)
        if problem is None and choice.certificate is None:
            problem = undecided(choice, connection.certificate)
        return ConnectionState(
            id=view.id,
            institution=view.institution,
            title=institution.title if institution else view.institution,
            sign_in=institution.sign_in if institution else "",
            trial=institution is not None and institution.trial is not None,
            enabled=connection.enabled,
            stopped=view.stopped,
            certificate=connection.certificate,
            proposed=choice.certificate,
            candidates=tuple(choice.candidates),
            problem=problem,
            last_fetch=next(iter(fetches), None),
            last_success_at=succeeded.ended_at if succeeded else None,
            next_fetch_at=self._next_fetch_at(view.id),
        )


def _report(connection: RememberedConnection, next_fetch_at: datetime | None) -> ConnectionReport:
    certificate = connection.certificate
    if certificate is None:
        return ConnectionReport(enabled=connection.enabled, certificate=None)
    shown = CertificateShown(
        thumbprint=certificate.thumbprint,
        user_id=certificate.user_id[:200],
        issuer=certificate.issuer[:2000],
        not_after=certificate.not_after,
    )
    return ConnectionReport(
        enabled=connection.enabled, certificate=shown, next_fetch_at=next_fetch_at
    )
