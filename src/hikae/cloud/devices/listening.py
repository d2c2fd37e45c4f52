"""Hearing wake-ups from other processes: PostgreSQL's LISTEN, on the loop of the links."""

import asyncio
import logging

import psycopg
from django.db import connection

from hikae.cloud.devices.switchboard import CHANNEL, heard

AGAIN = 5.0
"""Seconds until a lost connection is tried again; meanwhile links look by themselves."""

_log = logging.getLogger("hikae.link")


async def listen() -> None:
    """Pass wake-ups on until cancelled; does nothing where one process is all there is."""
    while connection.vendor == "postgresql":
        try:
            await _listen_once()
        except psycopg.Error as error:
            _log.warning("wake-ups are interrupted: %s", type(error).__name__)
        await asyncio.sleep(AGAIN)


async def _listen_once() -> None:
    parameters = connection.get_connection_params()
    where = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if name in parameters
    }
    async with await psycopg.AsyncConnection.connect(**where, autocommit=True) as line:
        await line.execute(f"LISTEN {CHANNEL}")
        async for notice in line.notifies():
            heard(notice.payload)
