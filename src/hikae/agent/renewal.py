"""Giving the device new keys, so that whoever has seen the old ones has nothing.

The new keys are kept before the cloud is asked. Interrupted anywhere, the same renewal is asked
for again: whichever key the cloud believes says how far it had come.
"""

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import msgspec

from hikae.agent import keys
from hikae.agent.cloud import Cloud, CloudError
from hikae.agent.enrolment import OpenCloud, base64url, require_same
from hikae.agent.keys import DeviceKeys
from hikae.agent.memory import EnrolledDevice, Memory, RememberedConnection
from hikae.agent.safe import Safe
from hikae.agent.unsealing import Unsealer
from hikae.killpoint import killpoint
from hikae.link.messages import ConnectionView, DeviceState, NewKeys, ResealedLogin
from hikae.link.sealing import SealError
from hikae.link.vouching import vouch_for_keys

_log = logging.getLogger(__name__)


async def renew(
    device: EnrolledDevice, *, memory: Memory, safe: Safe, open_cloud: OpenCloud
) -> tuple[DeviceKeys, DeviceState]:
    """Renew the keys of a confirmed device, or finish what was begun; raises ProblemError."""
    own = keys.recall(safe, device.id)
    new = keys.recall_next(safe, device.id)
    begun = new is not None
    if new is None:
        new = DeviceKeys.make()
        keys.keep_next(safe, device.id, new)
        killpoint("keys.kept")
    views = [connection.view for connection in memory.connections()]
    resealed = _resealed(device, views, own, new)
    message = NewKeys(
        signing=base64url(new.signing_public),
        sealing=base64url(new.sealing_public),
        vouched=vouch_for_keys(
            new.signing,
            sealing=new.sealing_public,
            before=own.signing_public,
            device=device.id,
            origin=device.origin,
        ),
        logins=resealed,
    )
    proving = (new, own) if begun else (own,)
    state = await _ask(message, [open_cloud(device.origin, device.id, each) for each in proving])
    require_same(device.state, state)
    killpoint("keys.taken")
    for login in resealed:
        memory.change_connection(login.connection, partial(_with_login, login))
    keys.take_over(safe, device.id)
    return new, state


async def _ask(message: NewKeys, clouds: Sequence[Cloud]) -> DeviceState:
    """Ask as the first that the cloud believes; raises ProblemError."""
    try:
        *first, last = clouds
        for cloud in first:
            try:
                return await cloud.renew_keys(message)
            except CloudError as error:
                if error.problem.details.get("part") != "signature":
                    raise
                _log.info("the cloud has not taken the new keys yet")
        return await last.renew_keys(message)
    finally:
        for cloud in clouds:
            await cloud.close()


def _resealed(
    device: EnrolledDevice, views: Sequence[ConnectionView], own: DeviceKeys, new: DeviceKeys
) -> tuple[ResealedLogin, ...]:
    """Every login that one of the keys opens, sealed to the new one."""
    organisation = device.state.organisation_id if device.state else device.id
    logins = []
    for view in views:
        for holding in (own, new):
            try:
                sealed = Unsealer(organisation, device.id, holding).resealed(view, new)
            except SealError:
                continue
            if sealed is not None:
                logins.append(ResealedLogin(view.id, view.login_version, sealed))
            break
    return tuple(logins)


def _with_login(login: ResealedLogin, known: RememberedConnection) -> RememberedConnection:
    if known.view.login_version != login.version:
        return known
    return replace(known, view=msgspec.structs.replace(known.view, login=login.sealed))
