"""What the journal says, one line of JSON each."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import Struct


class Ended(Struct, frozen=True, tag="ended", tag_field="what"):
    """A PC's enrolment has ended.

    by: who ended it. owner: who owns the organisation now, where that is the reason.
    """

    device: UUID
    at: datetime
    by: str = ""
    owner: str = ""


class Renewed(Struct, frozen=True, tag="renewed", tag_field="what"):
    """A PC has new keys; `before` is no longer its signing key. Raw public keys."""

    device: UUID
    at: datetime
    before: bytes
    signing: bytes
    sealing: bytes


Entry = Ended | Renewed

_DECODER: msgspec.json.Decoder[Entry] = msgspec.json.Decoder(Entry)


def write(entry: Entry) -> bytes:
    """One line, without its end."""
    return msgspec.json.encode(entry)


def read(line: bytes) -> Entry | None:
    """What a line says; None for one that was torn by a power cut."""
    try:
        return _DECODER.decode(line)
    except msgspec.MsgspecError:
        return None
