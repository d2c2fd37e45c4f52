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
    ) -> None:
        """`released` is told when the cloud has released this PC, and why."""
        self._memory = memory
        self._unsealer = unsealer
        self._roster = roster
        self._fetches = fetches
        self._challenges = challenges
        self._released = released
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
                if self._memory.connection(command.connection) is None:
                    await self._roster.refresh()
                self._fetches.queue(command.connection, Trigger.CLOUD, command.fetch)
            case CancelFetch():
                self._fetches.cancel(command.fetch)
            case SealedAnswer():
                self._answer(command)
            case Refresh():
                await self._roster.refresh()
            case Pause():
                words = command.words if command.on else None
                self._fetches.pause(command.institution or "", words)
            case Release():
                details = {"by": command.by, "owner": command.owner}
                self._released(Problem(ProblemCode.DEVICE_RELEASED, details))
            case Version():
                _log.info("the cloud knows agent %s", command.agent)

    def _answer(self, command: SealedAnswer) -> None:
        try:
            answer = self._unsealer.answer(command)
            self._challenges.answer(command.challenge, answer)
        except ProblemError as error:
            # Too late, or not meant for this question: the page sees that nobody took it.
            _log.warning(
                "answer to challenge of fetch %s not taken: %s", command.fetch, type(error).__name__
            )
