"""Why a server hung up right after the TLS handshake.

In TLS 1.3 a client has finished before the server looks at its certificate (RFC 8446, 4.4.2.4).
A request that is already on its way then meets a closed connection, and the alert that says why
is lost. So the handshake is made once more, nothing is sent after it, and the alert is read.
"""

import select
from time import monotonic

import pycurl

from hikae.transport.errors import Failure
from hikae.transport.handle import failure_of

PATIENCE = 2.0
"""Seconds to wait for the alert; a server that let us in says nothing."""

HUNG_UP = frozenset({pycurl.E_GOT_NOTHING, pycurl.E_SEND_ERROR, pycurl.E_RECV_ERROR})


def may_be_refusal(failure: Failure) -> bool:
    """Whether a server may have hung up because of our certificate without our hearing it."""
    return failure.number in HUNG_UP and failure.secured and not failure.reused


def ask_again(handle: pycurl.Curl, url: str) -> Failure | None:
    """Return what the server says to a handshake alone; None when it lets us in.

    handle: a fresh one that is ready but for what is sent.
    """
    handle.setopt(pycurl.URL, url)
    handle.setopt(pycurl.CONNECT_ONLY, 1)
    try:
        handle.perform()
        listen(handle)
    except pycurl.error as error:
        return failure_of(handle, error)
    return None


def listen(handle: pycurl.Curl) -> None:
    """Read until the server says something of its own; an alert raises pycurl.error."""
    connection = handle.getinfo(pycurl.ACTIVESOCKET)
    until = monotonic() + PATIENCE
    while (patience := until - monotonic()) > 0:
        if not select.select([connection], [], [], patience)[0]:
            return
        try:
            handle.recv(1)
        except BlockingIOError:
            continue  # part of a record, or a session ticket
        else:
            return
