"""What the search box proposes while somebody types."""

import re
from collections.abc import Sequence

from django.urls import reverse
from psycopg.sql import SQL

from catalog.search.conditions import LISTED, ORDER, SORT_COLUMNS, rows
from catalog.search.text import words
from catalog.search.types import Sort, Suggestion
from catalog.search.wording import Wording, either, wordings

SHORTEST = 2  # letters
COMPLETIONS = 12  # words that the last one may become
QUERIES = 3
CATEGORIES = 2

# Frequent words first; those that only the synonym file has are in one product or none.
_COMPLETIONS = SQL(
    "SELECT word FROM catalog_searchword WHERE word LIKE %(prefix)s AND numnode(plainto_tsquery('english', word)) > 0 "
    "ORDER BY (word = %(typed)s) DESC, documents DESC, word LIMIT %(limit)s"
)
_FINDING = SQL(
    "SELECT position FROM unnest(%(matches)s::tsquery[]) WITH ORDINALITY AS asked(match, position) "
    "WHERE EXISTS (SELECT FROM catalog_product p WHERE {listed} AND p.search @@ match) ORDER BY position "
    "LIMIT %(limit)s"
)
_CATEGORIES = SQL(
    "SELECT name, slug FROM catalog_category WHERE lower(name) LIKE %(prefix)s OR lower(name) LIKE %(inner)s "
    "ORDER BY lower(name) LIKE %(prefix)s DESC, parent_id IS NOT NULL, name, id LIMIT %(limit)s"
)
_TITLES = SQL(
    "SELECT title, slug FROM (SELECT {columns}, p.title, p.slug FROM catalog_product p "
    "WHERE {listed} AND ts_filter(p.search, '{{a}}') @@ %(match)s::tsquery ORDER BY {order} LIMIT %(limit)s) AS found "
    "ORDER BY {order}"
)


def suggest(text: str, limit: int) -> list[Suggestion]:
    typed = words(text)
    if not typed or len(typed[-1]) < SHORTEST:
        return []
    *before, last = typed
    completions = rows(_COMPLETIONS, {"prefix": _starts_with(last), "typed": last, "limit": COMPLETIONS})
    found = _finding(wordings([" ".join([*before, word]) for (word,) in completions]))
    queries = [Suggestion("query", wording.text) for wording in found[:QUERIES]]
    categories = _categories(" ".join(typed))
    return [*queries, *categories, *_products(found, limit - len(queries) - len(categories))][:limit]


def _finding(wordings: Sequence[Wording]) -> list[Wording]:
    """Those that find anything."""
    asked = [wording for wording in wordings if wording.parts]
    if not asked:
        return []
    params = {"matches": [wording.every for wording in asked], "limit": COMPLETIONS}
    return [asked[position - 1] for (position,) in rows(_FINDING.format(listed=LISTED), params)]


def _categories(prefix: str) -> list[Suggestion]:
    params = {"prefix": _starts_with(prefix), "inner": f"% {_starts_with(prefix)}", "limit": CATEGORIES}
    return [
        Suggestion("category", name, reverse("catalog:category", args=[slug]))
        for name, slug in rows(_CATEGORIES, params)
    ]


def _products(found: Sequence[Wording], limit: int) -> list[Suggestion]:
    if not found or limit < 1:
        return []
    query = _TITLES.format(columns=SORT_COLUMNS, listed=LISTED, order=ORDER[Sort.POPULAR])
    params = {"match": either(*(wording.every for wording in found)), "limit": limit}
    return [
        Suggestion("product", title, reverse("catalog:product", args=[slug])) for title, slug in rows(query, params)
    ]


def _starts_with(text: str) -> str:
    """A LIKE pattern."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"
