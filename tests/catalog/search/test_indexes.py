"""What must stay quick at a million products goes through the index made for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from psycopg.sql import SQL

from catalog.search import SearchRequest, counts, find, place
from catalog.search.conditions import LISTED, SAMPLED, TEXT, rows
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import make_category, shelve

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The plans of all statements of a search in a shop of some size, whose lists count as long."""
    lamps, bowls = make_category(), make_category()
    for category, noun in ((lamps, "lantern"), (bowls, "bowl")):
        shelve(
            *[
                {"title": f"{colour} {noun} {n}", "units_sold": n, "price": n + 1, "tags": [colour]}
                for n in range(40)
                for colour in ("Brass", "Clay", "Glass", "Teak")
            ],
            category=category,
        )
    rebuild_vocabulary()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")
    monkeypatch.setattr(counts, "DENSE_SAMPLE", 5)

    def explained(**wishes: Any) -> str:
        if "category" in wishes:
            wishes["category_ids"] = ({"lamps": lamps, "bowls": bowls}[wishes.pop("category")].pk,)
        lines: list[str] = []

        def explain(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
            statement = sql if isinstance(sql, str) else sql.as_string(None)
            if "catalog_product p" in statement:
                execute(f"EXPLAIN {statement}", params, many, context)
                lines.extend(row[0] for row in context["cursor"].fetchall())
            return execute(sql, params, many, context)

        with connection.execute_wrapper(explain):
            find(SearchRequest(**wishes))
        return "\n".join(lines)

    return explained


@pytest.mark.parametrize(
    ("wishes", "indexes"),
    [
        ({}, ["sample", "popular"]),
        ({"sort": "newest"}, ["newest"]),
        ({"sort": "price"}, ["catalog_product_price"]),
        ({"sort": "-price"}, ["Backward using catalog_product_price"]),
        ({"sort": "rating"}, ["rated"]),
        ({"category": "lamps"}, ["sample", "cat_popular"]),
        ({"category": "lamps", "sort": "newest"}, ["cat_newest"]),
        ({"category": "lamps", "sort": "price"}, ["cat_price"]),
        ({"category": "lamps", "sort": "-price", "min_rating": 0}, ["Backward using catalog_product_cat_price"]),
        ({"category": "lamps", "sort": "rating"}, ["cat_rated"]),
        ({"text": "brass lantern"}, ["title_words"]),
    ],
    ids=str,
)
def test_a_list_is_read_from_its_index(plans: Callable[..., str], wishes: dict[str, Any], indexes: list[str]) -> None:
    plan = plans(**wishes)
    assert [index for index in indexes if index not in plan] == []
    assert "Seq Scan on catalog_product" not in plan


@pytest.mark.parametrize("category", [{}, {"category": "lamps"}], ids=["shop", "category"])
@pytest.mark.parametrize(
    ("sort", "values", "ranges"),
    [
        ("newest", ["2100-01-01T00:00:00+05:30", 9], ["ROW(created_at, id) < ROW("]),
        ("rating", ["0.00", 0, 2**62], ["ROW(rating_average, rating_count, id) < ROW("]),
        ("popular", [True, 30, 9], ["ROW(in_stock, units_sold, id) < ROW("]),
        ("price", ["20.00", 2**62], ["(price = 20.00) AND (id < ", "(price > 20.00)"]),
        ("-price", ["20.00", 9], ["(price = 20.00) AND (id > ", "(price < 20.00)"]),
    ],
)
def test_a_page_in_the_middle_begins_in_the_middle_of_its_index(
    plans: Callable[..., str], category: dict[str, str], sort: str, values: list[Any], ranges: list[str]
) -> None:
    plan = plans(sort=sort, place=place(sort, values), **category)
    conditions = [line for line in plan.splitlines() if "Index Cond" in line]
    assert [each for each in ranges if not any(each in line.replace("p.", "") for line in conditions)] == []


@pytest.mark.usefixtures("plans")
def test_a_frequent_word_is_counted_in_the_samples_index() -> None:
    query = SQL("EXPLAIN SELECT FROM catalog_product p WHERE {} AND {} AND {}").format(SAMPLED, LISTED, TEXT)
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX catalog_product_search, catalog_product_sample; SET LOCAL enable_seqscan = off")
    assert "catalog_product_sample_text" in str(rows(query, {"match": "'lantern'"}))
