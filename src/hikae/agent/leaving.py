"""What stays of a device that has left: its farewell until the cloud hears it, and why it ended.

The farewell is signed before the keys are erased and proves itself, so that a PC that is released
without a network need keep no key to say so later.
"""

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from uuid import UUID

import msgspec
from msgspec import Struct

from hikae.agent.cloud import BASE, RejectedError, refusal
from hikae.agent.keys import DeviceKeys
from hikae.link.messages import Farewell, encode
from hikae.link.vouching import sign_farewell
from hikae.model.problems import Problem, ProblemCode, ProblemError
from hikae.transport.exchange import Request, Transport

_log = logging.getLogger(__name__)

_FIRST_PAUSE = 5.0
_LONGEST_PAUSE = 300.0
_TAKEN = 204


class LeavingError(ProblemError):
    """What stays could not be written down: disk_full."""


class _Untold(Struct, frozen=True):
    """A farewell, and the cloud for which it was signed."""

    origin: str
    farewell: Farewell


class _Kept(Struct, frozen=True):
    """What the file holds."""

    untold: tuple[_Untold, ...] = ()
    ended: Problem | None = None


@dataclass(frozen=True, slots=True)
class Leaving:
    """A file of the profile. dial: opens a way to the cloud at an origin."""

    path: Path
    dial: Callable[[str], Transport]

    @property
    def untold(self) -> int:
        """How many clouds have not heard yet that this PC has left."""
        return len(self._read().untold)

    @property
    def ended(self) -> Problem | None:
        """Why the cloud ended the last enrolment; None where it did not, or there is a new one."""
        return self._read().ended

    def sign(self, device: UUID, origin: str, own: DeviceKeys) -> None:
        """Sign the farewell of a device and keep it; raises LeavingError."""
        farewell = Farewell(device, sign_farewell(own.signing, device, origin))
        kept = self._read()
        self._write(_Kept((*kept.untold, _Untold(origin, farewell)), None))

    def ended_there(self, problem: Problem | None) -> None:
        """The cloud has ended the enrolment; None: there is a new one. Raises LeavingError."""
        if problem != self.ended:
            self._write(msgspec.structs.replace(self._read(), ended=problem))

    async def tell(self) -> bool:
        """Tell every cloud that has not heard; whether all have now."""
        for each in self._read().untold:
            try:
                await self._tell(each)
            except RejectedError as error:
                _log.warning("the cloud does not know of the PC that has left: %s", error)
            except ProblemError as error:
                _log.info("the cloud hears later that this PC has left: %s", error)
                continue
            kept = self._read()
            left = tuple(other for other in kept.untold if other != each)
            self._write(msgspec.structs.replace(kept, untold=left))
        return not self.untold

    async def tell_until_heard(self, random: Random) -> None:
        """The same, later and later, until all have heard."""
        pause = _FIRST_PAUSE
        while not await self.tell():
            await asyncio.sleep(pause * (0.5 + random.random()))
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _tell(self, untold: _Untold) -> None:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        address = f"{untold.origin}{BASE}/farewell"
        transport = self.dial(untold.origin)
        try:
            message = encode(untold.farewell)
            response = await transport.send(Request("POST", address, headers, message))
        finally:
            await transport.close()
        if response.status != _TAKEN:
            raise refusal(response.status, response.body)

    def _read(self) -> _Kept:
        try:
            return msgspec.json.decode(self.path.read_bytes(), type=_Kept)
        except FileNotFoundError:
            return _Kept()
        except (OSError, msgspec.MsgspecError) as error:
            _log.error("what a released PC had left to say is unreadable: %s", type(error).__name__)
            return _Kept()

    def _write(self, kept: _Kept) -> None:
        draft = self.path.with_suffix(".new")
        try:
            with draft.open("wb") as file:
                file.write(msgspec.json.encode(kept))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            problem = Problem(ProblemCode.DISK_FULL, details={"folder": str(self.path.parent)})
            raise LeavingError(problem) from error
