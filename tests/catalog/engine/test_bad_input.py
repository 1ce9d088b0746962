"""Whatever arrives, the engine answers it itself: nothing of it is an error that PostgreSQL has to stand in for."""

from collections.abc import Callable

import pytest

from catalog.search import SearchRequest, Sort, find
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import shelve
from tests.catalog.search.test_bad_input import TEXTS, WISHES

pytestmark = pytest.mark.django_db


def test_odd_texts_and_wishes_are_answered(engine: Callable[[], None]) -> None:
    shelve("Cotton kurta", "T-Shirt", "Turmeric", "Rice 5kg")
    rebuild_vocabulary()
    engine()
    asked = [SearchRequest(text=text, sort=sort) for text in TEXTS for sort in (Sort.RELEVANCE, Sort.PRICE)]
    asked += [SearchRequest(text=text, **wishes) for text in ("", "kurta") for wishes in WISHES]
    refused = [request for request in asked if find(request).backend != "elasticsearch"]
    assert refused == []
