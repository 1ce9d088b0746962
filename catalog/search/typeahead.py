"""What the search box proposes while somebody types."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.urls import reverse
from psycopg.sql import SQL

from catalog.search.conditions import LISTED, TITLE, rows
from catalog.search.listing import best_sellers
from catalog.search.order import ORDER
from catalog.search.text import words
from catalog.search.types import Sort, Suggestion
from catalog.search.wording import Wording, either, wordings

SHORTEST = 2  # letters
COMPLETIONS = 12  # words that the last one may become
QUERIES = 3
TITLES = 40  # to judge the completions by, …
WALKED = 2_000  # … which so many best sellers have for a frequent word
CATEGORIES = 2

# Frequent words first; those that only the synonym file has count as being in one product.
_COMPLETIONS = SQL(
    "SELECT word, documents FROM catalog_searchword WHERE word LIKE %(prefix)s "
    "AND numnode(plainto_tsquery('english', word)) > 0 "
    "ORDER BY (word = %(typed)s) DESC, documents DESC, length(word), word LIMIT %(limit)s"
)
# In one statement: former searches, then categories, which have an address.
_NAMED = SQL(
    "(SELECT text AS name, '' AS slug FROM catalog_pastquery WHERE text LIKE %(prefix)s AND text <> %(typed)s "
    "ORDER BY searches DESC, text LIMIT %(queries)s) UNION ALL "
    "(SELECT name, slug FROM catalog_category WHERE lower(name) LIKE %(prefix)s OR lower(name) LIKE %(inner)s "
    "ORDER BY lower(name) LIKE %(prefix)s DESC, parent_id IS NOT NULL, name, id LIMIT %(categories)s)"
)
# Which of the completed texts are in the titles of the best sellers that have any.
_TITLES = SQL(
    "WITH {best} SELECT title, slug, ARRAY("
    "SELECT number FROM unnest(%(matches)s::tsquery[]) WITH ORDINALITY AS asked(match, number) "
    "WHERE ts_filter(p.search, '{{a}}') @@ match"
    ") FROM best JOIN catalog_product p USING (id) ORDER BY {popular}"
)


class Titled(NamedTuple):
    """A best seller, and which of the texts that it was looked for by are in its title: the first is 1."""

    title: str
    slug: str
    numbers: Sequence[int]


Titles = Callable[[Sequence[Wording], Sequence[str]], Sequence[Titled]]  # by texts, and by the words as typed


def suggest(text: str, limit: int, titles: Titles | None = None) -> list[Suggestion]:
    """
    What the words may become: former searches first, then those that best sellers have.

    :param titles: how an engine looks for the best sellers; else PostgreSQL does.
    """
    typed = words(text)
    if not typed or len(typed[-1]) < SHORTEST:
        return []
    *before, last = typed
    params = {"prefix": _starts_with(last), "typed": last, "limit": COMPLETIONS}
    completions = _distinct(rows(_COMPLETIONS, params))
    asked = [each for each in wordings([" ".join([*before, word]) for word in completions]) if each.parts]
    titled = (titles or _titles)(asked, typed)
    seen = Counter(asked[number - 1].text for each in titled for number in each.numbers)
    named = _named(" ".join(typed))
    found = [*(text for text, slug in named if not slug), *(text for text, _ in seen.most_common())]
    if not before:  # a word that is in no best seller's title may still find something
        found += [word for word, documents in completions.items() if documents > 1 and word not in seen]
    queries = [Suggestion("query", text) for text in list(dict.fromkeys(found))[:QUERIES]]
    products = [Suggestion("product", each.title, reverse("catalog:product", args=[each.slug])) for each in titled]
    categories = [
        Suggestion("category", name, reverse("catalog:category", args=[slug])) for name, slug in named if slug
    ]
    return [*queries, *categories, *products][:limit]


def _distinct(completions: Sequence[tuple[str, int]]) -> dict[str, int]:
    """Of words that find the same products (`kurta`, `kurtas`) only the most frequent, which comes first."""
    found: dict[frozenset[str], tuple[str, int]] = {}
    for completion, wording in zip(completions, wordings([word for word, _ in completions]), strict=True):
        found.setdefault(frozenset(" | ".join(wording.parts).split(" | ")), completion)
    return dict(found.values())


def _titles(asked: Sequence[Wording], typed: Sequence[str]) -> list[Titled]:
    if not asked:
        return []
    best = best_sellers("best", SQL("{} AND {}").format(LISTED, TITLE))
    matches = [wording.every for wording in asked]
    params = {"matches": matches, "match": either(*matches), "ranked": TITLES, "walked": WALKED}
    found = rows(_TITLES.format(best=best, popular=ORDER[Sort.POPULAR]), params)
    return [Titled(*row) for row in found]


def _named(typed: str) -> list[tuple[str, str]]:
    """Former searches and categories that the words may become, each with the category's slug or an empty one."""
    prefix = _starts_with(typed)
    params = {"prefix": prefix, "inner": f"% {prefix}", "typed": typed, "queries": QUERIES, "categories": CATEGORIES}
    return rows(_NAMED, params)


def _starts_with(text: str) -> str:
    """A LIKE pattern."""
    return re.sub(r"([\\%_])", r"\\\1", text) + "%"
