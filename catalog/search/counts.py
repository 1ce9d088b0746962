"""How many products there are, and how many each further choice would leave."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from django.core.cache import cache
from psycopg.sql import SQL, Composable, Identifier

from catalog.search.conditions import SAMPLE_EVERY, SAMPLED, Conditions, rows
from catalog.search.types import PRICE_BANDS, RATING_STEPS, FacetCount, Facets, PriceBand, SearchRequest

# So many in the sample (one product in 16) are five thousand in all: too many to count for one shopper.
DENSE_SAMPLE = 320
# Tags stand in the rows, not in the sample's index: every fourth row has to do.
TAG_SAMPLE_EVERY = SAMPLE_EVERY * 4
MANY = 100  # found products make counting dear enough, and one product's coming or going small enough, …
REMEMBERED = 60  # … to keep the counts for so many seconds, …
REMEMBERED_ESTIMATES = 300  # … and estimates for longer

V = TypeVar("V")
_Found = Mapping[str, Mapping[str | None, int]]

# How the rows (`rows`, of the columns that its facets need) are told apart.
_GROUPED: Mapping[str, Composable] = {
    "category": SQL("SELECT 'category', category_id::text, count(*) FROM {rows} GROUP BY 2"),
    "price": SQL(
        "SELECT 'price', width_bucket(price, %(band_ends)s::numeric[])::text, count(*) FROM {rows} "
        "WHERE price IS NOT NULL GROUP BY 2"
    ),
    "rating": SQL(
        "SELECT 'rating', step::text, count(*) FROM {rows} JOIN unnest(%(rating_steps)s::int[]) AS step "
        "ON rating_average >= step GROUP BY 2"
    ),
    "tag": SQL(
        "(SELECT 'tag', tag, count(*) FROM {rows}, unnest(tags) AS tag GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT 20) UNION "
        "(SELECT 'tag', tag, count(*) FROM {rows}, unnest(tags) AS tag WHERE tag = ANY(%(tags)s::varchar[]) GROUP BY 2)"
    ),
    "brand": SQL(
        "(SELECT 'brand', brand, count(*) FROM {rows} WHERE brand <> '' GROUP BY 2 ORDER BY 3 DESC, 2 LIMIT 20) UNION "
        "(SELECT 'brand', brand, count(*) FROM {rows} WHERE brand = ANY(%(brands)s::varchar[]) GROUP BY 2)"
    ),
}
_ROWS = SQL("SELECT p.id, p.category_id, p.price, p.rating_average, p.brand, p.tags FROM catalog_product p WHERE {}")
# The sample's index has all these columns, so no row is read.
_SAMPLED_ROWS = SQL(
    "SELECT p.id, p.category_id, p.price, p.rating_average, p.brand FROM catalog_product p WHERE {} AND {}"
)
_SAMPLED_TAGS = SQL(
    "SELECT p.tags FROM {} AS sampled JOIN catalog_product p USING (id) "
    "WHERE mod(hashint8(sampled.id), %(tag_sample_every)s) = 0"
)


@dataclass(frozen=True, slots=True)
class Counts:
    total: int
    is_exact: bool
    facets: Facets


def counts(request: SearchRequest, asked: Conditions) -> Counts:
    """Exact up to some thousands, then estimated from a sample. Large ones may be a minute old."""
    key = f"search:counts:{fingerprint(asked)}"
    if isinstance(remembered := cache.get(key), Counts):
        return remembered
    result = _count(request, asked)
    if result.total >= MANY:
        cache.set(key, result, REMEMBERED if result.is_exact else REMEMBERED_ESTIMATES)
    return result


def fingerprint(asked: Conditions) -> str:
    """The same for whatever finds the same products."""
    said = json.dumps([*map(str, asked.always), asked.params], default=str, sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _count(request: SearchRequest, asked: Conditions) -> Counts:
    sources = _sources(asked)
    dense = _dense(asked, sources)
    found = _found(asked, sources, dense)
    exact = not dense["every"]
    total = found["total"][None]
    return Counts(
        total if exact else _rounded(total * 9 // 10),
        exact,
        replace(_facets(request, found), is_exact=not any(dense.values())),
    )


class _Source(NamedTuple):
    """Rows of which facets are counted: those that meet all conditions but the facet's own."""

    where: Composable
    facets: Sequence[str]


