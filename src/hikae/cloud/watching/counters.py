"""What this process has counted since it started, in the form of Prometheus.

Labels have few values, and none that somebody outside can choose. Where PROMETHEUS_MULTIPROC_DIR
names a folder, prometheus_client keeps the counts there, together with those of the other
processes that answer at the same address.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from time import perf_counter

from django.apps import apps
from django.db import transaction
from prometheus_client import CollectorRegistry, Counter, Histogram

from hikae.model.fetch import FetchState
from hikae.model.problems import Problem, ProblemCode

_QUICK = (0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
_LONG = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0)

_PROOF_PARTS = frozenset({"form", "body", "signature", "replayed", "device", "pending"})
"""What `cloud_rejected` names where it is the proof of a request that is not believed."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE"})


class Counters:
    """Every count of the cloud; safe to use from any thread."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._fetches = Counter(
            "hikae_fetches",
            "Fetches that ended, by how (done, failed, skipped) and by the problem's code.",
            ("outcome", "problem"),
            registry=registry,
        )
        self._merged_rows = Counter(
            "hikae_merged_rows", "Rows of statements that were taken.", registry=registry
        )
        self._merges = Histogram(
            "hikae_merge_seconds",
            "How long statements took to join the books.",
            buckets=_LONG,
            registry=registry,
        )
        self._refused_proofs = Counter(
            "hikae_refused_proofs",
            "Requests and links of agents that were not proven, by what did not fit.",
            ("part",),
            registry=registry,
        )
        self._refused_messages = Counter(
            "hikae_refused_messages",
            "Proven messages of agents that were refused, by the problem's code.",
            ("problem",),
            registry=registry,
        )
        self._requests = Counter(
            "hikae_requests",
            "Requests that were answered.",
            ("view", "method", "status"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            "hikae_request_seconds",
            "How long answers took.",
            ("view",),
            buckets=_QUICK,
            registry=registry,
        )

    def fetches_ended(self, state: FetchState, problem: str = "", number: int = 1) -> None:
        """Fetches have ended with a problem's code or none, once the transaction says so too."""
        count = self._fetches.labels(state.value, problem)
        transaction.on_commit(partial(count.inc, number))

    @contextmanager
    def merging(self, rows: int) -> Iterator[None]:
        """A statement joins the books within; one that does not is not counted."""
        began = perf_counter()
        yield
        took = perf_counter() - began
        transaction.on_commit(partial(self._merges.observe, took))
        transaction.on_commit(partial(self._merged_rows.inc, rows))

    def refused(self, problem: Problem) -> None:
        """An agent was refused."""
        part = str(problem.details.get("part"))
        if problem.code is ProblemCode.CLOCK_WRONG:
            self._refused_proofs.labels("clock").inc()
        elif problem.code is ProblemCode.CLOUD_REJECTED and part in _PROOF_PARTS:
            self._refused_proofs.labels(part).inc()
        else:
            self._refused_messages.labels(problem.code.value).inc()

    def answered(self, view: str, method: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self._requests.labels(view, method if method in METHODS else "other", status).inc()
        self._request_seconds.labels(view).observe(seconds)


def counters() -> Counters:
    """Those of this process; they live in the app's configuration."""
    found: object = getattr(apps.get_app_config("watching"), "counters", None)
    if not isinstance(found, Counters):
        raise TypeError("the watching app has no counters")
    return found
