"""
Finding products: `find` for result and category pages, `suggest` while somebody types.

Callers know `SearchRequest` and `SearchResult`, never an engine.
"""

from catalog.search.database import find, suggest
from catalog.search.types import Relaxed, SearchRequest, SearchResult, Sort, Suggestion

__all__ = ["Relaxed", "SearchRequest", "SearchResult", "Sort", "Suggestion", "find", "suggest"]
