"""Facets of what many products have are counted once a minute."""

import pytest

from catalog.search import SearchRequest, find
from catalog.search.counts import MANY
from catalog.search.elastic import engine as elastic
from tests.catalog.search.shelf import shelve

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


def test_of_few_products_facets_are_counted_anew(engine):
    shelve(*["Lamp"] * 5)
    engine()
    assert find(SearchRequest(text="lamp")).facets.categories[0].count == 5
    shelve("Lamp")
    engine()
    assert find(SearchRequest(text="lamp")).facets.categories[0].count == 6
