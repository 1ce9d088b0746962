"""What a request is in the engine's language."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.conf import settings

from catalog.search import wording as words
from catalog.search.elastic.documents import hundredths, microseconds, paise
from catalog.search.order import Key, keys_of
from catalog.search.types import MAX_DEPTH, PRICE_BANDS, RATING_STEPS, Relaxed, SearchRequest, Sort

Query = dict[str, Any]
MAX_WAYS = 150  # to say all words of a text: the engine refuses queries of more than a thousand pieces
WEIGHED_WAYS = 4  # to say one word, of which the best counts
SYNONYM = 0.8  # of what the word itself is worth
TIE = 0.3  # of what a word is worth in fields beside the best one
MERIT = 0.3  # of the text's score is added at most for what the shop would like to sell
HAS_WORD = 1000.0  # more than all else together: having more of the words comes before everything
VALUES = 20  # that a facet names
MANY_CATEGORIES = 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """A text in parts; each is the ways to say one of its words."""

    text: str
    parts: tuple[tuple[str, ...], ...]

    @property
    def every(self) -> Query:
        return {"bool": {"filter": self._has()}}

    def looser(self) -> Iterator[Query]:
        """All parts but one, then half of them, then any: the same steps as PostgreSQL's."""
        count = min(len(self.parts), words.MAX_LOOSE_PARTS)
        most, half = count - 1, (count + 1) // 2
        wanted = {most, half if count <= 6 else most, 1} - {0, len(self.parts)}
        for number in sorted(wanted, reverse=True):
            yield {"bool": {"should": self._has()[:count], "minimum_should_match": number}}

    def _has(self) -> list[Query]:
        most = max(MAX_WAYS // len(self.parts), 1)
        return [either(*(_said(way) for way in ways[:most])) for ways in self.parts]

    def worth(self, *, relaxed: Relaxed) -> Query:
        """The text decides, what the shop would like to sell only among equals."""
        texts: list[Query] = [{"dis_max": {"queries": list(_weighed(ways))}} for ways in self.parts]
        if len(self.parts) > 1:
            texts.append({"match_phrase": {"title": {"query": self.text, "slop": 2, "boost": 2}}})
        scored: Query = {
            "function_score": {
                "query": {"bool": {"should": texts}},
                "functions": [
                    {"filter": {"match_all": {}}, "weight": 1},
                    {"field_value_factor": {"field": "merit", "factor": MERIT, "missing": 0}},
                ],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        }
        had = self._has() if relaxed == Relaxed.ANY_WORD else []
        return {"bool": {"should": [scored, *({"constant_score": {"filter": has, "boost": HAS_WORD}} for has in had)]}}


def asked(text: str) -> Asked:
    found = words.wording(text)
    return Asked(text, found.ways)


def either(*queries: Query) -> Query:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def _said(way: str) -> Query:
    return {"match_phrase": {"all": way}} if " " in way else {"match": {"all": {"query": way, "operator": "and"}}}


def _weighed(ways: Sequence[str]) -> Iterator[Query]:
    fields = [f"{field}^{weight}" for field, weight in settings.SEARCH_WEIGHTS.items()]
    for number, way in enumerate(ways[:WEIGHED_WAYS]):
        kind: Query = {"type": "phrase"} if " " in way else {"type": "best_fields", "operator": "and"}
        worth = SYNONYM if number else 1
        yield {"multi_match": {"query": way, "fields": fields, "tie_breaker": TIE, "boost": worth, **kind}}


def always(request: SearchRequest) -> list[Query]:
    """What no facet may leave out."""
    found: list[Query] = []
    if request.in_stock:
        found.append({"term": {"in_stock": 1}})
    found += [{"terms": {"options": list(group)}} for group in request.options]
    if request.seller_id is not None:
        found.append({"term": {"seller_id": request.seller_id}})
    return found


def filters(request: SearchRequest) -> dict[str, Query]:
    """By facet."""
    found: dict[str, Query] = {}
    if request.category_ids:
        found["category"] = {"terms": {"category_id": list(request.category_ids)}}
    price = {}
    if request.min_price is not None:
        price["gte"] = _whole(request.min_price, ROUND_CEILING)
    if request.max_price is not None:
        price["lte"] = _whole(request.max_price, ROUND_FLOOR)
    if price:
        found["price"] = {"range": {"price": price}}
    if request.min_rating is not None:
        found["rating"] = {"range": {"rating_average": {"gte": _whole(Decimal(request.min_rating), ROUND_CEILING)}}}
    if request.tags:
        found["tag"] = {"terms": {"tags.exact": list(request.tags)}}
    if request.brands:
        found["brand"] = {"terms": {"brand.exact": list(request.brands)}}
    return found


def _whole(value: Decimal, rounding: str) -> int:
    """In hundredths."""
    return int((value * 100).to_integral_value(rounding))


def facets(request: SearchRequest, names: Collection[str]) -> Query:
    """Each is counted among what all chosen filters but its own leave; `body` leaves out the rest before."""
    chosen = {facet: query for facet, query in filters(request).items() if facet in names}
    values = _values(request)
    return {name: {"filter": {"bool": {"filter": _without(name, chosen)}}, "aggs": values[name]} for name in names}


def counted(request: SearchRequest, match: Query | None) -> dict[str, Query]:
    """By facet, all that its counts depend on."""
    chosen, always_there = filters(request), unfaceted(request, match)
    return {
        name: {"query": [*always_there, *_without(name, chosen)], "aggs": values}
        for name, values in _values(request).items()
    }


def _without(name: str, chosen: Mapping[str, Query]) -> list[Query]:
    return [query for facet, query in chosen.items() if facet != name]


def _values(request: SearchRequest) -> dict[str, Query]:
    bands = [
        {"key": str(number), "from": paise(band.low), **({"to": paise(band.high) + 1} if band.high else {})}
        for number, band in enumerate(PRICE_BANDS)
    ]
    steps = {str(step): {"range": {"rating_average": {"gte": 100 * step}}} for step in RATING_STEPS}
    return {
        "category": {"values": {"terms": {"field": "category_id", "size": MANY_CATEGORIES}}},
        "price": {"values": {"range": {"field": "price", "ranges": bands}}},
        "rating": {"values": {"filters": {"filters": steps}}},
        "tag": _most("tags.exact", request.tags),
        "brand": _most("brand.exact", request.brands),
    }


def _most(field: str, chosen: Sequence[str]) -> Query:
    order = [{"_count": "desc"}, {"_key": "asc"}]
    found: Query = {"values": {"terms": {"field": field, "size": VALUES + 1, "order": order}}}  # one may be ""
    if chosen:
        found["chosen"] = {"terms": {"field": field, "include": list(chosen), "size": len(chosen)}}
    return found


def order(request: SearchRequest) -> list[dict[str, str]]:
    if request.sort == Sort.RELEVANCE:
        return [{"_score": "desc"}, {"id": "desc"}]
    return [{key.column: "desc" if key.falls else "asc"} for key in keys_of(request.sort, request.place)]


def place(request: SearchRequest) -> list[int] | None:
    """Where the page begins, as the engine orders by it."""
    if request.place is None:
        return None
    keys = keys_of(request.sort, request.place)
    return [_as_stored(key, value) for key, value in zip(keys, request.place.values, strict=True)]


def _as_stored(key: Key, value: Any) -> int:
    stored = {"price": paise, "rating_average": hundredths, "created_at": microseconds}.get(key.column, int)(value)
    return min(max(stored, -(2**63)), 2**63 - 1)


def body(
    request: SearchRequest, match: Query | None, worth: Query | None, *, counting: Collection[str] = ()
) -> dict[str, Any]:
    """
    All of one page in one question.

    A facet is counted among products that its own filter leaves out: such filters hold for the page alone
    (`post_filter`). All others narrow down what the engine looks at.

    :param counting: the facets to count.
    """
    chosen = filters(request)
    after = [query for facet, query in chosen.items() if facet in counting]
    before = [query for facet, query in chosen.items() if facet not in counting]
    query: Query = {"bool": {"filter": [*unfaceted(request, match), *before]}}
    if worth and request.sort == Sort.RELEVANCE:
        query["bool"]["should"] = [worth]
    found: dict[str, Any] = {
        "query": query,
        "sort": order(request),
        "track_total_hits": MAX_DEPTH,
        "source": False,
    }
    if after:
        found["post_filter"] = {"bool": {"filter": after}}
    if counting:
        found["aggs"] = facets(request, counting)
    if (behind := place(request)) is not None:
        return {**found, "search_after": behind, "size": request.page_size + 1}
    return {**found, "from_": (request.page - 1) * request.page_size, "size": request.page_size}


def unfaceted(request: SearchRequest, match: Query | None) -> list[Query]:
    """What no facet may leave out, the text included."""
    return [*([match] if match else []), *always(request)]


def hits_of(match: Query, *, up_to: int) -> dict[str, Any]:
    return {"query": {"bool": {"filter": [match]}}, "size": 0, "track_total_hits": up_to}


def parts_had(parts: Mapping[str, Query]) -> dict[str, Any]:
    return {"size": 0, "track_total_hits": False, "aggs": {"had": {"filters": {"filters": dict(parts)}}}}
