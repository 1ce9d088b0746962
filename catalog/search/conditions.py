"""
Which products a request means, in SQL.

Every piece of SQL here and in the modules above is a constant; what a shopper chose travels as a parameter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composable, Placeholder

from catalog.search.types import SearchRequest

LISTED = SQL("p.is_listed")
TEXT = SQL("p.search @@ %(match)s::tsquery")
TITLE = SQL("ts_filter(p.search, '{{a}}') @@ %(match)s::tsquery").format()  # implies TEXT, and has its own index
# As the indexes `catalog_product_sample…` have it.
SAMPLE_EVERY = 16
SAMPLED = SQL("mod(hashint8(p.id), 16) = 0")

SORT_COLUMNS = SQL("p.id, p.created_at, p.price, p.rating_average, p.rating_count, p.in_stock, p.units_sold")


@dataclass(frozen=True, slots=True)
class Conditions:
    """`always` hold; those in `facets` may be left out one at a time, to count what else could be chosen."""

    always: tuple[Composable, ...]
    facets: Mapping[str, Composable]
    params: Mapping[str, Any] = field(repr=False)

    @property
    def has_text(self) -> bool:
        return "match" in self.params

    @property
    def has_filters(self) -> bool:
        return bool(self.facets) or self.always != (LISTED,)

    @property
    def only_categories(self) -> bool:
        """Or nothing at all."""
        return not self.has_text and self.always == (LISTED,) and self.facets.keys() <= {"category"}

    def where(self, *, without: str = "") -> Composable:
        facets = (condition for name, condition in self.facets.items() if name != without)
        return SQL(" AND ").join([*self.always, *([TEXT] if self.has_text else []), *facets])

    def where_in_title(self) -> Composable:
        return SQL(" AND ").join([*self.always, TITLE, *self.facets.values()])


def conditions(request: SearchRequest, match: str | None = None) -> Conditions:
    """For a cleaned request; `match` is the tsquery that stands for its text."""
    facets: dict[str, Composable] = {}
    always: list[Composable] = [LISTED]
    if request.category_ids:
        facets["category"] = SQL("p.category_id = ANY(%(category_ids)s::bigint[])")
    if request.min_price is not None or request.max_price is not None:
        ends = (("min_price", SQL("p.price >= %(min_price)s")), ("max_price", SQL("p.price <= %(max_price)s")))
        facets["price"] = SQL(" AND ").join([end for name, end in ends if getattr(request, name) is not None])
    if request.min_rating is not None:
        facets["rating"] = SQL("p.rating_average >= %(min_rating)s")
    if request.tags:
        facets["tag"] = SQL("p.tags && %(tags)s::varchar[]")
    if request.brands:
        facets["brand"] = SQL("p.brand = ANY(%(brands)s::varchar[])")
    if request.in_stock:
        always.append(SQL("p.in_stock"))
    options = {f"options_{number}": list(group) for number, group in enumerate(request.options)}
    always += [SQL("p.options && {}::text[]").format(Placeholder(name)) for name in options]
    if request.seller_id is not None:
        always.append(SQL("p.seller_id = %(seller_id)s"))
    names = ("category_ids", "min_price", "max_price", "min_rating", "tags", "brands", "seller_id")
    params: dict[str, Any] = {name: getattr(request, name) for name in names}
    params |= {name: list(value) for name, value in params.items() if isinstance(value, tuple)} | options
    if match is not None:
        params["match"] = match
    return Conditions(tuple(always), facets, params)


def rows(query: Composable, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
