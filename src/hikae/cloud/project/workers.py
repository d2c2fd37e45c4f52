"""Threads that answer requests: Django's WSGI application behind an ASGI server.

Each thread keeps its connection with the database from one request to the next, which costs more
to open than most answers take. A request comes to a thread when all of its body is there, so a
slow sender holds none; an answer goes out as it is made, as fast as it is taken.
"""

import asyncio
import contextvars
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

from hikae.cloud.agent_api.raw import Scope, Send

Event = dict[str, Any]
Environ = dict[str, Any]

Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
"""An application of PEP 3333."""

THREADS = 16
"""Requests that are answered at the same time; others wait for their turn."""

_PIECE = 65_536
"""Bytes of an answer that go out together."""

_PATIENCE = 60.0
"""Seconds after which somebody who takes nothing of an answer gets no more of it."""

_PLAIN_HEADERS = {"CONTENT_TYPE", "CONTENT_LENGTH"}


class Workers:
    """The threads of one process."""

    def __init__(self, application: Wsgi, threads: int = THREADS) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="worker")

    async def answer(self, scope: Scope, body: IO[bytes], send: Send) -> None:
        """Have a request answered whose body is all there."""
        loop = asyncio.get_running_loop()

        def push(event: Event) -> None:
            asyncio.run_coroutine_threadsafe(_sent(send, event), loop).result(_PATIENCE)

        # A context of its own: nothing that one request sets is there for the next.
        work = partial(contextvars.Context().run, self._work, environ(scope, body), push)
        for event in await loop.run_in_executor(self._threads, work):
            await send(event)

    def close(self) -> None:
        """Let the threads end."""
        self._threads.shutdown()

    def _work(self, environ: Environ, push: Callable[[Event], None]) -> list[Event]:
        """Answer on this thread; returns what has not been pushed yet."""
        answer = _Answer(push)
        chunks = self._application(environ, answer.start)
        try:
            for chunk in chunks:
                answer.add(chunk)
        finally:
            close = getattr(chunks, "close", None)
            if close is not None:
                close()
        return answer.rest()


class _Answer:
    """Events of an answer, together until they fill a piece."""

    def __init__(self, push: Callable[[Event], None]) -> None:
        self._push = push
        self._head: list[Event] = []
        self._piece = bytearray()

    def start(self, status: str, headers: list[tuple[str, str]], _: object = None) -> None:
        """Status line and headers, as the application gives them."""
        # Django gives the texts of cookies with a space before them.
        pairs = [(name.lower().encode(), text.strip().encode("latin-1")) for name, text in headers]
        code = int(status.partition(" ")[0])
        self._head = [{"type": "http.response.start", "status": code, "headers": pairs}]

    def add(self, chunk: bytes) -> None:
        """More of the body."""
        self._piece += chunk
        if len(self._piece) > _PIECE:
            for event in (*self._head, _body(bytes(self._piece), more=True)):
                self._push(event)
            self._head = []
            self._piece.clear()

    def rest(self) -> list[Event]:
        """What is left."""
        return [*self._head, _body(bytes(self._piece), more=False)]


def _body(content: bytes, *, more: bool) -> Event:
    return {"type": "http.response.body", "body": content, "more_body": more}


async def _sent(send: Send, event: Event) -> None:
    await send(event)


def environ(scope: Scope, body: IO[bytes]) -> Environ:
    """A request as WSGI has it (PEP 3333); `body` is read from its beginning."""
    size = body.seek(0, 2)
    body.seek(0)
    server, client = scope.get("server") or ("", None), scope.get("client") or ("", None)
    return {
        **_headers(scope),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "CONTENT_LENGTH": str(size),
        "REMOTE_ADDR": client[0],
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _headers(scope: Scope) -> Environ:
    """Headers by their names in WSGI; those that come twice are joined (RFC 9110, 5.3)."""
    found: dict[str, str] = {}
    for raw_name, raw_text in scope["headers"]:
        name, text = raw_name.decode("latin-1"), raw_text.decode("latin-1")
        # With an underscore a name would pass for another one, which a proxy may have vouched for.
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in _PLAIN_HEADERS else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{between}{text}" if key in found else text
    return dict(found)
