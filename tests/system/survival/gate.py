"""A gate in front of a cloud, as a firm's network may be: open, without WebSockets, or shut."""

import socket
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

_HEAD = 65_536
_REFUSED = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Gate(ThreadingTCPServer):
    """Passes bytes to and fro between its own port and the cloud's, as far as it is open.

    behind: the cloud's port. is_open: whether anybody is let through. upgrades: whether a
    WebSocket is.
    """

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        self.behind = 0
        self.is_open = True
        self.upgrades = True
        self._passing: set[socket.socket] = set()
        super().__init__(("127.0.0.1", 0), _Passage)
        self._thread = Thread(target=self.serve_forever, args=(0.05,), name="gate")
        self._thread.start()

    @property
    def origin(self) -> str:
        """The address of whatever is behind the gate."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def cut(self) -> None:
        """End every connection that passes now."""
        for passing in list(self._passing):
            with suppress(OSError):
                passing.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Close for good."""
        self.shutdown()
        self._thread.join()
        self.server_close()
        self.cut()

    def remember(self, *passing: socket.socket) -> None:
        """These connections pass."""
        self._passing.update(passing)

    def forget(self, *passing: socket.socket) -> None:
        """These no longer do."""
        self._passing.difference_update(passing)


class _Passage(BaseRequestHandler):
    server: Gate
    request: socket.socket

    def handle(self) -> None:
        head = self._head()
        if not head or not self.server.is_open:
            return
        if b"upgrade: websocket" in head.lower() and not self.server.upgrades:
            self.request.sendall(_REFUSED)
            return
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.server.behind)) as far:
            far.sendall(head)
            self._pass(far)

    def _head(self) -> bytes:
        """The beginning of the first request, with all of its headers."""
        head = b""
        while b"\r\n\r\n" not in head and len(head) < _HEAD:
            more = self.request.recv(_HEAD)
            if not more:
                return b""
            head += more
        return head

    def _pass(self, far: socket.socket) -> None:
        self.server.remember(self.request, far)
        back = Thread(target=_pump, args=(far, self.request), daemon=True)
        back.start()
        _pump(self.request, far)
        back.join()
        self.server.forget(self.request, far)


def _pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_HEAD):
            target.sendall(data)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
