"""How many products there are, and how many each further choice would leave."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from django.core.cache import cache
from psycopg.sql import SQL, Composable, Identifier, Literal

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
_TOTAL = SQL("SELECT 'total', NULL, count(*) FROM {rows}")
_NAMED = SQL("{} AS MATERIALIZED ({})")
_COUNTED = SQL("SELECT {}, * FROM ({}) AS counted(facet, value, count)")


@dataclass(frozen=True, slots=True)
class Counts:
    total: int
    is_exact: bool
    facets: Facets


class _Source(NamedTuple):
    """The products of which some facets are counted: those that meet all conditions but the facet's own."""

    where: Composable
    facets: Sequence[str]
    key: str


class _Counted(NamedTuple):
    """Of one source: how many products, and facet → value → how many of them."""

    total: int
    is_exact: bool
    facets: dict[str, dict[str, int]]


def counts(request: SearchRequest, asked: Conditions) -> Counts:
    """Exact up to some thousands, then estimated from a sample. Large ones may be minutes old."""
    sources = _sources(asked)
    remembered = cache.get_many([source.key for source in sources.values()])
    counted = {name: _Counted(*remembered[each.key]) for name, each in sources.items() if each.key in remembered}
    if missing := {name: source for name, source in sources.items() if name not in counted}:
        counted |= _count(asked, missing)
        for name, source in missing.items():
            if counted[name].total >= MANY:
                seconds = REMEMBERED if counted[name].is_exact else REMEMBERED_ESTIMATES
                cache.set(source.key, tuple(counted[name]), seconds)
    found = {facet: values for each in counted.values() for facet, values in each.facets.items()}
    facets = replace(named_facets(request, found), is_exact=all(each.is_exact for each in counted.values()))
    return Counts(counted["every"].total, counted["every"].is_exact, facets)


def fingerprint(asked: Conditions, *, without: str = "") -> str:
    """The same for whatever finds the same products."""
    left_out = {"category": ["category_ids"], "price": ["min_price", "max_price"], "rating": ["min_rating"]}
    params = {name: value for name, value in asked.params.items() if name not in left_out.get(without, ())}
    said = json.dumps([*map(str, asked.always), without in asked.facets, params], default=str, sort_keys=True)
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


def _sources(asked: Conditions) -> dict[str, _Source]:
    free = [name for name in _GROUPED if name not in asked.facets]
    sources = {"every": _Source(asked.where(), free, f"search:counts:{fingerprint(asked)}")}
    for name in asked.facets:
        key = f"search:counts:{name}:{fingerprint(asked, without=name)}"
        sources[f"without_{name}"] = _Source(asked.where(without=name), [name], key)
    return sources


def _count(asked: Conditions, sources: Mapping[str, _Source]) -> dict[str, _Counted]:
    """All in one statement, after one that tells which sources have too many products for it."""
    dense = _dense(asked, sources)
    params = {
        **asked.params,
        "band_ends": [band.low for band in PRICE_BANDS[1:]],
        "rating_steps": list(RATING_STEPS),
        "tag_sample_every": TAG_SAMPLE_EVERY,
    }
    found: dict[str, dict[str, dict[str, int]]] = {name: {} for name in sources}
    for name, facet, value, count in rows(_statement(sources, dense), params):
        if dense[name]:
            count = _rounded(count * (TAG_SAMPLE_EVERY if facet == "tag" else SAMPLE_EVERY))
        found[name].setdefault(facet, {})[value or ""] = count
    return {name: _counted(found[name], is_exact=not dense[name]) for name in sources}


def _statement(sources: Mapping[str, _Source], dense: Mapping[str, bool]) -> Composable:
    """Rows of source, facet, value and count; the facet "total" has no value."""
    named: list[Composable] = []
    wanted: list[Composable] = []
    for name, source in sources.items():
        table = Identifier(name)
        query = _SAMPLED_ROWS.format(SAMPLED, source.where) if dense[name] else _ROWS.format(source.where)
        named.append(_NAMED.format(table, query))
        grouped = [_TOTAL.format(rows=table)]
        for facet in source.facets:
            if dense[name] and facet == "tag":
                named.append(_NAMED.format(Identifier("tagged"), _SAMPLED_TAGS.format(table)))
                grouped.append(_GROUPED[facet].format(rows=Identifier("tagged")))
            else:
                grouped.append(_GROUPED[facet].format(rows=table))
        wanted += [_COUNTED.format(Literal(name), each) for each in grouped]
    return SQL("WITH {} {}").format(SQL(", ").join(named), SQL(" UNION ALL ").join(wanted))


def _counted(found: dict[str, dict[str, int]], *, is_exact: bool) -> _Counted:
    total = found.pop("total")[""]
    return _Counted(total if is_exact else _rounded(total * 9 // 10), is_exact, found)


def _dense(asked: Conditions, sources: Mapping[str, _Source]) -> dict[str, bool]:
    query = SQL("(SELECT count(*) FROM (SELECT FROM catalog_product p WHERE {} AND {} LIMIT %(dense)s) AS sampled)")
    columns = [query.format(SAMPLED, source.where) for source in sources.values()]
    found = rows(SQL("SELECT {}").format(SQL(", ").join(columns)), {**asked.params, "dense": DENSE_SAMPLE})
    return {name: count == DENSE_SAMPLE for name, count in zip(sources, found[0], strict=True)}


def named_facets(request: SearchRequest, found: Mapping[str, Mapping[str, int]]) -> Facets:
    """`found` has for each facet the values (of price the band's number) that any product has, and how many."""

    def listed(name: str, values: Mapping[V, str], *, chosen: Iterable[V] = ()) -> tuple[FacetCount[V], ...]:
        counted = found.get(name, {})
        kept = {value: counted.get(key, 0) for value, key in values.items() if key in counted or value in chosen}
        return tuple(FacetCount(value, count) for value, count in kept.items())

    def frequent(name: str, chosen: Sequence[str]) -> tuple[FacetCount[str], ...]:
        counted = sorted(found.get(name, {}).items(), key=lambda item: (-item[1], item[0]))
        values = dict.fromkeys([value for value, _ in counted] + list(chosen))
        return listed(name, {value: value for value in values}, chosen=chosen)

    bands = {band: str(index) for index, band in enumerate(PRICE_BANDS)}
    categories = [FacetCount(int(key), count) for key, count in found.get("category", {}).items()]
    return Facets(
        categories=tuple(sorted(categories, key=lambda each: (-each.count, each.value))),
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
