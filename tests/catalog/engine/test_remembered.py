"""Facets of what many products have are counted once a minute."""

import pytest

from catalog.search import SearchRequest, find
from catalog.search.counts import MANY
from catalog.search.elastic import engine as elastic
from tests.catalog.search.shelf import make_category, shelve

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("text", ["", "lamp"])
def test_of_many_products_facets_are_counted_once(engine, monkeypatch, text):
    shelve(*[{"title": "Lamp", "brand": f"Brand {n % 3}", "price": 10 + n} for n in range(MANY + 5)])
    engine()
    bodies: list[dict] = []
    ask = elastic._ask
    monkeypatch.setattr(elastic, "_ask", lambda **body: bodies.append(body) or ask(**body))
    first = find(SearchRequest(text=text))
    second = find(SearchRequest(text=text, page=2, sort="newest"))
    beyond = find(SearchRequest(text=text, page=99))
    assert first.facets == second.facets == beyond.facets
    assert [bool(body.get("aggs")) for body in bodies] == [True, False, False, False]
    assert (second.page, beyond.page, beyond.total) == (2, 5, MANY + 5)
    other = find(SearchRequest(text=text, max_price=99))
    assert other.facets != first.facets
    assert bodies[-1]["aggs"], "they are other products"


def test_pages_of_categories_share_the_counts_of_the_whole_shop(engine, monkeypatch):
    lamps, rugs = make_category("Lamps"), make_category("Rugs")
    shelve(*[{"title": "Lamp", "category": lamps, "price": 10 + n} for n in range(MANY)])
    shelve(*[{"title": "Rug", "category": rugs}] * 3)
    engine()
    bodies: list[dict] = []
    ask = elastic._ask
    monkeypatch.setattr(elastic, "_ask", lambda **body: bodies.append(body) or ask(**body))
    find(SearchRequest(category_ids=(lamps.pk,)))
    found = find(SearchRequest(category_ids=(rugs.pk,)))
    assert [sorted(body["aggs"]) for body in bodies] == [
        ["brand", "category", "price", "rating", "tag"],
        ["brand", "price", "rating", "tag"],
    ]
    assert "post_filter" not in bodies[1], "the engine looks at this category alone"
    assert {each.value: each.count for each in found.facets.categories} == {lamps.pk: MANY, rugs.pk: 3}
    assert sum(each.count for each in found.facets.prices) == found.total == 3


def test_of_few_products_facets_are_counted_anew(engine):
    shelve(*["Lamp"] * 5)
    engine()
    assert find(SearchRequest(text="lamp")).facets.categories[0].count == 5
    shelve("Lamp")
    engine()
    assert find(SearchRequest(text="lamp")).facets.categories[0].count == 6
