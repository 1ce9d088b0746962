"""What metrics say, for comparing."""

from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.samples import Sample


def samples(families: Iterable[Metric]) -> dict[str, float]:
    """By name and the values of its labels, sorted by theirs: `pymart_orders_total placed`."""
    return {_named(sample): sample.value for family in families for sample in family.samples}


def _named(sample: Sample) -> str:
    return " ".join([sample.name, *(value for _, value in sorted(sample.labels.items()))])
