"""What the search box proposes while somebody types."""

import re
from collections import Counter
from collections.abc import Sequence

from django.urls import reverse
from psycopg.sql import SQL

from catalog.search.conditions import LISTED, SORT_COLUMNS, rows
from catalog.search.order import ORDER
from catalog.search.text import words
from catalog.search.types import Sort, Suggestion
from catalog.search.wording import Wording, either, wordings

SHORTEST = 2  # letters
COMPLETIONS = 12  # words that the last one may become
QUERIES = 3
TITLES = 40  # to judge the completions by
CATEGORIES = 2

# Frequent words first; those that only the synonym file has count as being in one product.
_COMPLETIONS = SQL(
    "SELECT word, documents FROM catalog_searchword WHERE word LIKE %(prefix)s "
    "AND numnode(plainto_tsquery('english', word)) > 0 "
    "ORDER BY (word = %(typed)s) DESC, documents DESC, length(word), word LIMIT %(limit)s"
)
_CATEGORIES = SQL(
    "SELECT name, slug FROM catalog_category WHERE lower(name) LIKE %(prefix)s OR lower(name) LIKE %(inner)s "
    "ORDER BY lower(name) LIKE %(prefix)s DESC, parent_id IS NOT NULL, name, id LIMIT %(limit)s"
)
# The best sellers that have any of the completed texts in the title, and which of them.
_TITLES = SQL(
    "SELECT title, slug, ARRAY("
    "SELECT number FROM unnest(%(matches)s::tsquery[]) WITH ORDINALITY AS asked(match, number) "
    "WHERE ts_filter(found.search, '{{a}}') @@ match"
    ") FROM ("
    "SELECT {columns}, p.title, p.slug, p.search FROM catalog_product p "
    "WHERE {listed} AND ts_filter(p.search, '{{a}}') @@ %(match)s::tsquery ORDER BY {order} LIMIT %(limit)s"
    ") AS found ORDER BY {order}"
)


def suggest(text: str, limit: int) -> list[Suggestion]:
    typed = words(text)
    if not typed or len(typed[-1]) < SHORTEST:
        return []
    *before, last = typed
    params = {"prefix": _starts_with(last), "typed": last, "limit": COMPLETIONS}
    completions = _distinct(rows(_COMPLETIONS, params))
    asked = [each for each in wordings([" ".join([*before, word]) for word in completions]) if each.parts]
    titles = _titles(asked)
    seen = Counter(asked[number - 1].text for _, _, numbers in titles for number in numbers)
    found = [text for text, _ in seen.most_common()]
    if not before:  # a word that is in no best seller's title may still find something
        found += [word for word, documents in completions.items() if documents > 1 and word not in seen]
    queries = [Suggestion("query", text) for text in found[:QUERIES]]
    products = [Suggestion("product", title, reverse("catalog:product", args=[slug])) for title, slug, _ in titles]
    return [*queries, *_categories(" ".join(typed)), *products][:limit]


def _distinct(completions: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Of words that find the same products (`kurta`, `kurtas`) only the most frequent, which comes first."""
    found: dict[frozenset[str], tuple[str, int]] = {}
    for completion, wording in zip(completions, wordings([word for word, _ in completions]), strict=True):
        found.setdefault(frozenset(" | ".join(wording.parts).split(" | ")), completion)
    return dict(found.values())


def _titles(asked: Sequence[Wording]) -> list[tuple[str, str, list[int]]]:
    if not asked:
        return []
    query = _TITLES.format(columns=SORT_COLUMNS, listed=LISTED, order=ORDER[Sort.POPULAR])
    matches = [wording.every for wording in asked]
    return rows(query, {"matches": matches, "match": either(*matches), "limit": TITLES})


def _categories(prefix: str) -> list[Suggestion]:
    params = {"prefix": _starts_with(prefix), "inner": f"% {_starts_with(prefix)}", "limit": CATEGORIES}
    return [
        Suggestion("category", name, reverse("catalog:category", args=[slug]))
        for name, slug in rows(_CATEGORIES, params)
    ]


def _starts_with(text: str) -> str:
    """A LIKE pattern."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"
