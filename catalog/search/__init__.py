"""
Finding products: `find` for result and category pages, `suggest` while somebody types.

Callers know `SearchRequest` and `SearchResult`, never an engine.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from django.conf import settings

from catalog.search import database, metrics
from catalog.search.elastic import engine
from catalog.search.highlighting import highlighted
from catalog.search.order import place
from catalog.search.text import clean, clean_text
from catalog.search.types import (
    Facets,
    Place,
    Relaxed,
    SearchRequest,
    SearchResult,
    Sort,
    Suggestion,
    Understood,
)
from catalog.search.wishes import Wish, wish

__all__ = [
    "Facets",
    "Place",
    "Relaxed",
    "SearchRequest",
    "SearchResult",
    "Sort",
    "Suggestion",
    "Understood",
    "find",
    "highlighted",
    "place",
    "suggest",
]


log = logging.getLogger(__name__)
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
    asked, found = _read(request)
    if "colour" in asked.kinds and not (_has_all_words(found) or _has_all_words(_in_whole_shop(asked, found))):
        asked, found = _read(replace(request, as_typed=(*request.as_typed, "colour")))  # as in a name, then
    if asked.understood and not (found.total or _in_whole_shop(asked, found).total):
        asked = asked.given_up()
        found = _ask(asked.request)
    if request.sort == Sort.RELEVANCE:  # whatever it was in the end: places in it are those of no other page
        found = replace(found, first=(), last=())
    return replace(found, understood=asked.understood)


def _read(request: SearchRequest) -> tuple[Wish, SearchResult]:
    asked = wish(request)
    if request.text and not asked.request.text:  # the whole shop at a price, which has no relevance
        asked = replace(asked, request=clean(asked.request))
    return asked, _ask(asked.request)


def _has_all_words(found: SearchResult) -> bool:
    return bool(found.total_as_typed if found.relaxed == Relaxed.ANY_WORD else found.total)


def _in_whole_shop(asked: Wish, found: SearchResult) -> SearchResult:
    """A filter that leaves nothing is no reason to show something else."""
    chosen = asked.request
    alone = SearchRequest(
        chosen.text,
        min_price=chosen.min_price,
        max_price=chosen.max_price,
        options=chosen.options,
        as_typed=chosen.as_typed,
        sort=chosen.sort,
        page_size=1,
    )
    is_alone = alone == replace(chosen, place=None, page=1, page_size=1)
    return found if is_alone else _ask(clean(alone))


def _ask(request: SearchRequest) -> SearchResult:
    return _answered(lambda: engine.find(request), lambda: database.find(request))


def _answered(ask: Callable[[], R], ask_database: Callable[[], R]) -> R:
    """By Elasticsearch, and where there is none, or it does not answer, by PostgreSQL."""
    if settings.ELASTICSEARCH_URL:
        try:
            return ask()
        except engine.Away as error:
            log.info("Elasticsearch does not answer: %r", error.__cause__)
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
