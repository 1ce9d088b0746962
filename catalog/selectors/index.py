"""How the search index does, for those who watch the shop."""

from django.db.models import Count, Min, Q
from django.utils import timezone

from catalog.models import SearchOutbox
from catalog.search import metrics
from catalog.search.elastic.client import reader
from catalog.search.elastic.sync import live_alias


def require() -> None:
    """:raises Exception: when there is no index that could be searched."""
    reader().indices.get_alias(name=live_alias())


def measure() -> None:
    """Tell the gauges how far the index is behind."""
    aside = Q(attempts__gte=SearchOutbox.MAX_ATTEMPTS)
    found = SearchOutbox.objects.aggregate(
        waiting=Count("pk", filter=~aside), refused=Count("pk", filter=aside), oldest=Min("created_at", filter=~aside)
    )
    metrics.WAITING.set(found["waiting"])
    metrics.REFUSED.set(found["refused"])
    metrics.AGE.set((timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0)
