"""
Finding products: `find` for result and category pages, `suggest` while somebody types.

Callers know `SearchRequest` and `SearchResult`, never an engine.
"""

from catalog.search import database
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


def find(request: SearchRequest) -> SearchResult:
    """
    Whatever the request's values are, they are taken for the nearest sensible ones.

    :raises catalog.search.database.SearchUnavailable: when no engine answers in time.
    """
    return database.find(clean(request))


def suggest(text: str, limit: int = 8) -> list[Suggestion]:
    """What `text` may become; nothing where no engine answers in time."""
    return database.suggest(clean_text(text), min(max(limit, 0), 20))
