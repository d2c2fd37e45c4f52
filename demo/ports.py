"""Ports that stay free for a program while it is stopped and started again.

A port that the system hands out belongs to those it gives to outgoing connections too: while its
program is stopped, one of them may take it. These lie below the ranges of all systems.
"""

import os
import socket
from collections.abc import Iterator
from itertools import count

_FIRST, _LAST = 15_000, 32_000
_STEP = 37
"""How far apart processes begin: those that run side by side have numbers close together."""

_next = count(os.getpid() * _STEP)


def lasting_ports(number: int) -> list[int]:
    """So many ports that nobody uses."""
    found = _free()
    return [next(found) for _ in range(number)]


def _free() -> Iterator[int]:
    for place in _next:
        port = _FIRST + place % (_LAST - _FIRST)
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
            except OSError:
                continue
        yield port
