"""The engine's manners: few statements, an end to each, and no need of Redis."""

import logging
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from catalog.search import SearchRequest, counts, database, find, suggest
from catalog.search.database import SearchUnavailable
from catalog.search.types import Facets
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db
LANTERN = {"title": "Brass lantern", "tags": ["new"], "rating_average": 4}


def statements(wishes: dict[str, Any]) -> int:
    cache.delete_pattern("search:*")
    with CaptureQueriesContext(connection) as captured:
        find(SearchRequest(**wishes))
    return len(asked(captured))


def asked(captured: CaptureQueriesContext) -> list[dict[str, str]]:
    """Without what is asked twice a minute, whoever searches: the staff's synonyms."""
    return [query for query in captured if not {"SAVEPOINT", '"catalog_searchsynonym"'} & {*query["sql"].split()}]


@pytest.mark.parametrize(
    ("wishes", "most"),
    [
        ({}, 5),
        ({"text": "brass lantern"}, 6),
        ({"text": "lantern", "tags": ("new",), "min_rating": 1, "brands": ("",), "sort": "price"}, 6),
    ],
)
def test_the_number_of_statements_does_not_grow_with_the_shop(wishes: dict[str, Any], most: int) -> None:
    shelve(*[LANTERN] * 12)
    few = statements(wishes)
    shelve(*[LANTERN] * 60)
    assert statements(wishes) <= few <= most


def test_typeahead_asks_few_statements() -> None:
    shelve(*[LANTERN] * 12)
    rebuild_vocabulary()
    with CaptureQueriesContext(connection) as captured:
        assert suggest("brass lan")
    assert len(asked(captured)) <= 7


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    def sleep(*_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(database, "SECONDS", 0.02)
    monkeypatch.setattr(database, "SECONDS_WHILE_TYPING", 0.02)
    monkeypatch.setattr(database, "_answer", sleep)
    monkeypatch.setattr(database.typeahead, "suggest", sleep)


@pytest.mark.usefixtures("slow")
def test_a_search_that_takes_too_long_is_given_up_and_said() -> None:
    with pytest.raises(SearchUnavailable) as raised:
        find(SearchRequest())
    assert raised.value.status == 503
    assert Product.objects.count() == 0, "the caller's transaction goes on"


@pytest.mark.usefixtures("slow")
def test_typeahead_that_takes_too_long_proposes_nothing() -> None:
    assert suggest("lan") == []


def test_the_callers_settings_are_as_they_were() -> None:
    def current() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting(name) FROM unnest(%s::text[]) AS name", [list(names)])
            return [row[0] for row in cursor.fetchall()]

    names = ("statement_timeout", "jit", "enable_seqscan")
    before = current()
    find(SearchRequest(text="xyzzy"))
    suggest("xyzzy")
    assert current() == before


def test_counts_of_long_lists_are_remembered_a_while_products_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counts, "MANY", 10)
    shelve(*[LANTERN] * 12)
    assert find(SearchRequest(sort="newest")).total == 12
    (new,) = shelve(LANTERN)
    result = find(SearchRequest(sort="newest"))
    assert (result.total, result.product_ids[0]) == (12, new.pk)
    assert find(SearchRequest(tags=("new",))).total == 13, "another question"


def test_counts_of_short_lists_are_always_fresh() -> None:
    shelve(*[LANTERN] * 12)
    assert find(SearchRequest()).total == 12
    shelve(LANTERN)
    assert find(SearchRequest()).total == 13


def test_without_redis_everything_is_counted_anew(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(counts, "MANY", 1)
    caplog.set_level(logging.CRITICAL)
    default = settings.CACHES["default"]
    settings.CACHES = {"default": {**default, "LOCATION": "redis://127.0.0.1:1/0"}}
    shelve(*[LANTERN] * 12)
    result = find(SearchRequest(text="lantern"))
    assert result.total == 12
    assert result.facets != Facets()
