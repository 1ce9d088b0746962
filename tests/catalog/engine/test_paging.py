"""Pages while products come, change and go: what stays as it is, is shown once."""

import itertools

import pytest

from catalog.models import Product
from catalog.search import SearchRequest, SearchResult, find, place
from catalog.search.elastic.client import writer
from catalog.search.elastic.sync import live_alias
from catalog.search.types import MAX_DEPTH
from catalog.tasks import sync_search
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db
SIZE = 5


def publish() -> None:
    sync_search()
    writer().indices.refresh(index=live_alias())


def disturb(numbers: itertools.count, products: list[Product]) -> None:
    """One comes, one goes, one changes: in front of the reader, and behind."""
    number = next(numbers)
    shelve({"title": f"New lamp {number}", "price": 1 + number * 37})[0].save()
    gone, changed = products[3 * number], products[3 * number + 1]
    gone.is_listed, gone.status = False, "draft"
    gone.save()
    changed.price, changed.units_sold = 1 + number * 91, number * 7
    changed.save()
    publish()


@pytest.mark.parametrize("sort", ["newest", "price", "-price", "popular", "rating"])
def test_pages_from_place_to_place_show_once_what_nobody_touches(engine, sort):
    products = shelve(*[{"title": f"Lamp {n}", "price": 10 + n * 11 % 170, "units_sold": n % 7} for n in range(60)])
    engine()
    numbers, seen = itertools.count(), list[int]()
    page: SearchResult = find(SearchRequest(text="lamp", sort=sort, page_size=SIZE))
    seen += page.product_ids
    while page.has_next:
        assert page.backend == "elasticsearch"
        if len(seen) < 50:
            disturb(numbers, products)
        request = SearchRequest(text="lamp", sort=sort, page_size=SIZE, place=place(sort, page.last))
        page = find(request)
        seen += page.product_ids
    untouched = [product.pk for number, product in enumerate(products) if number % 3 == 2]
    assert sorted(pk for pk in seen if pk in set(untouched)) == sorted(untouched)


def test_pages_by_relevance_are_the_same_as_long_as_nothing_changes(engine):
    shelve(*["Brass lamp"] * 23, *["Lamp of brass and clay"] * 20)
    engine()
    pages = [
        find(SearchRequest(text="brass lamp", page=number, page_size=SIZE)).product_ids
        for number in [*range(1, 10), *range(1, 10)]
    ]
    assert pages[:9] == pages[9:]
    shown = [pk for page in pages[:9] for pk in page]
    assert len(shown) == len(set(shown)) == 43


def test_the_deepest_page_by_relevance_is_an_answer_and_the_one_after_it_too(engine):
    shelve("Brass lamp")
    engine()
    for size in (24, 100, 7):
        for page in (MAX_DEPTH // size, MAX_DEPTH // size + 1, 10**9):
            answer = find(SearchRequest(text="lamp", page=page, page_size=size))
            assert (answer.backend, answer.page, answer.total) == ("elasticsearch", 1, 1)
