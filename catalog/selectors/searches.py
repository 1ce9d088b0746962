"""What shoppers search for, out of the log, for the staff."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Aggregate, Avg, Count, FloatField, Max, Q, QuerySet
from django.utils import timezone

from catalog.models import SearchLog
from catalog.search import Relaxed

MOST = 50  # texts of one kind


class _Percentile(Aggregate):
    template = "percentile_cont(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


@dataclass(frozen=True)
class Searches:
    """Of the last days. Each row is a text with how often it was asked for (`times`) and more."""

    engines: list[dict[str, Any]]
    not_found: list[dict[str, Any]]
    partly_found: list[dict[str, Any]]
    frequent: list[dict[str, Any]]


def searches(*, days: int) -> Searches:
    rows = SearchLog.objects.filter(created_at__gt=timezone.now() - timedelta(days=days)).order_by()
    with_result = rows.exclude(results=0)
    return Searches(
        engines=list(
            rows.values("engine")
            .annotate(
                times=Count("pk"),
                nothing=Count("pk", filter=Q(results=0)),
                opened=Count("clicked_position"),
                position=Avg("clicked_position"),
                median=_Percentile("milliseconds", share=0.5),
                slow=_Percentile("milliseconds", share=0.95),
            )
            .order_by("-times")
        ),
        not_found=_texts(rows.filter(results=0)),
        partly_found=_texts(with_result.filter(relaxed=Relaxed.ANY_WORD)),
        frequent=_texts(with_result),
    )


def _texts(rows: QuerySet[SearchLog]) -> list[dict[str, Any]]:
    """The most frequent ones."""
    counted = rows.values("query").annotate(
        times=Count("pk"),
        found=Avg("results"),
        opened=Count("clicked_position"),
        position=Avg("clicked_position"),
        last=Max("created_at"),
    )
    return list(counted.order_by("-times", "query")[:MOST])
