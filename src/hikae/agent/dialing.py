"""How this PC's connections to the outside are opened: its proxy, its limits, its trust."""

import logging
import os
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from hikae.agent.cloud import Cloud
from hikae.agent.keys import DeviceKeys
from hikae.agent.safe import Safe
from hikae.agent.settings import ProxySettings, Settings
from hikae.agent.surroundings import CLOUD_LIMITS, Surroundings
from hikae.catalogue.institution import Institution
from hikae.model.certificate import Identity
from hikae.transport.curl import CurlTransport, open_transport
from hikae.transport.errors import Target
from hikae.transport.exchange import Hosts, Limits, Transport
from hikae.transport.lanes import Lanes
from hikae.transport.proxy import NO_PROXY, ManualProxy, Proxy, ProxyKind, SystemProxy
from hikae.transport.websocket import WebSocket, open_websocket

_log = logging.getLogger("hikae.transport")

PROXY_PASSWORD = "proxy"  # noqa: S105 - the secret's name in the safe
LANES = 3
"""Requests to the cloud at the same time: while it keeps a part, the next is on its way."""

LONGEST_MESSAGE = 32 * 1024
"""Bytes of one message over the link; the longest that is listed needs two thirds of it."""


def proxy(settings: ProxySettings, safe: Safe) -> Proxy:
    """The proxy as it is set; raises SafeError when its password cannot be read."""
    match settings.kind:
        case "none":
            return NO_PROXY
        case "manual":
            return ManualProxy(
                kind=ProxyKind(settings.scheme),
                host=settings.host,
                port=settings.port,
                user=settings.user,
                password=safe.get(PROXY_PASSWORD) if settings.user else None,
            )
        case _:
            return SystemProxy(os.environ)


def cloud_hosts(origin: str) -> Hosts:
    """The cloud and nothing else."""
    parts = urlsplit(origin)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return Hosts(frozenset({f"{host}:{port}"}))


def dial_cloud(
    origin: str, settings: Settings, safe: Safe, limits: Limits = CLOUD_LIMITS
) -> Transport:
    """A session with the cloud, in which LANES requests may be on their way at once."""
    way, hosts = proxy(settings.proxy, safe), cloud_hosts(origin)
    return Lanes(
        [open_transport(hosts, way, None, limits, target=Target.CLOUD) for _ in range(LANES)]
    )


def dial_bank(
    institution: Institution, identity: Identity, given: Surroundings, fetch: UUID
) -> CurlTransport:
    """A session with a bank's hosts, with the certificate; its log lines carry the fetch's id."""
    ca = institution.trial.ca if institution.trial else None
    hosts = Hosts(frozenset(institution.hosts), ca)
    log = logging.LoggerAdapter(_log, {"fetch": str(fetch)})
    way = proxy(given.settings.proxy, given.safe)
    return open_transport(hosts, way, identity, given.bank_limits, log=log)


def cloud_as(given: Surroundings, origin: str, device: UUID, own: DeviceKeys) -> Cloud:
    """A session with the cloud in which `device` proves itself by these keys."""
    return Cloud(
        origin=origin,
        device=device,
        key=own.signing,
        transport=dial_cloud(origin, given.settings, given.safe, given.cloud_limits),
        clock=given.clock,
        on_offset=lambda _: None,
    )


async def dial_link(
    origin: str, path: str, headers: Mapping[str, str], given: Surroundings
) -> WebSocket:
    """The link to the cloud; raises TransportError."""
    return await open_websocket(
        "ws" + origin.removeprefix("http") + path,
        headers,
        proxy(given.settings.proxy, given.safe),
        replace(given.cloud_limits, body=LONGEST_MESSAGE),
        cloud_hosts(origin),
        keepalive=given.settings.keepalive,
    )
