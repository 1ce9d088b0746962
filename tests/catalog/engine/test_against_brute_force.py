"""Whatever is in the index and whatever is asked: the same answer as looking at every product, and as PostgreSQL's."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from catalog.search import SearchRequest, Sort, find, place
from catalog.search.elastic import engine as elastic
from catalog.search.elastic.client import writer
from catalog.search.elastic.documents import documents
from catalog.search.elastic.sync import live_alias, next_version, write
from tests.catalog.search.test_against_brute_force import (
    BruteForce,
    assert_as_brute_force,
    on_the_shelf,
    products,
    quickly,
    requests,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sort", Sort.values)
@quickly
@given(shelf=st.lists(products, max_size=30), request=requests)
def test_ids_totals_and_facets_are_those_of_brute_force_and_of_postgresql(
    engine: Callable[[], None], sort: str, shelf: list[dict[str, Any]], request: SearchRequest
) -> None:
    with in_the_index(engine, shelf, replace(request, sort=sort)) as (everything, request):
        answer = find(request)
        assert answer.backend == "elasticsearch"
        assert_as_brute_force(answer, everything, request)
        with override_settings(ELASTICSEARCH_URL=""):
            theirs = find(request)
        assert theirs.backend == "database"
        if answer.first:
            assert answer == replace(theirs, backend="elasticsearch")
        else:
            assert answer.facets == theirs.facets


NOT_CHOSEN = {"tags": (), "brands": (), "category_ids": (), "min_rating": None, "min_price": None, "max_price": None}


@quickly
@given(shelf=st.lists(products, min_size=10, max_size=30), request=requests)
def test_facets_that_are_remembered_in_part_are_those_of_brute_force(
    engine: Callable[[], None], shelf: list[dict[str, Any]], request: SearchRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each filter is taken away and put back, and its facet's counts alone are the same."""
    monkeypatch.setattr(elastic, "MANY", 1)
    with in_the_index(engine, shelf, replace(request, text="")) as (everything, request):
        for name, nothing in NOT_CHOSEN.items():
            for each in (replace(request, **{name: nothing}), request):
                assert_as_brute_force(find(each), everything, each)


@pytest.mark.parametrize("sort", [each for each in Sort if each != Sort.RELEVANCE])
@quickly
@given(shelf=st.lists(products, min_size=5, max_size=30))
def test_pages_that_go_on_from_a_place_leave_nothing_out(
    engine: Callable[[], None], sort: Sort, shelf: list[dict[str, Any]]
) -> None:
    with in_the_index(engine, shelf, SearchRequest(sort=sort, page_size=4)) as (everything, request):
        expected = [each.pk for each in BruteForce(everything, request).in_order]
        answer = find(request)
        forwards = [*answer.product_ids]
        while answer.has_next:
            last, answer = answer, find(replace(request, place=place(sort, answer.last)))
            forwards += answer.product_ids
            back = find(replace(request, place=place(sort, answer.first, backwards=True)))
            assert back.product_ids == last.product_ids
        assert forwards == expected


@contextmanager
def in_the_index(
    build: Callable[[], None], shelf: list[dict[str, Any]], request: SearchRequest
) -> Iterator[tuple[list[Product], SearchRequest]]:
    """The products in the database and in the index; nothing stays in either."""
    client = writer()
    if not client.indices.exists_alias(name=live_alias()):
        build()
    with on_the_shelf(shelf, request) as (everything, request):
        ids = [product.pk for product in everything]
        write(client, documents(ids), ids, version=next_version(), targets=[live_alias()])
        client.indices.refresh(index=live_alias())
        yield everything, request
        write(client, {}, ids, version=next_version(), targets=[live_alias()])
