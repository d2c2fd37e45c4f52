"""Frames of a WebSocket (RFC 6455, 5) put together to messages."""

from dataclasses import dataclass, field

import pycurl

CONTROL = pycurl.WS_PING | pycurl.WS_PONG | pycurl.WS_CLOSE

TOO_LARGE = 1009
NOT_UNDERSTOOD = 1003
NOT_UTF8 = 1007


class FrameError(ValueError):
    """The other side sent what this program does not take; `code` is the close code to say."""

    def __init__(self, code: int) -> None:
        """Carry the close code (RFC 6455, 7.4.1)."""
        super().__init__(f"close code {code}")
        self.code = code


@dataclass(slots=True)
class Assembly:
    """The message that is arriving; `largest` bytes at most."""

    largest: int
    _bytes: bytearray = field(default_factory=bytearray)

    def add(self, piece: bytes, meta: pycurl.WsFrame) -> str | None:
        """Add a piece of a data frame and return the message when it is whole.

        Raises FrameError: too large, not text, not UTF-8.
        """
        if meta.flags & pycurl.WS_BINARY:
            raise FrameError(NOT_UNDERSTOOD)
        if len(self._bytes) + len(piece) + meta.bytesleft > self.largest:
            raise FrameError(TOO_LARGE)
        self._bytes += piece
        if meta.bytesleft or meta.flags & pycurl.WS_CONT:
            return None
        whole = bytes(self._bytes)
        self._bytes.clear()
        try:
            return whole.decode()
        except UnicodeDecodeError:
            raise FrameError(NOT_UTF8) from None
