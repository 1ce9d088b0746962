"""
What each part of the search is worth: the judged queries without it. `pytest tests/relevance/ablation.py -s -n 0` shows
the table of docs/search.md; the suite does not run it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from psycopg.sql import SQL

from catalog.search import SearchRequest, find, listing, reading, wishes
from catalog.search.elastic import asking
from catalog.search.synonyms import Synonyms
from tests.relevance.judge import averages, scores
from tests.relevance.test_relevance import titles as titles

pytestmark = pytest.mark.django_db
NO_SYNONYMS = Synonyms(iter(()))
# As catalog.search.listing has it, but for what is left out.
_MERIT = listing._WEIGHED.as_string(None).partition("+ 0.1 * ((")[2].partition(" DESC, p.id")[0]
_TEXT = listing._WEIGHED.as_string(None).replace(f"+ 0.1 * (({_MERIT}", "")
_FLAT = (
    _TEXT.partition("ORDER BY had DESC, ")[0]
    + "ORDER BY had DESC, ts_rank_cd('{{1,1,1,1}}', p.search, %(any)s::tsquery) DESC, p.id DESC LIMIT 120"
)


def _fuzzy(way: str) -> asking.Query:
    if " " in way:
        return {"match_phrase": {"all": way}}
    close = {"query": way, "operator": "and", "fuzziness": "AUTO:4,7", "prefix_length": 1, "max_expansions": 30}
    fields: list[asking.Query] = [{"match": {field: close}} for field in ("title", "brand")]
    return asking.either({"match": {"all": {"query": way, "operator": "and"}}}, *fields)


def _same(text: str) -> str:
    return text


def _no_ways(word: str) -> tuple[str, ...]:
    return ()


# Of each part, what takes it away.
PARTS: dict[str, list[Any]] = {
    "everything": [],
    "without synonyms": [
        patch(f"catalog.search.{name}.synonyms", lambda: NO_SYNONYMS) for name in ("wording", "spelling")
    ],
    "without spelling": [patch.object(reading, "corrected", _same)],
    "the engine's fuzziness (AUTO:4,7) for spelling": [
        patch.object(reading, "corrected", _same),
        patch.object(asking, "_said", _fuzzy),
    ],
    "both": [patch.object(asking, "_said", _fuzzy)],
    "without transliteration": [
        patch(f"catalog.search.{name}.romanised", _no_ways) for name in ("wording", "spelling")
    ],
    "without prices, sizes and colours": [patch("catalog.search.wish", wishes.Wish)],
    "without weights of fields": [
        patch.object(django_settings, "SEARCH_WEIGHTS", dict.fromkeys(django_settings.SEARCH_WEIGHTS, 1)),
        patch.object(listing, "_WEIGHED", SQL(_FLAT)),
    ],
    "without merit (rating, sales, stock)": [
        patch.object(asking, "MERIT", 0),
        patch.object(listing, "_WEIGHED", SQL(_TEXT)),
    ],
}
ONLY_ELASTICSEARCH = {"the engine's fuzziness (AUTO:4,7) for spelling", "both"}


def test_ablation(titles: dict[int, str], engine: Callable[[], None]) -> None:
    engine()
    print(*table(titles), sep="\n")  # noqa: T201 - what it is for


def table(titles: Mapping[int, str]) -> Iterator[str]:
    yield "| | Elasticsearch: nDCG@10 | found nothing | PostgreSQL: nDCG@10 | found nothing |"
    yield "|---|---|---|---|---|"
    for name, patches in PARTS.items():
        backends = ["elasticsearch"] if name in ONLY_ELASTICSEARCH else ["elasticsearch", "database"]
        cells = [cell for backend in backends for cell in _measured(titles, backend, patches)]
        yield f"| {name} | {' | '.join(cells + ['–'] * (4 - len(cells)))} |"


def _measured(titles: Mapping[int, str], backend: str, patches: list[Any]) -> tuple[str, str]:
    empty = []

    def search(text: str) -> list[str]:
        result = find(SearchRequest(text=text))
        assert result.backend == backend
        empty.extend([text] * (not result.product_ids))
        return [titles[pk] for pk in result.product_ids]

    with _without(patches, backend):
        found = scores(search)
    queries = sum(map(len, found.values()))
    return f"{averages(found)['all']:.3f}", f"{len(empty) / queries:.1%}"


@contextmanager
def _without(patches: list[Any], backend: str) -> Iterator[None]:
    cache.delete_pattern("search:*")
    with ExitStack() as stack:
        for each in patches:
            stack.enter_context(each)
        if backend == "database":
            stack.enter_context(patch.object(django_settings, "ELASTICSEARCH_URL", ""))
        yield
