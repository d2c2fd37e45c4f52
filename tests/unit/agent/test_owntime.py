"""This PC's own time."""

from datetime import timedelta

from hikae.agent.owntime import OwnTime, seconds_awake_and_asleep
from tests.unit.agent.made import NOW


def test_own_time_goes_on_by_the_counter_whatever_happens_to_the_clock() -> None:
    clock, counter = [NOW], [500.0]
    own_time = OwnTime(lambda: clock[0], lambda: counter[0])
    assert own_time() == NOW
    clock[0] -= timedelta(days=3)
    counter[0] += 90
    assert own_time() == NOW + timedelta(seconds=90)


def test_the_systems_counter_never_goes_back() -> None:
    seen = [seconds_awake_and_asleep() for _ in range(100)]
    assert seen == sorted(seen)
