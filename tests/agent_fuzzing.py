"""A confirmed PC that says to the agent API whatever its description allows, and what it forbids.

The requests are made by schemathesis from the document that the cloud serves, always the same
ones, and each is signed as an agent signs.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle
from typing import Any
from uuid import UUID

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests.auth import AuthBase
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from tests.cloud_agent import BASE, TestAgent
from tests.neighbours import told

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
Case = schemathesis.Case[Any]

LOOKED_AT = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
IDS = 12
"""So many are at hand for one request, again from the first where it takes more."""

REFUSALS = [400, 401, 403, 404, 405, 409, 413, 422, 426]

POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


class Signed(AuthBase):
    """Proves each request as it leaves, whatever it has become."""

    def __init__(self, agent: TestAgent) -> None:
        self._agent = agent

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Sign the very method, path, query and body."""
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        path = str(request.url).removeprefix(self._agent.origin)
        request.headers.update(self._agent.headers(str(request.method), path, raw))
        return request


@dataclass(frozen=True, slots=True)
class Fuzzer:
    """agent: who asks. own, theirs: ids that it tries. secrets: what it must never be told."""

    agent: TestAgent
    own: list[UUID]
    theirs: list[UUID]
    secrets: frozenset[object]
    session: requests.Session

    def try_out(self, operation: Operation, mode: GenerationMode, examples: int) -> None:
        """Ask for an operation in so many ways; raises what schemathesis found wrong."""
        some = st.sampled_from(self.own) | st.sampled_from(self.theirs)
        ids = st.lists(some, min_size=IDS, max_size=IDS)

        @bounded(examples)
        @given(case=operation.as_strategy(generation_mode=mode), ids=ids)
        def ask(case: Case, ids: list[UUID]) -> None:
            if mode is POSITIVE:
                put_ids(case, ids)
            self.ask(case)

        ask()

    def try_their_ids(self, operation: Operation) -> int:
        """Say each of their ids in each place of an otherwise valid request; how often."""
        asked = 0

        @bounded(1)
        @given(case=operation.as_strategy(generation_mode=POSITIVE))
        def ask(case: Case) -> None:
            nonlocal asked
            for place in range(min(put_ids(case, self.own[:1]), IDS)):
                for each in self.theirs:
                    ids = self.own[:1] * IDS
                    ids[place] = each
                    put_ids(case, ids)
                    self.ask(case)
                    asked += 1

        ask()
        return asked

    def ask(self, case: Case) -> None:
        """Send it and look at the answer."""
        answer = case.call(
            base_url=self.agent.origin, session=self.session, auth=Signed(self.agent)
        )
        sent, said = f"{case.path_parameters} {case.body!r}", answer.content.decode()
        assert told(said, (secret for secret in self.secrets if str(secret) not in sent)) == set()
        case.validate_response(answer, checks=LOOKED_AT)


def operations_of(origin: str, session: requests.Session) -> dict[str, Operation]:
    """Everything that a cloud says can be asked, by method and path."""
    refusing = {"negative_data_rejection": {"expected-statuses": REFUSALS}}
    schema = schemathesis.openapi.from_dict(
        session.get(f"{origin}{BASE}/openapi.json", timeout=60).json(),
        config=schemathesis.Config.from_dict({"checks": refusing}),
    )
    described = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    return {each.label: each for each in described}


def bounded(examples: int) -> settings:
    """The same examples every time, and no search for smaller ones."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def put_ids(case: Case, ids: list[UUID]) -> int:
    """Say these ids wherever the case says one; in how many places that is."""
    waiting, places = cycle(ids), 0

    def following(_: str) -> str:
        nonlocal places
        places += 1
        return str(next(waiting))

    case.path_parameters = replaced(dict(case.path_parameters or {}), following)
    if isinstance(case.body, dict):
        case.body = replaced(case.body, following)
    return places


def replaced(value: Any, by: Callable[[str], str]) -> Any:  # noqa: ANN401 - any JSON
    """JSON with another text in the place of each id."""
    match value:
        case dict():
            return {name: replaced(each, by) for name, each in value.items()}
        case list():
            return [replaced(each, by) for each in value]
        case str() if _is_id(value):
            return by(value)
        case _:
            return value


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False
