"""All figures as Prometheus reads them: what was counted, and what the database says now."""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from django.db import Error, connection
from django.db.models import Count, Exists, Min, OuterRef
from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from hikae.cloud.devices.presence import those_on
from hikae.cloud.devices.switchboard import switchboard
from hikae.cloud.watching.counters import counters
from hikae.cloud.watching.models import Waiting
from hikae.model.fetch import FetchState

_TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder of processes that count together; prometheus_client reads it."""


def exposition(now: datetime) -> bytes:
    """The text of /metrics."""
    registry = CollectorRegistry()
    registry.register(Present(now))
    if os.environ.get(_TOGETHER):
        MultiProcessCollector(registry)
        return generate_latest(registry)
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    return generate_latest(counters().registry) + generate_latest(registry)


Group: TypeAlias = tuple[str, str, bool, int, datetime]
"""Kind, state, whether the PC is on, how many, since when the oldest waits."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A pair of figures; label: what tells its groups apart, by one of `values` each."""

    kind: Waiting.Kind
    name: str
    words: str
    of: Callable[[Group], str]
    label: str = ""
    values: tuple[str, ...] = ("",)


QUEUES = (
    Queue(
        Waiting.Kind.COMMAND,
        "hikae_commands_waiting",
        "Commands that a PC has not taken",
        lambda group: "on" if group[2] else "off",
        "pc",
        ("on", "off"),
    ),
    Queue(
        Waiting.Kind.CHALLENGE,
        "hikae_challenges_waiting",
        "Questions of banks that wait for a person",
        lambda _: "",
    ),
    Queue(
        Waiting.Kind.FETCH,
        "hikae_fetches_unfinished",
        "Fetches that have not ended",
        lambda group: group[1],
        "state",
        tuple(state.value for state in FetchState if not state.final),
    ),
)


class Present(Collector):
    """Figures of this moment, the same whichever process is asked; but links are its own."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read them; without a database those that lie in it are missing."""
        links = "Links of agents that are open in this process."
        yield GaugeMetricFamily("hikae_links_open", links, switchboard().links)
        try:
            waiting = list(self._waiting())
        except Error:
            connection.close()
            waiting = []
        reached = "Whether the database answered."
        yield GaugeMetricFamily("hikae_database_reachable", reached, 1 if waiting else 0)
        yield from waiting

    def _waiting(self) -> Iterator[GaugeMetricFamily]:
        """What has not come to its end: how many, and how old the oldest is; one query."""
        on = Exists(those_on(self._now).filter(device=OuterRef("device")))
        found = Waiting.objects.annotate(on=on).values_list("kind", "state", "on")
        groups = list(found.annotate(number=Count("id"), oldest=Min("since")))
        for queue in QUEUES:
            yield from self._queue(queue, [each for each in groups if each[0] == queue.kind])

    def _queue(self, queue: Queue, groups: Sequence[Group]) -> Iterator[GaugeMetricFamily]:
        labels = [queue.label] if queue.label else []
        numbers = GaugeMetricFamily(queue.name, f"{queue.words}.", labels=labels)
        words = f"{queue.words}: age of the oldest."
        ages = GaugeMetricFamily(f"{queue.name}_oldest_seconds", words, labels=labels)
        for value in queue.values:
            mine = [group for group in groups if queue.of(group) == value]
            oldest = min((group[4] for group in mine), default=self._now)
            numbers.add_metric([value] if labels else [], sum(group[3] for group in mine))
            ages.add_metric([value] if labels else [], (self._now - oldest).total_seconds())
        yield numbers
        yield ages
