"""The search box with the engine; what both engines propose alike is in `tests/catalog/search/test_suggesting.py`."""

import pytest

from catalog.models import Product
from catalog.search import suggest
from catalog.search.elastic import engine as elastic
from catalog.search.elastic.client import writer
from catalog.search.elastic.sync import live_alias
from catalog.tasks import rebuild_vocabulary, sync_search
from tests.catalog.search.shelf import shelve

pytestmark = pytest.mark.django_db


def products(text: str) -> list[str]:
    return [each.text for each in suggest(text) if each.kind == "product"]


def test_what_was_just_put_on_sale_is_proposed_before_its_words_are_known(engine):
    engine()
    shelve("Xylophone with mallets")[0].save()
    sync_search()
    writer().indices.refresh(index=live_alias())
    assert products("xylo") == products("mallets xyl") == ["Xylophone with mallets"]
    assert products("xylo bras") == []


def test_what_is_no_longer_on_sale_is_not_proposed_before_the_index_knows(engine):
    shelve("Brass lantern", "Clay lantern")
    rebuild_vocabulary()
    engine()
    Product.objects.filter(title="Brass lantern").update(is_listed=False)
    assert products("lant") == ["Clay lantern"]


def test_while_the_engine_is_away_postgresql_proposes_within_the_same_request(engine, settings, monkeypatch):
    shelve("Brass lantern")
    rebuild_vocabulary()
    engine()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    for _ in range(3):
        assert products("lant") == ["Brass lantern"]
    monkeypatch.setattr(elastic, "_suggest", None)
    assert products("lant") == ["Brass lantern"], "nobody asks any more"


def test_many_words_of_which_the_last_is_short_are_no_trouble(engine):
    shelve(*[f"Lamp la{chr(97 + n)}x table" for n in range(14)])
    rebuild_vocabulary()
    engine()
    assert len(elastic.suggest("table lamp " * 5 + "la", 20)) > 10
