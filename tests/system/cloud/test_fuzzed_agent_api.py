"""The agent API of a cloud that runs, asked for all that it describes and all that it forbids."""

import re
from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
import requests
from django.urls import URLPattern
from schemathesis import GenerationMode

from hikae.cloud.agent_api.api import api
from hikae.cloud.people.organisations import create_owner
from hikae.model.clock import system_clock
from tests.agent_fuzzing import NEGATIVE, POSITIVE, Fuzzer, Operation, operations_of
from tests.cloud_agent import TestAgent
from tests.fixtures_cloud import Server
from tests.neighbours import everything, furnish, ids_of, one_id_of_each_kind, words_of
from tests.office import Office, open_office
from tests.system.cloud.conftest import Office as Own

EXAMPLES = 10
"""Of each operation, of what is allowed and of what is not."""


@pytest.fixture(scope="module")
def theirs(cloud: Server) -> Office:
    """The organisation next door, in which everything has happened."""
    office = open_office(system_clock())
    furnish(office)
    return office


@pytest.fixture(scope="module")
def fuzzer(cloud: Server, theirs: Office) -> Iterator[Fuzzer]:
    """A confirmed PC with a connection, a fetch and a question."""
    membership = create_owner(f"owner-{uuid4()}@example.jp", "minato")
    own = Own(membership.user, membership.organisation_id)
    agent = TestAgent(cloud.origin)
    agent.enrol(own.key())
    own.confirm(agent)
    connection = own.register()
    ids = ids_of(theirs)
    with requests.Session() as session:
        session.trust_env = False
        secrets = frozenset(ids | words_of(theirs))
        tried = one_id_of_each_kind(theirs)
        yield Fuzzer(agent, [connection.id, UUID(int=7)], tried, secrets, session)


@pytest.fixture(scope="module")
def operations(fuzzer: Fuzzer) -> dict[str, Operation]:
    """What can be asked."""
    return operations_of(fuzzer.agent.origin, fuzzer.session)


def test_the_api_describes_every_address_at_which_agents_are_answered(
    operations: dict[str, Operation],
) -> None:
    described = {each.path.removeprefix("/agent/v1/") for each in operations.values()}
    assert described | {"openapi.json"} == {
        re.sub("<[a-z]+:([a-z]+)>", r"{\1}", str(pattern.pattern))
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    }


@pytest.mark.parametrize("mode", [POSITIVE, NEGATIVE], ids=str)
def test_whatever_is_said_is_answered_as_described_and_tells_nothing_of_others(
    fuzzer: Fuzzer, operations: dict[str, Operation], theirs: Office, mode: GenerationMode
) -> None:
    before = everything(theirs)
    for operation in operations.values():
        if mode is POSITIVE or says_something(operation):
            fuzzer.try_out(operation, mode, EXAMPLES)
    assert everything(theirs) == before


def test_every_id_of_another_organisation_is_of_no_use_in_any_place(
    fuzzer: Fuzzer,
    operations: dict[str, Operation],
    theirs: Office,
    environment: dict[str, str],
) -> None:
    if "HIKAE_DATABASE_URL" in environment:
        pytest.skip("behind the wall of PostgreSQL itself; SQLite has the managers' only")
    before = everything(theirs)
    asked = sum(fuzzer.try_their_ids(each) for each in operations.values())
    assert asked > 10 * len(fuzzer.theirs)
    assert everything(theirs) == before


def says_something(operation: Operation) -> bool:
    """Whether there is anything in which a request of this kind could be wrong."""
    return bool(operation.body or operation.path_parameters or operation.query)
