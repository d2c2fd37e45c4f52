"""The agent API, asked for much more than `make test` has time for."""

from dataclasses import replace

import pytest
from schemathesis import GenerationMode

from tests.agent_fuzzing import NEGATIVE, POSITIVE, Fuzzer, Operation
from tests.long.conftest import Say
from tests.neighbours import everything, ids_of
from tests.office import Office
from tests.system.cloud.conftest import cloud, environment
from tests.system.cloud.test_fuzzed_agent_api import fuzzer, operations, says_something, theirs

__all__ = ["cloud", "environment", "fuzzer", "operations", "theirs"]

EXAMPLES, ALL_EXAMPLES = 30, 1_000


@pytest.mark.parametrize("mode", [POSITIVE, NEGATIVE], ids=str)
def test_however_much_is_said_it_is_answered_as_described(
    fuzzer: Fuzzer,
    operations: dict[str, Operation],
    theirs: Office,
    mode: GenerationMode,
    full: bool,
    say: Say,
) -> None:
    before, examples = everything(theirs), ALL_EXAMPLES if full else EXAMPLES
    for operation in operations.values():
        if mode is POSITIVE or says_something(operation):
            fuzzer.try_out(operation, mode, examples)
    assert everything(theirs) == before
    say(f"{examples * len(operations):,} requests, {mode}")


def test_each_row_of_another_organisation_is_of_no_use_in_any_place(
    fuzzer: Fuzzer,
    operations: dict[str, Operation],
    theirs: Office,
    say: Say,
) -> None:
    before, whole = everything(theirs), replace(fuzzer, theirs=sorted(ids_of(theirs)))
    asked = sum(whole.try_their_ids(each) for each in operations.values())
    assert everything(theirs) == before
    say(f"{len(whole.theirs)} ids in {asked:,} requests")
