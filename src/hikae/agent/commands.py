"""What the cloud may ask of this PC, and what the PC does about it: a closed list."""

import logging
from collections.abc import Callable

from hikae.agent.challenges import Challenges
from hikae.agent.fetches import Fetches
from hikae.agent.memory import Memory
from hikae.agent.roster import Roster
from hikae.agent.unsealing import Unsealer
from hikae.killpoint import killpoint
from hikae.link.messages import (
    AnyCommand,
    CancelFetch,
    Pause,
    Refresh,
    Release,
    RunFetch,
    SealedAnswer,
    Version,
)
from hikae.link.sealing import SealError
from hikae.model.fetch import Trigger
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)


class CommandHandler:
    """Carries out commands in their order, each once."""

    def __init__(
        self,
        *,
        memory: Memory,
        unsealer: Unsealer,
        roster: Roster,
        fetches: Fetches,
        challenges: Challenges,
        released: Callable[[Problem], None],
        institution_known: Callable[[str], bool],
        refuse: Callable[[str], None],
    ) -> None:
        """`released` is told when the cloud has released this PC, and why.

        `refuse` hears of what is listed but means nothing here.
        """
        self._memory = memory
        self._unsealer = unsealer
        self._roster = roster
        self._fetches = fetches
        self._challenges = challenges
        self._released = released
        self._institution_known = institution_known
        self._refuse = refuse
        device = memory.device()
        self._done = device.commands_done if device else 0

    def done(self) -> int:
        """Number of the last command that is kept."""
        return self._done

    async def handle(self, command: AnyCommand) -> None:
        """Carry out a command that is new; kept when this returns."""
        if command.seq <= self._done:
            return
        await self._carry_out(command)
        killpoint("commands.carried_out")
        self._done = command.seq
        self._memory.commands_done(command.seq)

    async def _carry_out(self, command: AnyCommand) -> None:
        match command:
            case RunFetch():
                await self._run(command)
            case CancelFetch():
                self._fetches.cancel(command.fetch)
            case SealedAnswer():
                self._answer(command)
            case Refresh():
                await self._roster.refresh()
            case Pause():
                self._pause(command)
            case Release():
                details = {"by": command.by, "owner": command.owner}
                self._released(Problem(ProblemCode.DEVICE_RELEASED, details))
            case Version():
                _log.info("the cloud knows agent %s", command.agent)

    async def _run(self, command: RunFetch) -> None:
        if self._memory.connection(command.connection) is None:
            await self._roster.refresh()
        if self._memory.connection(command.connection) is None:
            # Deleted since, or made up: there is nothing to fetch and nobody to tell.
            _log.info("fetch %s is of a connection that this PC does not serve", command.fetch)
            return
        self._fetches.queue(command.connection, Trigger.CLOUD, command.fetch)

    def _pause(self, command: Pause) -> None:
        institution = command.institution or ""
        if institution and not self._institution_known(institution):
            self._refuse("institution")
            return
        self._fetches.pause(institution, command.words if command.on else None)

    def _answer(self, command: SealedAnswer) -> None:
        try:
            answer = self._unsealer.answer(command)
            self._challenges.answer(command.challenge, answer)
        except SealError:
            self._refuse("sealed")
        except ProblemError as error:
            # Too late, or not meant for this question: the page sees that nobody took it.
            _log.warning(
                "answer to challenge of fetch %s not taken: %s", command.fetch, type(error).__name__
            )
