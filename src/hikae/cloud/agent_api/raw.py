"""ASGI by hand: what a connection is made of, and an answer where Django is not asked."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from django.http import HttpResponse

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


async def respond(response: HttpResponse, send: Send, kind: str = "http.response") -> None:
    """Send a whole response; kind: `http.response`, or `websocket.http.response` to an upgrade."""
    headers = [(b"content-type", b"application/json")]
    start = {"type": f"{kind}.start", "status": response.status_code, "headers": headers}
    await send(start)
    await send({"type": f"{kind}.body", "body": response.content})
