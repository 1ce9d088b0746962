"""
Finding products: `find` for result and category pages, `suggest` while somebody types.

Callers know `SearchRequest` and `SearchResult`, never an engine.
"""

import logging
import time

from django.conf import settings

from catalog.search import database, metrics
from catalog.search.elastic import engine
from catalog.search.order import place
from catalog.search.text import clean, clean_text
from catalog.search.types import Facets, Place, Relaxed, SearchRequest, SearchResult, Sort, Suggestion

__all__ = [
    "Facets",
    "Place",
    "Relaxed",
    "SearchRequest",
    "SearchResult",
    "Sort",
    "Suggestion",
    "find",
    "place",
    "suggest",
]


logger = logging.getLogger(__name__)


def find(request: SearchRequest) -> SearchResult:
    """
    Whatever the request's values are, they are taken for the nearest sensible ones.

    :raises catalog.search.database.SearchUnavailable: when no engine answers in time.
    """
    started = time.monotonic()
    found = _find(clean(request))
    metrics.SECONDS.labels(found.backend).observe(time.monotonic() - started)
    return found


def _find(request: SearchRequest) -> SearchResult:
    if settings.ELASTICSEARCH_URL:
        try:
            return engine.find(request)
        except engine.Away as error:
            logger.info("Elasticsearch does not answer: %r", error.__cause__)
            metrics.FALLBACKS.inc()
    return database.find(request)


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """What `text` may become; nothing where no engine answers in time."""
    return database.suggest(clean_text(text), min(max(limit, 0), 20))