def _sources(asked: Conditions) -> dict[str, _Source]:
    sources = {"every": _Source(asked.where(), [name for name in _GROUPED if name not in asked.facets])}
    return sources | {f"without_{name}": _Source(asked.where(without=name), [name]) for name in asked.facets}


def _dense(asked: Conditions, sources: Mapping[str, _Source]) -> dict[str, bool]:
    """Which sources have too many rows to count them all."""
    query = SQL("(SELECT count(*) FROM (SELECT FROM catalog_product p WHERE {} AND {} LIMIT %(dense)s) AS sampled)")
    columns = [query.format(SAMPLED, source.where) for source in sources.values()]
    found = rows(SQL("SELECT {}").format(SQL(", ").join(columns)), {**asked.params, "dense": DENSE_SAMPLE})
    return {name: count == DENSE_SAMPLE for name, count in zip(sources, found[0], strict=True)}


def _found(asked: Conditions, sources: Mapping[str, _Source], dense: Mapping[str, bool]) -> _Found:
    """Facet → value → how many, in one statement; "total" has one value, None."""
    named, counted, scale = [], [SQL("SELECT 'total', NULL, count(*) FROM every")], {}
    if dense["every"]:
        scale["total"] = SAMPLE_EVERY
    for source, (where, facets) in sources.items():
        query = _SAMPLED_ROWS.format(SAMPLED, where) if dense[source] else _ROWS.format(where)
        named.append(SQL("{} AS MATERIALIZED ({})").format(Identifier(source), query))
        for facet in facets:
            table = source
            if dense[source]:
                scale[facet] = SAMPLE_EVERY
                if facet == "tag":
                    table, scale[facet] = "tagged", TAG_SAMPLE_EVERY
                    named.append(SQL("tagged AS MATERIALIZED ({})").format(_SAMPLED_TAGS.format(Identifier(source))))
            counted.append(SQL("({})").format(_GROUPED[facet].format(rows=Identifier(table))))
    params = {
        **asked.params,
        "band_ends": [band.low for band in PRICE_BANDS[1:]],
        "rating_steps": list(RATING_STEPS),
        "tag_sample_every": TAG_SAMPLE_EVERY,
    }
    found: dict[str, dict[str | None, int]] = defaultdict(dict)
    query = SQL("WITH {} {}").format(SQL(", ").join(named), SQL(" UNION ALL ").join(counted))
    for facet, value, count in rows(query, params):
        factor = scale.get(facet, 1)
        found[facet][value] = count if factor == 1 else _rounded(count * factor)
    return found


def _facets(request: SearchRequest, found: _Found) -> Facets:
    def listed(name: str, values: Mapping[V, str], *, chosen: Iterable[V] = ()) -> tuple[FacetCount[V], ...]:
        counted = found.get(name, {})
        kept = {value: counted.get(key, 0) for value, key in values.items() if key in counted or value in chosen}
        return tuple(FacetCount(value, count) for value, count in kept.items())

    def frequent(name: str, chosen: Sequence[str]) -> tuple[FacetCount[str], ...]:
        counted = sorted(found.get(name, {}).items(), key=lambda item: (-item[1], item[0] or ""))
        values = dict.fromkeys([value for value, _ in counted if value] + list(chosen))
        return listed(name, {value: value for value in values}, chosen=chosen)

    bands = {band: str(index) for index, band in enumerate(PRICE_BANDS)}
    categories = sorted(found.get("category", {}).items(), key=lambda item: (-item[1], int(item[0] or 0)))
    return Facets(
        categories=listed("category", {int(key): key for key, _ in categories if key}),
        prices=listed("price", bands, chosen=[band for band in PRICE_BANDS if _is_chosen(band, request)]),
        ratings=listed("rating", {step: str(step) for step in RATING_STEPS}, chosen=filter(None, [request.min_rating])),
        tags=frequent("tag", request.tags),
        brands=frequent("brand", request.brands),
    )


def _is_chosen(band: PriceBand, request: SearchRequest) -> bool:
    return (request.min_price or 0, request.max_price) == band


def _rounded(count: int) -> int:
    """An estimate claims no more than two figures, and never too much."""
    step = 10 ** max(len(str(count)) - 2, 0)
    return count // step * step
