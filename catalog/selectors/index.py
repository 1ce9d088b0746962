"""How the search index does, for those who watch the shop."""

from typing import Any

from django.db.models import Count, Min, Q

from catalog.models import SearchOutbox
from catalog.search.elastic.client import reader
from catalog.search.elastic.sync import live_alias


def require() -> None:
    """:raises Exception: when there is no index that could be searched."""
    reader().indices.get_alias(name=live_alias())


def backlog() -> dict[str, Any]:
    """Changes that the index does not know: how many it will be told, since when, and how many it refused."""
    aside = Q(attempts__gte=SearchOutbox.MAX_ATTEMPTS)
    return SearchOutbox.objects.aggregate(
        waiting=Count("pk", filter=~aside), oldest=Min("created_at", filter=~aside), refused=Count("pk", filter=aside)
    )
