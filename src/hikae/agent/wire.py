"""How one engine's methods and events travel between two processes of this PC: lines of JSON.

Both sides read argument and result types from the `Engine` protocol, so a method is named there
and nowhere else.
"""

import typing
from collections.abc import Mapping
from typing import Any, get_args

import msgspec
from msgspec import Struct

from hikae.agent.engine import Engine, Event
from hikae.model.problems import Problem
from hikae.model.secret import Secret

LIMIT = 4 * 1024 * 1024  # bytes of one line

METHODS = frozenset(name for name in vars(Engine) if not name.startswith("_") and name != "events")
EVENTS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Event)}


class Greeting(Struct, frozen=True):
    """First line of a client: the token from the profile's door file."""

    token: str


class Call(Struct, frozen=True):
    """A method to call; `listen` instead asks for events from now on."""

    id: int
    method: str
    arguments: dict[str, msgspec.Raw] = {}


class Reply(Struct, frozen=True, omit_defaults=True):
    """Result or Problem of a call, or an event by name (id 0)."""

    id: int
    result: msgspec.Raw = msgspec.Raw(b"null")
    problem: Problem | None = None
    event: str = ""


def encode(value: object) -> bytes:
    """JSON of any value of the engine; this stays on the PC, so secrets are written out."""
    return msgspec.json.encode(value, enc_hook=_reveal)


def decode(raw: bytes | msgspec.Raw, kind: Any) -> Any:  # noqa: ANN401 - the type is a value here
    """A value of the given type; raises msgspec.MsgspecError."""
    return msgspec.json.decode(raw, type=kind, dec_hook=_hide)


def types(method: str) -> dict[str, Any]:
    """Argument types of an engine's method by name, and its result's under `return`."""
    return typing.get_type_hints(getattr(Engine, method))


def _reveal(value: object) -> object:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError(type(value).__name__)  # how msgspec is told of an unknown type


def _hide(kind: type, value: object) -> object:
    if kind is Secret and isinstance(value, str):
        return Secret(value)
    raise NotImplementedError(kind.__name__)  # how msgspec is told of an unknown type
