"""The agent API told in OpenAPI, put together from its routes and the link's messages.

Nothing of it is written down twice: paths and parameters come from the routes, bodies and answers
from the types by which they are read and written.
"""

from typing import Any

import msgspec
from msgspec import Struct
from ninja import NinjaAPI

from hikae.link.messages import Refused

_NAMED = "#/components/schemas/{name}"
_MESSAGES = "x-messages"
"""Where an operation keeps its types until they are described."""

Told = dict[str, Any]


def spoken(*, takes: type[Struct] | None = None, gives: type[Struct] | None = None) -> Told:
    """What an operation reads and answers, for its route; whatever goes wrong is `Refused`."""
    answered: dict[int, Told] = {200: _content("Answered", gives)} if gives else {204: _KEPT}
    told: Told = {
        "responses": {**answered, "default": _content("Refused", Refused)},
        _MESSAGES: [each for each in (takes, gives) if each],
    }
    if takes:
        told["requestBody"] = {"required": True, **_content("Body", takes)}
    return told


def document(api: NinjaAPI, at: str) -> Told:
    """The whole API, whose addresses begin with `at`."""
    told: Told = dict(api.get_openapi_schema(path_prefix=at))
    messages: list[type[Struct]] = [Refused]
    for operations in told["paths"].values():
        for operation in operations.values():
            messages += operation.pop(_MESSAGES)
            if 204 in operation["responses"]:  # the route's own words for any answer
                operation["responses"].pop(200)
    _, named = msgspec.json.schema_components(messages, ref_template=_NAMED)
    told["components"] = {"schemas": named}
    return told


_KEPT = {"description": "Kept"}


def _content(words: str, message: type[Struct]) -> Told:
    schema = {"$ref": _NAMED.format(name=message.__name__)}
    return {"description": words, "content": {"application/json": {"schema": schema}}}
