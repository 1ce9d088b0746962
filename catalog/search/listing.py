"""The products of one page, in order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.cache import cache
from psycopg.sql import SQL, Composable, Identifier, Placeholder

from catalog.search.conditions import LISTED, SORT_COLUMNS, Conditions, rows
from catalog.search.counts import MANY, REMEMBERED, Counts, fingerprint
from catalog.search.order import ORDER, beyond, columns, keys_of, order_by, place_params
from catalog.search.types import MAX_DEPTH, SearchRequest, Sort
from catalog.search.wording import Wording

Row = tuple[Any, ...]
RANKED = 120  # products are weighed one by one; best sellers follow
WALKED = 10_000  # rows of an order are read before all that match are put in order instead

_SORTED = SQL(
    "WITH found AS MATERIALIZED (SELECT {columns} FROM catalog_product p WHERE {where}) "
    "SELECT {key} FROM found ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
)
_WALKED = SQL("SELECT {key} FROM ({walked}) AS p WHERE {where} ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s")
_PLAIN = SQL("SELECT {key} FROM ({first}) AS first ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s")
# Each category has an index in each order: take the beginning of each and merge them.
_MERGED = SQL(
    "SELECT {key} FROM unnest(%(category_ids)s::bigint[]) AS wanted(category_id) CROSS JOIN LATERAL ({first}) AS first "
    "ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s"
)
_IN_CATEGORY = SQL("p.category_id = wanted.category_id")
_FIRST = SQL("SELECT {columns} FROM catalog_product p WHERE {where} ORDER BY {order} LIMIT {limit}")
_EITHER = SQL("SELECT * FROM ({}) AS either ORDER BY {order} LIMIT {limit}")
# The best sellers that match: out of the first of all where so many match that some are soon found, else all that match
# are put in order (OFFSET 0). PostgreSQL itself is tempted to walk through all for a few, which takes seconds.
_BEST = SQL(
    "{walked} AS MATERIALIZED (SELECT id FROM ("
    "SELECT * FROM catalog_product p WHERE {listed} ORDER BY {popular} LIMIT %(walked)s"
    ") AS p WHERE {where} ORDER BY {popular} LIMIT %(ranked)s"
    "), {name} AS MATERIALIZED (SELECT id FROM {walked} WHERE (SELECT count(*) FROM {walked}) = %(ranked)s UNION ALL ("
    "SELECT id FROM (SELECT {columns} FROM catalog_product p "
    "WHERE {where} AND (SELECT count(*) FROM {walked}) < %(ranked)s OFFSET 0"
    ") AS found ORDER BY {popular} LIMIT %(ranked)s)) "
)
_CANDIDATES = SQL("WITH {titles}, {others}, candidates AS (SELECT id FROM titles UNION SELECT id FROM others) ")
_TOO_FEW_TITLES = SQL("(SELECT count(*) FROM titles) < %(ranked)s")
# The text decides: what the shop would like to sell (well rated, sold often, in stock) weighs at most 0.4, a title
# that has all the words at least 1.5. Having more of the words comes before everything.
_WEIGHED = SQL(
    "SELECT p.id FROM candidates JOIN catalog_product p USING (id) JOIN catalog_category c ON c.id = p.category_id, "
    "LATERAL (SELECT ts_filter(p.search, '{{a}}') AS title, ts_filter(p.search, '{{a,b}}') AS named, "
    "to_tsvector('english', c.name) AS category OFFSET 0) AS words, "
    "LATERAL (SELECT count(*) FILTER (WHERE p.search @@ part) AS had, "
    "count(*) FILTER (WHERE words.title @@ part) AS titled, "
    "count(*) FILTER (WHERE words.named @@ part) AS named, count(*) FILTER (WHERE words.category @@ part) AS kind "
    "FROM unnest(%(parts)s::tsquery[]) AS part) AS parts "
    "ORDER BY had DESC, (titled = %(part_count)s)::int "
    "+ (0.5 * titled + 0.5 * parts.named + 0.5 * kind) / %(part_count)s "
    "+ ts_rank_cd(p.search, CASE had WHEN %(part_count)s THEN %(every)s::tsquery ELSE %(any)s::tsquery END, 2) "
    "+ 0.5 * word_similarity(%(text)s, lower(p.title)) + 0.25 * similarity(%(text)s, lower(p.title)) "
    "+ 0.1 * ((rating_average * rating_count + 20 * 3.5) / (rating_count + 20) - 3.5) / 1.5 "
    "+ 0.1 * ln(1 + least(units_sold, 10000)) / ln(10001) + 0.2 * in_stock::int DESC, p.id DESC LIMIT %(ranked)s"
)


def reachable(counted: Counts) -> int:
    """How many products of a list can be paged through."""
    return min(counted.total, MAX_DEPTH) if counted.is_exact else MAX_DEPTH


def page_of_keys(
    request: SearchRequest, asked: Conditions, counted: Counts, wording: Wording | None
) -> tuple[list[Row], bool]:
    """What the order goes by in the page's rows, the id last, and whether there is another page after it."""
    offset = 0 if request.place else (request.page - 1) * request.page_size
    limit = request.page_size + 1
    if wording and request.sort == Sort.RELEVANCE:
        ids = _by_relevance(request, asked, counted, wording, offset, limit)
        return [(pk,) for pk in ids[: limit - 1]], len(ids) == limit and offset + limit <= MAX_DEPTH
    found = _in_order(request, asked, counted, offset, limit)
    if request.place and request.place.backwards:
        return found[: limit - 1][::-1], True
    return found[: limit - 1], len(found) == limit


