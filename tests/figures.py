"""Figures of Prometheus, read from the text of /metrics."""

from collections.abc import Mapping

from prometheus_client.parser import text_string_to_metric_families

Figures = Mapping[tuple[str, ...], float]
"""By name and the values of the labels, in the order of the labels' names."""


def read_figures(text: str) -> Figures:
    """All of them; raises ValueError for what Prometheus could not read."""
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
