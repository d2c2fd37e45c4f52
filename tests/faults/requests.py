"""Where a request or a TLS record ends, and a request that is made once more beside the first."""

import asyncio
import re
import socket
from contextlib import suppress

_REQUEST = re.compile(rb"(GET|PUT|POST|DELETE) /")
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"
_PIECE = 65_536
_HEADER = 5
"""Bytes of a TLS record's header (RFC 8446, 5.1); the last two tell the length of the rest."""


def is_request(piece: bytes) -> bool:
    """Whether an HTTP request begins here."""
    return _REQUEST.match(piece) is not None


async def whole_request(source: socket.socket, begun: bytes) -> bytes:
    """A request with its body, read on from the source."""
    while (missing := _missing(begun)) != 0:
        more = await asyncio.get_running_loop().sock_recv(source, missing or _PIECE)
        if not more:
            break
        begun += more
    return begun


async def whole_record(source: socket.socket, begun: bytes) -> bytes:
    """A piece that begins with a TLS record, read on until that record is whole."""
    while len(begun) < _HEADER or len(begun) < _HEADER + int.from_bytes(begun[3:_HEADER]):
        more = await asyncio.get_running_loop().sock_recv(source, _PIECE)
        if not more:
            break
        begun += more
    return begun


async def twin_answer(place: tuple[str, int], request: bytes) -> None:
    """Make a request on a connection of its own, and wait until it is answered."""
    loop = asyncio.get_running_loop()
    with socket.socket() as twin, suppress(OSError):
        twin.setblocking(False)
        await loop.sock_connect(twin, place)
        await loop.sock_sendall(twin, request)
        answer = b""
        while _missing(answer) != 0 and (more := await loop.sock_recv(twin, _PIECE)):
            answer += more


def _missing(message: bytes) -> int | None:
    """How many bytes a message lacks; None while its head is not whole."""
    head, end, body = message.partition(_END)
    if not end:
        return None
    length = _LENGTH.search(head)
    return max(0, int(length[1]) - len(body)) if length else 0