def _in_order(request: SearchRequest, asked: Conditions, counted: Counts, offset: int, limit: int) -> list[Row]:
    keys = keys_of(request.sort, request.place)
    ranges = beyond(keys) if request.place else ()
    params = {**asked.params, "limit": limit, "offset": offset, "reach": offset + limit, "walked": WALKED}
    if request.place:
        params |= place_params(keys, request.place)
    where, order = asked.where(), order_by(keys)

    def first(columns: Composable, where: Composable, limit: str) -> Composable:
        """The first rows, of each range the first."""
        pieces = {"columns": columns, "order": order, "limit": Placeholder(limit)}
        if len(ranges) < 2:
            return _FIRST.format(where=_all(where, *ranges), **pieces)
        parts = [SQL("({})").format(_FIRST.format(where=_all(where, each), **pieces)) for each in ranges]
        return _EITHER.format(SQL(" UNION ALL ").join(parts), order=order, limit=Placeholder(limit))

    pieces = {"key": columns(keys), "order": order}
    if asked.only_categories or not counted.is_exact:
        if "category" in asked.facets and not asked.has_text:
            in_category = _all(asked.where(without="category"), _IN_CATEGORY)
            return rows(_MERGED.format(first=first(SORT_COLUMNS, in_category, "reach"), **pieces), params)
        if asked.only_categories:
            return rows(_PLAIN.format(first=first(SORT_COLUMNS, where, "reach"), **pieces), params)
        # A price to begin with is where a walk by price begins.
        listed = (
            _all(LISTED, asked.facets["price"]) if keys[0].column == "price" and "price" in asked.facets else LISTED
        )
        found = rows(_WALKED.format(walked=first(SQL("*"), listed, "walked"), where=where, **pieces), params)
        if len(found) == limit:
            return found
    somewhere = SQL("({})").format(SQL(" OR ").join(ranges)) if ranges else LISTED
    return rows(_SORTED.format(columns=SORT_COLUMNS, where=_all(where, somewhere), **pieces), params)


def _all(*conditions: Composable) -> Composable:
    return SQL(" AND ").join(conditions)


def _by_relevance(
    request: SearchRequest, asked: Conditions, counted: Counts, wording: Wording, offset: int, limit: int
) -> list[int]:
    if counted.total < MANY:
        ranked = _ranked(asked, counted, wording)
    else:  # the weighing, as the counts, may be a minute old
        key = f"search:ranked:{fingerprint(asked)}"
        ranked = cache.get_or_set(key, lambda: _ranked(asked, counted, wording), REMEMBERED)
    ids = ranked[offset : offset + limit]
    if len(ids) < limit and len(ranked) >= RANKED:
        ids += _after(ranked, request, asked, counted, max(offset - len(ranked), 0), limit - len(ids))
    return ids


def _ranked(asked: Conditions, counted: Counts, wording: Wording) -> list[int]:
    titles, others = asked.where_in_title(), _all(asked.where(), _TOO_FEW_TITLES)
    query = (
        _CANDIDATES.format(titles=best_sellers("titles", titles), others=best_sellers("others", others))
        + _WEIGHED.format()
    )
    params = {
        **asked.params,
        "ranked": RANKED,
        "walked": 0 if counted.is_exact else WALKED,
        "parts": list(wording.parts),
        "part_count": len(wording.parts),
        "every": wording.every,
        "any": wording.any,
        "text": wording.text.lower(),
    }
    return [row[0] for row in rows(query, params)]


def best_sellers(name: str, where: Composable) -> Composable:
    """For a WITH: the ids of those that match. Parameters: `ranked`, how many; `walked`, of how many to look first."""
    return _BEST.format(
        name=Identifier(name),
        walked=Identifier(f"{name}_walked"),
        where=where,
        listed=LISTED,
        columns=SORT_COLUMNS,
        popular=ORDER[Sort.POPULAR],
    )


def _after(
    ranked: Sequence[int], request: SearchRequest, asked: Conditions, counted: Counts, offset: int, limit: int
) -> list[int]:
    """The best sellers among the rest."""
    rest = replace(
        asked,
        always=(*asked.always, SQL("p.id <> ALL(%(ranked)s::bigint[])")),
        params={**asked.params, "ranked": list(ranked)},
    )
    found = _in_order(replace(request, sort=Sort.POPULAR), rest, counted, offset, limit)
    return [row[-1] for row in found]
