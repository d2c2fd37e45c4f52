"""The WebSocket of a link as uvicorn keeps it, without what only its handshake needs."""

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class LeanWebSocket(WebSocketsSansIOProtocol):
    """Thousands are open and idle; request, response and their headers are a quarter of each."""

    async def send(self, message: ASGISendEvent) -> None:
        """Send, and forget the handshake once it is over."""
        await super().send(message)
        if message["type"] == "websocket.accept":
            del self.request, self.response
            self.scope["headers"] = []
