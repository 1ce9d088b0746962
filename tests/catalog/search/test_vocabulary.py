import pytest

from catalog.models import Product, SearchWord
from catalog.search.synonyms import synonyms
from catalog.tasks import rebuild_vocabulary
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db


def test_words_of_listed_products_are_counted() -> None:
    shelve(
        {"title": "Brass lantern", "brand": "Asha", "keywords": "gift decor", "description": "unheard"},
        "Brass bowl 500ml 42",
        {"title": "Hidden treasure", "is_listed": False},
    )
    rebuild_vocabulary()
    known = dict(SearchWord.objects.values_list("word", "documents"))
    assert known["brass"] == 2
    assert {"lantern", "asha", "gift", "decor", "bowl"} <= known.keys()
    assert known.keys().isdisjoint({"unheard", "hidden", "42", "500ml"})


def test_words_of_the_synonym_file_are_known() -> None:
    assert rebuild_vocabulary() == SearchWord.objects.count()
    assert set(synonyms().words) <= set(SearchWord.objects.values_list("word", flat=True))


def test_rebuilding_writes_only_what_changed() -> None:
    shelve("Brass lantern", "Clay bowl")
    rebuild_vocabulary()
    Product.objects.filter(title="Clay bowl").delete()
    shelve("Brass spoon")
    rebuild_vocabulary()
    known = dict(SearchWord.objects.values_list("word", "documents"))
    assert known["brass"] == 2
    assert "clay" not in known
