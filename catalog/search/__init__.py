"""
Finding products: `find` for result and category pages, `suggest` while somebody types.

Callers know `SearchRequest` and `SearchResult`, never an engine.
"""

import logging
import time
from collections.abc import Callable
from typing import TypeVar

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
R = TypeVar("R")


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
    return _answered(lambda: engine.find(request), lambda: database.find(request))


def _answered(ask: Callable[[], R], ask_database: Callable[[], R]) -> R:
    """By Elasticsearch, and where there is none, or it does not answer, by PostgreSQL."""
    if settings.ELASTICSEARCH_URL:
        try:
            return ask()
        except engine.Away as error:
            logger.info("Elasticsearch does not answer: %r", error.__cause__)
            metrics.FALLBACKS.inc()
    return ask_database()


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """What `text` may become; nothing where no engine answers in time."""
    text, limit = clean_text(text), min(max(limit, 0), 20)
    started = time.monotonic()
    try:
        found = _suggest(text, limit)
    except database.SearchUnavailable:
        return []
    metrics.TYPING.observe(time.monotonic() - started)
    return found


def _suggest(text: str, limit: int) -> list[Suggestion]:
    return _answered(lambda: engine.suggest(text, limit), lambda: database.suggest(text, limit))
