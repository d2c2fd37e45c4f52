"""What was sealed to this PC, opened with its own key: login information and answers."""

from uuid import UUID

from hikae.agent.engine import EngineError
from hikae.agent.keys import DeviceKeys
from hikae.link.messages import ConnectionView, SealedAnswer
from hikae.link.sealing import (
    AnswerContext,
    LoginContext,
    SealError,
    seal_login,
    unseal,
    unseal_login,
)
from hikae.model.challenge import Answer
from hikae.model.problems import Problem, ProblemCode
from hikae.model.secret import Secret


class Unsealer:
    """Opens what is meant for one device of one organisation."""

    def __init__(self, organisation: UUID, device: UUID, keys: DeviceKeys) -> None:
        """Open with `keys` what was sealed to `device`."""
        self._organisation = organisation
        self._holder = str(device)
        self._keys = keys

    def login(self, view: ConnectionView) -> dict[str, Secret]:
        """Login information by field; raises SealError, EngineError while none is there."""
        if view.login is None:
            raise EngineError(Problem(ProblemCode.REGISTRATION_REQUIRED, {"part": "login"}))
        return unseal_login(view.login, self._keys.sealing, self._context(view))

    def open_with(self, keys: DeviceKeys) -> None:
        """From now on open with other keys."""
        self._keys = keys

    def resealed(self, view: ConnectionView, new: DeviceKeys) -> str | None:
        """Login information sealed to other keys of this device, if there is any.

        Raises SealError.
        """
        if view.login is None:
            return None
        return seal_login(self.login(view), new.sealing_public, self._context(view))

    def answer(self, command: SealedAnswer) -> Answer:
        """A person's answer; raises SealError."""
        context = AnswerContext(
            organisation=self._organisation,
            connection=command.connection,
            holder=self._holder,
            fetch=command.fetch,
            challenge=command.challenge,
        )
        plain = unseal(command.sealed, self._keys.sealing, context)
        try:
            return Answer(Secret(plain.decode()))
        except UnicodeDecodeError:
            raise SealError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "sealed"})) from None

    def _context(self, view: ConnectionView) -> LoginContext:
        return LoginContext(
            organisation=self._organisation,
            connection=view.id,
            institution=view.institution,
            holder=self._holder,
            version=view.login_version,
        )
