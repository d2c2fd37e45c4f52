"""What is not taken from a cloud: counted, told now and then, and how much is taken at all."""

import logging

import pytest

from hikae.agent.refusals import A_MINUTE, MOST_AT_ONCE, Refusals
from hikae.model.problems import Problem


def test_a_person_is_told_of_the_first_the_tenth_and_the_hundredth() -> None:
    told: list[Problem] = []
    refusals = Refusals(told.append, lambda: 0.0)
    for _ in range(150):
        refusals.count("message")
    assert refusals.total == 150
    assert [each.details["refused"] for each in told] == [1, 10, 100]


def test_a_flood_does_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    refusals = Refusals(lambda _: None, lambda: 0.0)
    with caplog.at_level(logging.WARNING):
        for _ in range(1000):
            refusals.count("flood", "$.seq")
    assert len(caplog.records) == 10
    assert caplog.messages[-1] == "not taken from the cloud: flood $.seq (512 so far)"


def test_so_many_messages_are_taken_at_once_and_so_many_a_minute_after_that() -> None:
    now = [0.0]
    refusals = Refusals(lambda _: None, lambda: now[0])

    def taken() -> int:
        count = 0
        while not refusals.too_many():
            count += 1
        return count

    assert taken() == MOST_AT_ONCE
    now[0] += 60
    assert taken() == A_MINUTE
    now[0] += 1_000_000
    assert taken() == MOST_AT_ONCE
