"""Who is at this PC, when it comes to what a bank has rejected."""

from datetime import timedelta

import pytest

from hikae.agent.database import Database
from hikae.agent.memory import Memory, RememberedConnection
from hikae.agent.restraint import Restraint
from hikae.model.fetch import Trigger
from hikae.model.problems import Problem, ProblemCode
from tests.unit.agent.made import CERTIFICATE, NOW, fetch, view

REJECTED = Problem(ProblemCode.WRONG_PASSWORD)
HERE = {Trigger.DESKTOP, Trigger.COMMAND}


def tried(version: int = 1) -> RememberedConnection:
    return RememberedConnection(view(version=version), enabled=True, certificate=CERTIFICATE)


def restraint(database: Database, *, own_cloud: bool) -> Restraint:
    memory = Memory(database)
    return Restraint(database, memory, lambda: NOW, lambda: NOW, own_cloud=own_cloud)


@pytest.mark.parametrize(
    ("own_cloud", "at_the_pc"), [(False, HERE), (True, HERE | {Trigger.CLOUD})]
)
def test_who_asks_in_a_cloud_of_this_pc_is_at_this_pc(
    database: Database, own_cloud: bool, at_the_pc: set[Trigger]
) -> None:
    restrained = restraint(database, own_cloud=own_cloud)
    restrained.end(fetch(1).id, tried(), REJECTED)
    for trigger in Trigger:
        held = restrained.rejected(tried(version=2), trigger)
        assert (held is None) is (trigger in at_the_pc)
        assert restrained.rejected(tried(), trigger) == REJECTED


def test_a_cloud_of_this_pc_is_bounded_as_any_other(database: Database) -> None:
    restrained = restraint(database, own_cloud=True)
    restrained.begin(fetch(1))
    again = restrained.too_often(view().id, Trigger.CLOUD, busy=False)
    assert again is not None
    assert again.retry_at == NOW + timedelta(minutes=10)
