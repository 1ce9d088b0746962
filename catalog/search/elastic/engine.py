"""Elasticsearch as the engine: the same questions and answers as PostgreSQL (`catalog.search.database`)."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from elasticsearch import ApiError, TransportError

from catalog.search import database
from catalog.search.counts import MANY, REMEMBERED, named_facets
from catalog.search.elastic import asking, typeahead
from catalog.search.elastic.asking import Asked, Query
from catalog.search.elastic.client import reader
from catalog.search.elastic.documents import moment
from catalog.search.elastic.sync import live_alias
from catalog.search.order import keys_of
from catalog.search.reading import ENOUGH, Means, Reading, read_anew
from catalog.search.types import MAX_DEPTH, Facets, Relaxed, SearchRequest, SearchResult, Sort, Suggestion
from catalog.search.wording import single_words
from pymart.common.breaker import Breaker, Open

R = TypeVar("R")


class Away(Exception):
    """The engine does not answer, or not in time, or is left alone for a while."""


class _Late(Exception):
    """It answered for a part of the index."""


_breaker = Breaker("search", counted=(TransportError, ApiError, _Late))


def find(request: SearchRequest) -> SearchResult:
    """
    Answer a cleaned request.

    :raises Away:
    """
    return _tried(_find, request)


def suggest(text: str, limit: int) -> list[Suggestion]:
    """:raises Away:"""
    return _tried(_suggest, text, limit)


def _tried(function: Callable[..., R], *args: object) -> R:
    try:
        return _breaker.call(function, *args)
    except (Open, TransportError, ApiError, _Late) as error:
        raise Away from error


def _suggest(text: str, limit: int) -> list[Suggestion]:
    with database.limited_to(database.SECONDS_WHILE_TYPING):
        return typeahead.suggest(_ask, text, limit)


def _find(request: SearchRequest) -> SearchResult:
    if not request.text:
        return _answer(request, None)
    wording = asking.asked(request.text)
    if not wording.parts:
        return SearchResult(backend="elasticsearch")
    reading = Reading(wording, wording.every)
    found = _answer(request, reading)
    found = replace(found, total_as_typed=found.total)
    if found.total >= ENOUGH:
        return found
    with database.limited_to(database.SECONDS):  # the vocabulary is there
        other = read_anew(_OWN, request, reading, _hits(reading.match))
    return found if other is reading else replace(_answer(request, other), total_as_typed=found.total)


def _answer(request: SearchRequest, reading: Reading[Asked, Query] | None) -> SearchResult:
    match = reading.match if reading else None
    worth = reading.wording.worth(relaxed=reading.relaxed) if reading else None
    keys = _facet_keys(request, match)
    remembered = cache.get_many(keys.values())
    aggregations = {name: remembered[key] for name, key in keys.items() if key in remembered}
    answer = _ask(**asking.body(request, match, worth, counting=[name for name in keys if name not in aggregations]))
    total = answer["hits"]["total"]
    if counted := answer.get("aggregations", {}):
        aggregations |= counted
        many = {keys[name]: each for name, each in counted.items() if each["doc_count"] >= MANY}
        cache.set_many(many, REMEMBERED)  # as PostgreSQL's counts, they may be a minute old
    if not request.place and request.page > (pages := _pages(request, total["value"])):
        request = replace(request, page=pages)
        answer = _ask(**asking.body(request, match, worth))
    keys, has_next = _page(request, answer["hits"]["hits"], total["value"])
    has_places = bool(keys) and request.sort != Sort.RELEVANCE
    return SearchResult(
        product_ids=tuple(key[-1] for key in keys),
        total=total["value"],
        total_is_exact=total["relation"] == "eq",
        facets=_facets(request, aggregations),
        suggestion=reading.suggestion if reading else "",
        relaxed=reading.relaxed if reading else Relaxed.NOTHING,
        looked_for=single_words(reading.wording.parts) if reading else (),
        page=request.page,
        has_next=has_next,
        first=keys[0] if has_places else (),
        last=keys[-1] if has_places else (),
        backend="elasticsearch",
    )


def _ask(**body: Any) -> Any:
    patience = f"{int(settings.SEARCH_TIMEOUT * 1000)}ms"
    answer: Any = reader().search(index=live_alias(), timeout=patience, allow_partial_search_results=False, **body)
    if answer["timed_out"]:
        raise _Late
    return answer


def _facet_keys(request: SearchRequest, match: Query | None) -> dict[str, str]:
    """The same for questions that count the same products in the same way, whatever their order, page or worth."""
    said = {name: json.dumps(each, sort_keys=True).encode() for name, each in asking.counted(request, match).items()}
    index = live_alias()
    return {
        name: f"search:index-facets:{index}:{name}:{hashlib.blake2b(each, digest_size=16).hexdigest()}"
        for name, each in said.items()
    }


def _pages(request: SearchRequest, total: int) -> int:
    return max(-(-min(total, MAX_DEPTH) // request.page_size), 1)


def _page(request: SearchRequest, hits: Sequence[Any], total: int) -> tuple[list[tuple[Any, ...]], bool]:
    """What the order goes by in the page's rows, the id last, and whether there is another page after it."""
    keys = [_key(request, hit) for hit in hits]
    if request.place:
        keys, has_more = keys[: request.page_size], len(keys) > request.page_size
        return (keys[::-1], True) if request.place.backwards else (keys, has_more)
    reached = request.page * request.page_size
    deepest = request.sort == Sort.RELEVANCE and reached + request.page_size + 1 > MAX_DEPTH
    return keys, reached < total and not deepest


def _key(request: SearchRequest, hit: Any) -> tuple[Any, ...]:
    """As PostgreSQL has the values."""
    if request.sort == Sort.RELEVANCE:
        return (hit["sort"][-1],)
    named = zip(keys_of(request.sort), hit["sort"], strict=True)
    return tuple(_READ.get(key.column, int)(value) for key, value in named)


def _rupees(value: int) -> Decimal:
    return Decimal(value).scaleb(-2)


_READ: Mapping[str, Callable[[int], Any]] = {
    "price": _rupees,
    "rating_average": _rupees,
    "created_at": moment,
    "in_stock": bool,
}


def _facets(request: SearchRequest, answer: Any) -> Facets:
    found: dict[str, dict[str, int]] = {}
    for name in ("category", "price", "tag", "brand"):
        buckets = [row for row in answer[name]["values"]["buckets"] if row["key"] != ""][: _limit(name)]
        buckets += answer[name].get("chosen", {"buckets": []})["buckets"]
        found[name] = {str(row["key"]): row["doc_count"] for row in buckets if row["doc_count"]}
    steps = answer["rating"]["values"]["buckets"]
    found["rating"] = {step: row["doc_count"] for step, row in steps.items() if row["doc_count"]}
    return named_facets(request, found)


def _limit(facet: str) -> int | None:
    return asking.VALUES if facet in ("tag", "brand") else None


def _hits(match: Query) -> int:
    """How many products there are in the whole shop, up to enough."""
    return min(int(_ask(**asking.hits_of(match, up_to=ENOUGH))["hits"]["total"]["value"]), ENOUGH)


def _known(wording: Asked) -> Asked:
    parts = {str(number): replace(wording, parts=(part,)).every for number, part in enumerate(wording.parts)}
    answer = _ask(**asking.parts_had(parts))
    had = answer["aggregations"]["had"]["buckets"]
    return replace(
        wording, parts=tuple(part for number, part in enumerate(wording.parts) if had[str(number)]["doc_count"])
    )


_OWN = Means(asking.asked, _hits, _known, asking.either)
