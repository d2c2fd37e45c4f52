"""How this PC becomes a device of a cloud, and how it ceases to be one."""

import asyncio
import base64
import logging
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from hikae import __version__
from hikae.agent import keys
from hikae.agent.cloud import Cloud, RejectedError, ReleasedError
from hikae.agent.engine import EngineError
from hikae.agent.keys import DeviceKeys
from hikae.agent.leaving import Leaving
from hikae.agent.memory import EnrolledDevice, Memory
from hikae.agent.safe import Safe, SafeError
from hikae.killpoint import killpoint
from hikae.link.authkey import AuthKey
from hikae.link.messages import PROTOCOL, DeviceState, Enrol
from hikae.model.problems import Problem, ProblemCode, ProblemError

_log = logging.getLogger(__name__)

_ASK_AGAIN = 1.0  # seconds between looks at whether the person has confirmed

OpenCloud = Callable[[str, UUID, DeviceKeys], Cloud]
"""Makes a Cloud for an origin and a device."""


async def enrol(
    key: AuthKey, *, memory: Memory, safe: Safe, open_cloud: OpenCloud, new_id: Callable[[], UUID]
) -> DeviceState:
    """Make keys, keep them, introduce this PC; raises ProblemError.

    A repeated call after a lost answer uses the same device, so that the key is not used up.
    """
    device = memory.device()
    if device is not None and device.confirmed:
        name = device.state.organisation if device.state else ""
        raise EngineError(Problem(ProblemCode.DEVICE_EXISTS, details={"name": name}))
    if device is None or device.origin != key.origin:
        if device is not None:
            keys.forget(safe, device.id)
        device = EnrolledDevice(new_id(), key.origin, None, confirmed=False, commands_done=0)
        keys.keep(safe, device.id, DeviceKeys.make())
        memory.keep_device(device)
    own = keys.recall(safe, device.id)
    cloud = open_cloud(device.origin, device.id, own)
    try:
        state = await cloud.enrol(_introduction(key, device.id, own))
    except (RejectedError, ReleasedError):
        _forget(memory, safe, device.id)
        raise
    finally:
        await cloud.close()
    killpoint("enrolment.introduced")
    if (state.device, state.fingerprint) != (device.id, own.fingerprint):
        _forget(memory, safe, device.id)
        details = {"part": "fingerprint"}
        raise EngineError(Problem(ProblemCode.CLOUD_REJECTED, details=details))
    memory.keep_device(replace(device, state=state))
    return state


async def confirmed_there(cloud: Cloud, enrolled: DeviceState | None) -> DeviceState:
    """Wait until the person who issued the key has decided; the state then (not pending).

    enrolled: what the person at this PC has agreed to.
    """
    while True:
        try:
            state = await cloud.device()
            require_same(enrolled, state)
        except ReleasedError:
            raise
        except ProblemError as error:
            _log.info("cannot ask whether this PC is confirmed: %s", error)
        else:
            if state.state != "pending":
                return state
        await asyncio.sleep(_ASK_AGAIN)


def require_same(enrolled: DeviceState | None, said: DeviceState) -> None:
    """Raise EngineError where a cloud speaks of another device, or of another organisation's.

    What is sealed to this PC is bound to its organisation.
    """
    if enrolled is None:
        return
    if (said.device, said.organisation_id) != (enrolled.device, enrolled.organisation_id):
        raise EngineError(Problem(ProblemCode.CLOUD_REJECTED, {"part": "device"}))


def release(memory: Memory, safe: Safe, leaving: Leaving) -> None:
    """Sign a farewell that the cloud hears when it can be reached, then forget keys and data."""
    device = memory.device()
    if device is None:
        return
    try:
        leaving.sign(device.id, device.origin, keys.recall(safe, device.id))
    except SafeError as error:
        _log.warning("the cloud cannot be told: %s", error)
    killpoint("leaving.signed")
    _forget(memory, safe, device.id)


def forget_released(memory: Memory, safe: Safe, leaving: Leaving, problem: Problem) -> None:
    """The cloud has ended this device: keep nothing but why."""
    device = memory.device()
    if device is None:
        return
    leaving.ended_there(problem)
    _forget(memory, safe, device.id)


def _forget(memory: Memory, safe: Safe, device: UUID) -> None:
    memory.erase()
    keys.forget(safe, device)


def _introduction(key: AuthKey, device: UUID, own: DeviceKeys) -> Enrol:
    return Enrol(
        device=device,
        key=key.text(),
        signing=base64url(own.signing_public),
        sealing=base64url(own.sealing_public),
        name=platform.node()[:200] or "PC",
        system=_system(),
        agent=__version__,
        protocol=PROTOCOL,
    )


def _system() -> str:
    if sys.platform == "win32":
        return f"Windows {platform.release()}"
    return f"{platform.system()} {platform.release()}"[:200]


def base64url(raw: bytes) -> str:
    """A public key as messages carry it."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
