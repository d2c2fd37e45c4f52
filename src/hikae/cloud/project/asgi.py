"""Pages, requests of agents and the link, in one ASGI application.

`hikae.cloud.project.asgi:application` is what uvicorn serves.
"""

import asyncio
import gc
import logging
import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO

from django.core.exceptions import RequestDataTooBig
from django.core.wsgi import get_wsgi_application
from django.db import Error

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hikae.cloud.project.settings")
pages = get_wsgi_application()

from hikae.cloud.agent_api.boundary import refuse  # noqa: E402
from hikae.cloud.agent_api.link import PATH, Links  # noqa: E402
from hikae.cloud.agent_api.raw import Receive, Scope, Send, respond  # noqa: E402
from hikae.cloud.devices.correcting import correct_all  # noqa: E402
from hikae.cloud.devices.endings import JournalError  # noqa: E402
from hikae.cloud.devices.listening import listen  # noqa: E402
from hikae.cloud.project.housekeeping import sweep  # noqa: E402
from hikae.cloud.project.workers import Workers  # noqa: E402
from hikae.cloud.statements.imports.files import LARGEST  # noqa: E402
from hikae.cloud.statements.imports.uploads import UPLOAD  # noqa: E402
from hikae.model.clock import system_clock  # noqa: E402

LARGEST_BODY = 2_097_152
"""Bytes of a request's body."""

LARGEST_UPLOAD = 2 * LARGEST
"""The same where a file is brought; one that is too large still gets an answer from the page."""

KEPT_IN_MEMORY = LARGEST_BODY
"""Bytes of a body from which on it is on the disk until it is answered."""

SWEEP = 3600.0
"""Seconds between two sweeps."""

_log = logging.getLogger("hikae.cloud")


class Application:
    """What the server calls for each connection."""

    def __init__(self) -> None:
        self.links = Links()
        self.workers = Workers(pages)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand the connection to whom it is for."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket" and scope["path"] == PATH:
            await self.links(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let Django answer, but hang up on a body that grows too large before it is kept."""
        largest = LARGEST_UPLOAD if scope["path"] == UPLOAD else LARGEST_BODY
        with tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY) as body:
            if await _read(receive, body, largest):
                await self.workers.answer(scope, body, send)
            else:
                await respond(refuse(RequestDataTooBig()), send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            await self.links.run(correct_all, system_clock())
        except JournalError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        # What is loaded by now stays; whoever looks for garbage need not go through it each time.
        gc.freeze()
        async with self._background():
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await self.links.close()
        self.workers.close()
        await send({"type": "lifespan.shutdown.complete"})

    @asynccontextmanager
    async def _background(self) -> AsyncIterator[None]:
        works = (listen(), self.links.watch(), self._sweep())
        tasks = [asyncio.create_task(work) for work in works]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _sweep(self) -> None:
        while True:
            try:
                await self.links.run(sweep, system_clock())
            except Error as error:
                _log.warning("sweeping failed: %s", type(error).__name__)
            await asyncio.sleep(SWEEP)


async def _read(receive: Receive, body: IO[bytes], largest: int) -> bool:
    """Keep a request's body; False as soon as it grows too large, or when its sender has left."""
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return False
        body.write(event.get("body", b""))
        if body.tell() > largest:
            return False
        more = event.get("more_body", False)
    return True


application = Application()
